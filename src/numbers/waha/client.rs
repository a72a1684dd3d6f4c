//! The door to one gateway: builds requests, sends them through the breaker, and sorts what comes back.

use super::error::{Error, Result, is_wahas};
use super::json;
use crate::kit::http::{self, BadUrl, Breaker, Permit, checked_url};
use crate::kit::secret::Secret;
use actix_web::web::Bytes;
use reqwest::header::HeaderValue;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// No JSON answer is larger, except from something that is not a gateway.
const LARGEST_ANSWER: u64 = 32 * 1024 * 1024;

/// One gateway and the key to it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Waha(Arc<Door>);

#[derive(Debug, Clone)]
struct Door {
    base: Url,
    api_key: Option<Secret<HeaderValue>>,
    patience: Patience,
    breaker: Arc<Breaker>,
}

/// How long to wait for an answer. The gateway itself waits 10 s before it says that a session is not ready.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    pub usual: Duration,
    /// For calls that queue up behind others on the same session: 5 s of waiting, 30 s of work.
    pub locked: Duration,
    pub media: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { usual: Duration::from_secs(20), locked: Duration::from_secs(35), media: Duration::from_secs(90) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadGateway {
    #[error(transparent)]
    Url(#[from] BadUrl),
    #[error("The API key holds characters that no header can carry.")]
    Key,
}

impl Waha {
    pub fn new(base_url: &str, api_key: Option<Secret<String>>) -> Result<Self, BadGateway> {
        let base = checked_url(base_url)?;
        let api_key = api_key.filter(|key| !key.expose().is_empty()).map(header).transpose()?;
        let breaker = Breaker::of(base.as_str().trim_end_matches('/'));
        Ok(Self(Arc::new(Door { base, api_key, patience: Patience::default(), breaker })))
    }

    pub fn with_patience(self, patience: Patience) -> Self {
        Self(Arc::new(Door { patience, ..(*self.0).clone() }))
    }

    pub fn with_breaker(self, breaker: Arc<Breaker>) -> Self {
        Self(Arc::new(Door { breaker, ..(*self.0).clone() }))
    }

    pub fn base(&self) -> &Url {
        &self.0.base
    }

    /// Whether the gateway has stopped answering, so that pages can say so without asking it.
    pub fn is_down(&self) -> bool {
        self.0.breaker.is_open()
    }

    /// For how long the gateway is left alone, since it does not answer.
    pub fn rest(&self) -> Option<Duration> {
        self.0.breaker.rest()
    }

    pub(super) fn patience(&self) -> Patience {
        self.0.patience
    }

    pub(super) fn get(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(super) fn post(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub(super) fn put(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    pub(super) fn delete(&self, path: &[&str]) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// A URL of this gateway, and of no other.
    pub(super) fn url(&self, path: &str, query: Option<&str>) -> Url {
        let mut url = self.0.base.clone();
        url.set_path(&format!("{}/{path}", self.0.base.path().trim_end_matches('/')));
        url.set_query(query);
        url
    }

    pub(super) fn call_url(&self, method: Method, url: Url) -> Call<'_> {
        let request = http::client().request(method, url);
        let request = match &self.0.api_key {
            Some(key) => request.header("x-api-key", key.expose().clone()),
            None => request,
        };
        Call { waha: self, request: Ok(request), patience: self.0.patience.usual }
    }

    fn call(&self, method: Method, path: &[&str]) -> Call<'_> {
        let segments: Option<Vec<String>> = path.iter().map(|segment| encoded(segment)).collect();
        match segments {
            Some(segments) => self.call_url(method, self.url(&segments.join("/"), None)),
            None => {
                let refusal = Error::refused(400, "This name or id cannot be part of an address.");
                Call { waha: self, request: Err(refusal), patience: Duration::ZERO }
            }
        }
    }
}

/// One request on its way.
pub(super) struct Call<'a> {
    waha: &'a Waha,
    request: Result<RequestBuilder>,
    patience: Duration,
}

impl Call<'_> {
    pub(super) fn query(self, pairs: &[(&str, &str)]) -> Self {
        Self { request: self.request.map(|request| request.query(pairs)), ..self }
    }

    pub(super) fn body(self, body: &Value) -> Self {
        Self { request: self.request.map(|request| request.json(body)), ..self }
    }

    pub(super) fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The answer's JSON; Null where the body is empty, as after a delete.
    pub(super) async fn json(self) -> Result<Value> {
        let (permit, response) = self.start().await?;
        match read(response, LARGEST_ANSWER).await {
            Ok(body) if body.is_empty() => {
                permit.answered();
                Ok(Value::Null)
            }
            Ok(body) => {
                permit.answered();
                serde_json::from_slice(&body).map_err(|_| Error::Unknown("the answer is not readable".into()))
            }
            Err(error) => {
                permit.failed();
                Err(error)
            }
        }
    }

    /// A successful response whose body is still to come, with the right to say how that went.
    pub(super) async fn start(self) -> Result<(Permit, Response)> {
        let request = self.request?.timeout(self.patience);
        let permit = self.waha.0.breaker.enter().map_err(|wait| {
            Error::Unreachable(format!("it did not answer lately; the next try is in {} s", wait.as_secs().max(1)))
        })?;
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                permit.failed();
                return Err(lost(&error));
            }
        };
        if response.status().is_success() {
            return Ok((permit, response));
        }
        Err(refusal(permit, response).await)
    }
}

