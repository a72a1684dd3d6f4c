//! One browser's stream of server-sent events.

use super::event::{Event, SESSION_ENDED};
use super::hub::{Place, Signal, Since};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING};
use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::{self, StreamExt};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};
use uuid::Uuid;

/// Keeps proxies from closing a quiet stream, and finds browsers that are gone.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How soon a browser comes back after a broken line, in milliseconds.
const RETRY: u64 = 2000;

/// Whose stream it is.
#[derive(Debug, Clone, Copy)]
pub struct Listener {
    /// `None` hears only the platform's own events.
    pub tenant: Option<crate::kit::tenant::TenantId>,
    /// The user session, whose end ends the stream.
    pub session: Uuid,
}

/// Frames of `text/event-stream`: `live` with `{"kind","id"}`, `resync`, and `bye` at the end.
pub struct Stream(Pin<Box<dyn futures_util::Stream<Item = Bytes> + Send>>);

struct State {
    listener: Listener,
    receiver: Receiver<Signal>,
    waiting: VecDeque<Bytes>,
    heartbeat: Interval,
    is_over: bool,
    _counted: Counted,
}

impl Stream {
    pub(super) fn new(listener: Listener, place: Place, is_stopping: bool) -> Self {
        let mut heartbeat = interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        let Place { receiver, id, since } = place;
        let waiting = VecDeque::from([Bytes::from(format!("retry: {RETRY}\n\n"))]);
        let mut state = State { listener, receiver, waiting, heartbeat, is_over: false, _counted: Counted::new() };
        // A browser keeps the last id it was given, so it gets a newer one only with what that id stands for.
        match since {
            Since::New => state.waiting.push_back(format!("id: {id}\n\n").into()),
            Since::Missed(events) => events.iter().for_each(|event| state.take(event)),
            Since::Unknown => state.waiting.push_back(format!("event: resync\nid: {id}\ndata: {{}}\n\n").into()),
        }
        if is_stopping {
            state.end("stopping");
        }
        Self(Box::pin(stream::unfold(state, |mut state| async move {
            let frame = state.next().await?;
            Some((frame, state))
        })))
    }

    /// The same, ended at `at` as if its session were.
    pub fn until(self, at: DateTime<Utc>) -> Self {
        let left = (at - Utc::now()).to_std().unwrap_or_default();
        let over = stream::once(async { bye("signed_out") });
        Self(Box::pin(self.0.take_until(Box::pin(tokio::time::sleep(left))).chain(over)))
    }

    /// The stream as an answer that neither proxies nor our own compression hold back.
    pub fn answer(self) -> HttpResponse {
        HttpResponse::Ok()
            .content_type("text/event-stream; charset=utf-8")
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((CONTENT_ENCODING, "identity"))
            .insert_header(("X-Accel-Buffering", "no"))
            .streaming(self.map(Ok::<_, Infallible>))
    }
}

impl futures_util::Stream for Stream {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.0.as_mut().poll_next(context)
    }
}

impl State {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.waiting.pop_front() {
                return Some(frame);
            }
            if self.is_over {
                return None;
            }
            tokio::select! {
                signal = self.receiver.recv() => match signal {
                    Ok(Signal::Event(event)) => self.take(&event),
                    Ok(Signal::Resync) | Err(RecvError::Lagged(_)) => self.waiting.push_back(resync()),
                    Ok(Signal::Bye) | Err(RecvError::Closed) => self.end("stopping"),
                },
                _ = self.heartbeat.tick() => self.waiting.push_back(Bytes::from_static(b": beat\n\n")),
            }
        }
    }

    fn take(&mut self, event: &Arc<Event>) {
        if &*event.kind == SESSION_ENDED {
            if event.subject == self.listener.session {
                self.end("signed_out");
            }
        } else if event.tenant == self.listener.tenant.map_or(Uuid::nil(), |tenant| tenant.get()) {
            self.waiting.push_back(live(event));
        }
    }

    fn end(&mut self, reason: &str) {
        self.waiting.push_back(bye(reason));
        self.is_over = true;
    }
}

fn bye(reason: &str) -> Bytes {
    // Spread out, so that a restarted server is not met by everybody at once.
    let wait = rand::random_range(1000..4000);
    format!("event: bye\nretry: {wait}\ndata: {{\"reason\":\"{reason}\",\"retry\":{wait}}}\n\n").into()
}

fn live(event: &Event) -> Bytes {
    let data = serde_json::json!({ "kind": event.kind, "id": event.subject });
    format!("event: live\nid: {}\ndata: {data}\n\n", event.id).into()
}

fn resync() -> Bytes {
    Bytes::from_static(b"event: resync\ndata: {}\n\n")
}

/// The gauge of open streams, which also goes down when actix drops a dead client's.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("event_streams").increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("event_streams").decrement(1.0);
    }
}
