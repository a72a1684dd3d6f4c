//! Files that come in: in a form (multipart, whose first field is the token that `csrf` looks for, and whose last is the
//! file), or as a whole body. They are read piece by piece, so that a file of any size passes through a few kilobytes.

use super::body;
use super::error::{Error, Result};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::stream::{self, StreamExt};
use std::future::{Ready, ready};
use tokio::time::{Instant, timeout};

/// Bytes within which a form's first field has to end.
const FIRST: usize = 4096;
/// Room for what stands around the file: its head, and the fields before it.
const AROUND: u64 = 64 * 1024;

/// Whether a body comes in parts.
pub(super) fn is_one(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// The value of a body's first field, if that is called `name`, and the body, of which nothing is lost.
pub(super) async fn first_field(mut payload: Payload, name: &str) -> Result<(Option<String>, Payload)> {
    let mut head = BytesMut::new();
    while head.len() < FIRST && value_of(&head, name).is_none() {
        match next(&mut payload).await? {
            Some(bytes) => head.extend_from_slice(&bytes),
            None => break,
        }
    }
    let value = value_of(&head, name);
    let whole = stream::iter([Ok(head.freeze())]).chain(payload);
    Ok((value, Payload::Stream { payload: Box::pin(whole) }))
}

async fn next(payload: &mut Payload) -> Result<Option<Bytes>> {
    let slow = |_| Error::Invalid("The request came too slowly.".into());
    timeout(body::SILENCE, payload.next()).await.map_err(slow)?.transpose().map_err(body::refusal)
}

/// The first field's value, once it is there whole.
fn value_of(head: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(&head[..head.len().min(FIRST)]);
    let (field, rest) = text.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once("\r\n")?;
    field.contains(&format!("name=\"{name}\"")).then(|| value.to_owned())
}

/// A form with one file, or a body that is one. Extract it after `Access`, which looks at the token.
pub struct Upload {
    headers: HeaderMap,
    payload: Payload,
}

/// What is known of a file that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// As the browser calls it, without folders; may be empty.
    pub name: String,
    pub bytes: u64,
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self { headers: req.headers().clone(), payload: payload.take() }))
    }
}

impl Upload {
    /// What the body says to be, in small letters and without parameters; empty where it is compressed, or says nothing.
    pub fn kind(&self) -> String {
        let is_plain = self.headers.get(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
        let kind = self.headers.get(CONTENT_TYPE).filter(|_| is_plain).and_then(|value| value.to_str().ok());
        kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    fn declared(&self) -> Option<u64> {
        self.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
    }

    /// The body as it is, as a file of that name.
    pub fn whole(self, name: &str) -> Incoming {
        Incoming { name: plain_name(name), declared: self.declared(), source: Source::Body(self.payload) }
    }

    /// The file's name, before its content is read; None where the form has no file called `field`, or nobody chose one.
    ///
    /// # Errors
    /// `Invalid` when the body is no such form.
    pub async fn begin(self, field: &str) -> Result<Option<Incoming>> {
        let (declared, mut parts) = (self.declared(), Multipart::new(&self.headers, self.payload));
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(refusal)?;
            let name = part.content_disposition().and_then(|head| head.get_filename()).map(plain_name);
            if part.name() == Some(field) {
                return Ok(name.filter(|name| !name.is_empty()).map(|name| Incoming {
                    name,
                    declared,
                    source: Source::Part(Box::new(part), parts),
                }));
            }
            while let Some(bytes) = part.next().await {
                bytes.map_err(refusal)?;
            }
        }
        Ok(None)
    }
}

/// A file that begins to come.
pub struct Incoming {
    pub name: String,
    declared: Option<u64>,
    source: Source,
}

enum Source {
    /// With the body that it is read from, which has to stay alive.
    Part(Box<Field>, #[allow(dead_code)] Multipart),
    Body(Payload),
}

impl Source {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        match self {
            Self::Part(part, _) => part.next().await.map(|piece| piece.map_err(refusal)),
            Self::Body(payload) => payload.next().await.map(|piece| piece.map_err(body::refusal)),
        }
    }
}

impl Incoming {
    /// Hands each piece to `take`, in order.
    ///
    /// # Errors
    /// `TooLarge` over `limit` bytes, after as much again was read and thrown away, so that a browser gets to read the
    /// answer; `Invalid` when the sender stalls, crawls or breaks off; and what `take` fails with.
    pub async fn read<F>(mut self, limit: u64, mut take: F) -> Result<Received>
    where
        F: AsyncFnMut(Bytes) -> Result<()>,
    {
        let mut is_over = self.declared.is_some_and(|declared| declared > limit + AROUND);
        let (start, mut bytes) = (Instant::now(), 0_u64);
        loop {
            let slow = |_| Error::Invalid("The file came too slowly.".into());
            let Some(piece) = timeout(body::SILENCE, self.source.next()).await.map_err(slow)? else { break };
            let piece = piece?;
            bytes += piece.len() as u64;
            is_over |= bytes > limit;
            if bytes > limit.saturating_mul(2) {
                return Err(Error::TooLarge);
            }
            if body::is_crawling(start.elapsed(), usize::try_from(bytes).unwrap_or(usize::MAX)) {
                return Err(Error::Invalid("The file came too slowly.".into()));
            }
            if !is_over {
                take(piece).await?;
            }
        }
        if is_over { Err(Error::TooLarge) } else { Ok(Received { name: self.name, bytes }) }
    }
}

/// Without folders and control characters, and not longer than a column.
pub(super) fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|char| !char.is_control()).take(255).collect::<String>().trim().to_owned()
}