/// Reads an answer that is no success. A clear no proves that the gateway is alive; a bare 5xx proves nothing.
async fn refusal(permit: Permit, response: Response) -> Error {
    let status = response.status().as_u16();
    let body = read(response, LARGEST_ANSWER).await.ok();
    let body: Option<Value> = body.and_then(|body| serde_json::from_slice(&body).ok());
    if status < 500 || status == 501 || body.as_ref().is_some_and(is_wahas) {
        permit.answered();
    } else {
        permit.failed();
    }
    Error::from_answer(status, body.as_ref())
}

/// Reads a body up to a limit.
async fn read(mut response: Response, limit: u64) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = next_chunk(&mut response).await? {
        if (body.len() + chunk.len()) as u64 > limit {
            return Err(Error::TooLarge(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(super) async fn next_chunk(response: &mut Response) -> Result<Option<Bytes>> {
    response.chunk().await.map_err(|error| lost(&error))
}

/// Sorts a transport failure. Only one that happened while connecting is sure to have reached nobody; the connect
/// time-out is one of those, so this has to be asked before the time-outs.
fn lost(error: &reqwest::Error) -> Error {
    if error.is_builder() {
        return Error::refused(400, "The request could not be put together.");
    }
    if error.is_connect() {
        let why = if error.is_dns() {
            "its name does not resolve to an allowed address"
        } else if error.is_timeout() {
            "it took too long to connect"
        } else {
            "the connection was refused"
        };
        return Error::Unreachable(why.into());
    }
    let why = if error.is_timeout() { "it took too long" } else { "the connection broke" };
    Error::Unknown(why.into())
}

fn header(key: Secret<String>) -> Result<Secret<HeaderValue>, BadGateway> {
    let mut value = HeaderValue::from_str(key.expose()).map_err(|_| BadGateway::Key)?;
    value.set_sensitive(true);
    Ok(Secret::new(value))
}

/// One path segment with everything unusual escaped (`@` as `%40`). None for what would climb or vanish.
fn encoded(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.chars().all(|c| c == '.') {
        return None;
    }
    let mut text = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(byte.into()),
            _ => write!(text, "%{byte:02X}").ok()?,
        }
    }
    Some(text)
}

/// A field that an answer must have to be of use.
pub(super) fn required(answer: &Value, field: &str) -> Result<String> {
    json::text(&answer[field]).ok_or_else(|| Error::Unknown(format!("the answer has no {field}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_about_a_gateway_prints_its_key() {
        let waha = Waha::new("http://waha:3000", Some(Secret::new("hunter2".into()))).unwrap();

        assert!(!format!("{waha:?} {:?}", waha.get(&["ping"]).request).contains("hunter2"));
    }

    #[test]
    fn a_base_may_have_a_path_and_segments_are_escaped() {
        for base in ["http://waha:3000/gate", "http://waha:3000/gate/"] {
            let call = |path: &[&str]| Waha::new(base, None).unwrap().get(path).request?.build().map_err(|e| lost(&e));
            let request = call(&["api", "shop", "chats", "1@c.us", "a/b?c"]).unwrap();
            assert_eq!(request.url().as_str(), "http://waha:3000/gate/api/shop/chats/1%40c.us/a%2Fb%3Fc");
            assert_eq!(call(&["api", "sessions", ".."]).unwrap_err().refused_with(), Some(400));
            assert_eq!(call(&["api", "sessions", ""]).unwrap_err().refused_with(), Some(400));
        }
    }

    #[test]
    fn bad_gateways_are_refused() {
        assert_eq!(Waha::new("ftp://waha", None).unwrap_err(), BadGateway::Url(BadUrl::Scheme));
        assert_eq!(Waha::new("http://169.254.169.254", None).unwrap_err(), BadGateway::Url(BadUrl::Forbidden));
        assert_eq!(Waha::new("http://waha", Some(Secret::new("a\nb".into()))).unwrap_err(), BadGateway::Key);
    }
}
