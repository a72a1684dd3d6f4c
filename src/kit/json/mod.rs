//! What programs send: JSON bodies and query parameters, read strictly. What is refused is named, by JSON pointer.

pub mod answers;
mod paging;
mod params;
mod strict;

pub use paging::{List, Paging, Slice};
pub use params::{Params, refused};

use super::body;
use super::error::{Error, Result};
use super::problem::{BLANK, Problem};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Bytes of a body; the longest value that any resource takes fits many times.
const LIMIT: usize = 256 * 1024;

/// Extracts a JSON body. Members that `T` does not know are refused where it says `deny_unknown_fields`.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (kind, payload) = (check_kind(req), payload.take());
        Box::pin(async move {
            kind?;
            parse(&body::read(payload, LIMIT).await?).map(Self)
        })
    }
}

/// For a member that may be absent (None: it stays) or null (Some(None): it goes).
pub fn nullable<'de, T, D>(from: D) -> std::result::Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

/// # Errors
/// 400 for what is no JSON; 422 for what is, and cannot be stored or does not fit `T`.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    typed(strict::read(body)?)
}

fn typed<T: DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut pointer = String::from("#");
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                serde_path_to_error::Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
                _ => {}
            }
        }
        Problem::refused(pointer, plain(&error.inner().to_string())).into()
    })
}

/// A key as RFC 6901 writes it.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// serde's words as a sentence; a parser's own are left out.
fn plain(words: &str) -> String {
    if words.starts_with("UUID parsing failed") {
        return "This is no id.".into();
    }
    let mut chars = words.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).chain(['.']).collect()
}

/// # Errors
/// 415 for anything but JSON in UTF-8 as it is.
fn check_kind(req: &HttpRequest) -> Result<()> {
    let header = |name| req.headers().get(name).map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase());
    let kind = header(CONTENT_TYPE).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let is_json = parts.next() == Some("application/json");
    let is_utf8 = parts.all(|part| matches!(part, "" | "charset=utf-8" | "charset=\"utf-8\""));
    let is_plain = header(CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity");
    match is_json && is_utf8 && is_plain {
        true => Ok(()),
        false => {
            let words = "Send the body as application/json, in UTF-8 and not compressed.";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, BLANK, words).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        name: String,
        #[serde(default)]
        tags: Vec<String>,
    }

    fn refusal(body: &str) -> (u16, String) {
        let Err(Error::Problem(problem)) = parse::<Body>(body.as_bytes()) else { panic!("{body} was taken") };
        let first = problem.members.get("errors").and_then(|errors| errors[0]["pointer"].as_str());
        (problem.status.as_u16(), first.unwrap_or_default().to_owned())
    }

    #[test]
    fn what_fits_is_read() {
        let body: Body = parse(r#"{"name": "Jürgen \ud83d\ude00", "tags": ["a"]}"#.as_bytes()).unwrap();
        assert_eq!((body.name.as_str(), body.tags.len()), ("Jürgen 😀", 1));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(refusal(r#"{"name": 1}"#), (422, "#/name".into()));
        assert_eq!(refusal(r#"{"name": "a", "tags": ["b", null]}"#), (422, "#/tags/1".into()));
        assert_eq!(refusal(r#"{"name": "a", "colour": "red"}"#), (422, "#/colour".into()));
        assert_eq!(refusal(r#"{"name": "a\u0000b"}"#), (422, "#/name".into()));
        assert_eq!(refusal(r#"{"name": "\ud800"}"#), (422, "#/name".into()));
        assert_eq!(refusal(r#"{"name": "a", "name": "b"}"#), (422, "#/name".into()));
        assert_eq!(refusal("[]"), (422, "#".into()));
    }

    #[test]
    fn what_is_no_json_is_refused_as_a_whole() {
        for body in ["", "{", "{} {}", "{\"name\": 1e999}", "\u{feff}{}", "name=a", "{\"name\":\"\u{1}\"}"] {
            assert_eq!(refusal(body).0, 400, "{body}");
        }
        assert!(parse::<Body>(b"\xff\xfe{\0}\0").is_err());
        assert_eq!(refusal(&"[".repeat(100_000)).0, 422);
    }
}
