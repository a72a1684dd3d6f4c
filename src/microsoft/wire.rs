//! One request to the authority: bounded in time and size, never repeated, through the breaker.

use super::trouble::Trouble;
use crate::kit::http::{self, Breaker, checked_url};
use oauth2::http::StatusCode;
use oauth2::{HttpRequest, HttpResponse};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Bytes; Microsoft's longest answer, its keys, has some 20,000.
const LARGEST: usize = 256 * 1024;

#[derive(Debug, Clone)]
pub struct Wire {
    pub patience: Duration,
    pub breaker: Arc<Breaker>,
}

impl Wire {
    pub async fn get<T: DeserializeOwned>(&self, url: &Url) -> Result<T, Trouble> {
        let request = oauth2::http::Request::get(url.as_str()).header("accept", "application/json").body(Vec::new());
        let answer = self.send(request.map_err(|_| Trouble::Unreached)?).await?;
        match answer.status() {
            StatusCode::OK => serde_json::from_slice(answer.body()).map_err(|_| Trouble::Strange),
            _ => Err(Trouble::Failing),
        }
    }

    /// As `oauth2` wants its client. What is no answer of the authority itself is no answer.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        // Resolved names are guarded by the client; an address that is spelt out is guarded here.
        let mut base = Url::parse(&request.uri().to_string()).map_err(|_| Trouble::Unreached)?;
        base.set_query(None);
        checked_url(base.as_str()).map_err(|_| Trouble::Unreached)?;
        let permit = self.breaker.enter().map_err(|_| Trouble::Unreached)?;
        let answer = self.exchange(request).await;
        match answer {
            Err(Trouble::Unreached | Trouble::Lost | Trouble::Failing) => permit.failed(),
            _ => permit.answered(),
        }
        answer
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        let mut request = reqwest::Request::try_from(request).map_err(|_| Trouble::Unreached)?;
        *request.timeout_mut() = Some(self.patience);
        let mut answer = http::client().execute(request).await.map_err(|cause| sort(&cause))?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Trouble::Failing);
        }
        let mut response = oauth2::http::Response::builder().status(status);
        if let Some(kind) = answer.headers().get("content-type") {
            response = response.header("content-type", kind);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| Trouble::Lost)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Trouble::Strange);
            }
            body.extend_from_slice(&chunk);
        }
        response.body(body).map_err(|_| Trouble::Strange)
    }
}

fn sort(cause: &reqwest::Error) -> Trouble {
    match cause.is_connect() || cause.is_builder() {
        true => Trouble::Unreached,
        false => Trouble::Lost,
    }
}
