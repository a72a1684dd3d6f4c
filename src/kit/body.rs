//! Request bodies, read with a limit, a deadline and a minimum rate: actix has no such clock, and a thousand clients
//! that send a byte a second would otherwise hold a thousand connections.

use super::error::{Error, Result};
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// The longest a sender may stay silent.
pub(super) const SILENCE: Duration = Duration::from_secs(10);
/// After this time a body must have come at [`RATE`] or faster.
const GRACE: Duration = Duration::from_secs(10);
/// Bytes per second.
const RATE: u64 = 1024;
/// How long an answer may take to be sent.
const HELD: Duration = Duration::from_secs(5);

/// # Errors
/// `TooLarge` over `limit` bytes; `Invalid` when the sender stalls, crawls or breaks off.
pub async fn read<S>(stream: S, limit: usize) -> Result<Bytes>
where
    S: Stream<Item = std::result::Result<Bytes, PayloadError>> + Unpin,
{
    read_within(stream, limit, SILENCE).await
}

async fn read_within<S>(mut stream: S, limit: usize, silence: Duration) -> Result<Bytes>
where
    S: Stream<Item = std::result::Result<Bytes, PayloadError>> + Unpin,
{
    let mut body = BytesMut::new();
    let start = Instant::now();
    loop {
        let chunk = match timeout(silence, stream.next()).await {
            Err(_) => return Err(Error::Invalid("The request came too slowly.".into())),
            Ok(None) => return Ok(body.freeze()),
            Ok(Some(chunk)) => chunk.map_err(refusal)?,
        };
        if body.len() + chunk.len() > limit {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
        if is_crawling(start.elapsed(), body.len()) {
            return Err(Error::Invalid("The request came too slowly.".into()));
        }
    }
}

pub(super) fn is_crawling(elapsed: Duration, bytes: usize) -> bool {
    elapsed > GRACE && (bytes as u64) < elapsed.as_secs() * RATE
}

pub(super) fn refusal(cause: PayloadError) -> Error {
    match cause {
        PayloadError::Overflow => Error::TooLarge,
        other => Error::Invalid(format!("The request broke off: {other}.")),
    }
}

/// Middleware: holds what nobody read of a body until the answer was sent. actix ends a connection whose body is unread
/// by then; a chunked body that was dropped before, it would go on reading for as long as the sender likes.
pub async fn hold(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let unread = Unread(Rc::new(RefCell::new(req.take_payload())));
    if unread.is_there() {
        req.set_payload(Payload::Stream { payload: Box::pin(Unread(unread.0.clone())) });
    }
    let answer = next.call(req).await;
    if unread.is_there() {
        actix_web::rt::spawn(async move {
            sleep(HELD).await;
            drop(unread);
        });
    }
    answer
}

/// A body, until its end has been read.
struct Unread(Rc<RefCell<Payload>>);

impl Unread {
    fn is_there(&self) -> bool {
        !matches!(*self.0.borrow(), Payload::None)
    }
}

impl Stream for Unread {
    type Item = std::result::Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut payload = self.0.borrow_mut();
        let polled = payload.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None)) {
            *payload = Payload::None;
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crawling_sender_is_told_from_a_slow_start() {
        assert!(!is_crawling(Duration::from_secs(9), 1));
        assert!(is_crawling(Duration::from_secs(20), 20));
        assert!(!is_crawling(Duration::from_secs(20), 30_000));
    }

    #[tokio::test]
    async fn a_silent_sender_is_given_up_on() {
        let never = futures_util::stream::pending::<std::result::Result<Bytes, PayloadError>>();
        let silence = Duration::from_millis(1);
        assert!(matches!(read_within(never, 10, silence).await, Err(Error::Invalid(_))));
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_too_large() {
        let chunks = futures_util::stream::iter([Ok(Bytes::from_static(b"12345")), Ok(Bytes::from_static(b"678"))]);
        assert!(matches!(read(chunks, 7).await, Err(Error::TooLarge)));
    }
}
