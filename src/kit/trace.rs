//! One line per request in the log (at level debug), under an id that error pages and audit entries show too; and its metrics.

use super::html::RequestId;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use std::time::Instant;
use tracing::Instrument;
use uuid::Uuid;

/// Middleware, outermost.
pub async fn request(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let id = Uuid::now_v7().to_string();
    req.extensions_mut().insert(RequestId(id.clone()));
    let (method, path) = (req.method().clone(), req.path().to_owned());
    let start = Instant::now();
    let span = tracing::info_span!("request", %id, %method, path = shown(&path));
    let outcome = async {
        let outcome = next.call(req).await;
        let status = outcome.as_ref().map_or(500, |response| response.status().as_u16());
        let pattern = outcome.as_ref().ok().and_then(|response| response.request().match_pattern());
        let elapsed = start.elapsed();
        let labels = [
            ("method", method.to_string()),
            ("route", pattern.unwrap_or_else(|| "none".into())),
            ("status", status.to_string()),
        ];
        metrics::counter!("http_requests_total", &labels).increment(1);
        metrics::histogram!("http_request_seconds", "route" => labels[1].1.clone()).record(elapsed.as_secs_f64());
        tracing::debug!(status, milliseconds = elapsed.as_millis() as u64, "answered");
        outcome
    };
    let mut response = outcome.instrument(span).await?;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

/// One-time links are secrets, so their tokens stay out of the log.
fn shown(path: &str) -> &str {
    match path.starts_with("/welcome/") {
        true => "/welcome/…",
        false => path,
    }
}