fn refusal(cause: MultipartError) -> Error {
    Error::Invalid(format!("The form cannot be read: {cause}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    const BODY: &str = "--x\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\nabc\r\n--x\r\n\
                        Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1;2\r\n--x--\r\n";

    fn payload(pieces: Vec<&'static str>) -> Payload {
        let pieces = stream::iter(pieces.into_iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))));
        Payload::Stream { payload: Box::pin(pieces) }
    }

    #[actix_web::test]
    async fn the_first_field_is_found_in_however_many_pieces_and_nothing_is_lost() {
        for at in [1, 30, 70, BODY.len()] {
            let (before, after) = BODY.split_at(at);
            let (token, mut rest) = first_field(payload(vec![before, after]), "csrf_token").await.unwrap();
            let mut whole = Vec::new();
            while let Some(piece) = rest.next().await {
                whole.extend_from_slice(&piece.unwrap());
            }
            assert_eq!((token.as_deref(), whole.as_slice()), (Some("abc"), BODY.as_bytes()), "{at}");
        }
    }

    #[actix_web::test]
    async fn another_field_is_not_taken_for_it() {
        let (token, _) = first_field(payload(vec![BODY]), "file").await.unwrap();
        assert_eq!(token, None);
    }

    async fn received(limit: u64) -> (Result<Received>, Vec<u8>) {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        let upload = Upload { headers, payload: payload(vec![BODY]) };
        assert_eq!(upload.kind(), "multipart/form-data");
        let incoming = upload.begin("file").await.unwrap().unwrap();
        let mut taken = Vec::new();
        let received = incoming.read(limit, async |piece: Bytes| {
            taken.extend_from_slice(&piece);
            Ok(())
        });
        let received = received.await;
        (received, taken)
    }

    #[actix_web::test]
    async fn a_file_is_handed_on_up_to_its_limit() {
        let (file, taken) = received(3).await;
        assert_eq!((file.unwrap(), taken.as_slice()), (Received { name: "a.csv".into(), bytes: 3 }, &b"1;2"[..]));
        assert!(matches!(received(2).await.0, Err(Error::TooLarge)));
    }

    #[actix_web::test]
    async fn a_body_that_is_the_file_is_read_up_to_its_limit() {
        for (limit, fits) in [(5, true), (4, false)] {
            let upload = Upload { headers: HeaderMap::new(), payload: payload(vec!["1;2", "\r\n"]) };
            let incoming = upload.whole("../people.csv");
            assert_eq!(incoming.name, "people.csv");
            let received = incoming.read(limit, async |_| Ok(())).await;
            assert_eq!(received.is_ok_and(|received| received.bytes == 5), fits, "{limit}");
        }
    }

    #[test]
    fn a_name_has_no_folders() {
        assert_eq!(plain_name("C:\\Users\\ada\\kunden.csv"), "kunden.csv");
        assert_eq!(plain_name("../../etc/pass\u{0}wd"), "passwd");
    }
}
