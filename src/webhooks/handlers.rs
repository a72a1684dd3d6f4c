//! `POST /webhooks/waha/{number}`.

use super::model::{self, Delivery};
use super::routes::Routes;
use crate::kit::access::Webhook;
use crate::kit::body;
use crate::kit::error::{Error, Result};
use crate::kit::vault::Vault;
use crate::numbers::waha::signature_matches;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::Arc;

/// Bytes; WAHA sends files by address, never inside.
pub const LIMIT: usize = 5 * 1024 * 1024;

pub async fn create(
    webhook: Webhook,
    routes: Data<Routes>,
    vault: Data<Vault>,
    number: Path<String>,
    req: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse> {
    let id = number.parse().map_err(|_| Error::NotFound)?;
    let route = routes.find(&webhook.db, &vault, id).await?;
    let body = body::read(payload, LIMIT).await?;
    let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok());
    if !signature_matches(route.key.expose(), &body, header("x-webhook-hmac").unwrap_or_default()) {
        return Err(Error::BadSignature);
    }
    let delivery = Arc::new(Delivery::parse(&body, header("x-webhook-request-id"))?);
    let _turn = routes.turn().await?;
    let outcome = model::take(&webhook.db, &route, delivery).await?;
    metrics::counter!("webhooks_total", "outcome" => outcome.word()).increment(1);
    Ok(HttpResponse::Ok().finish())
}
