//! `/api/{session}/auth`: the QR code in three forms, and the pairing code.

use actix_web::http::header::ACCEPT;
use actix_web::web::{Data, Json, Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gateway::Gateway;
use super::ids;
use super::png;
use super::refusals::Refusal;
use super::state::{Engine, PairingCode, Status};

#[derive(Deserialize)]
pub struct Form {
    format: Option<String>,
}

/// An image; the bare value with `format=raw`; base64 in JSON when Accept is exactly `application/json`.
pub async fn qr(
    gateway: Data<Gateway>,
    name: Path<String>,
    form: Query<Form>,
    request: HttpRequest,
) -> Result<HttpResponse, Refusal> {
    gateway.expect(&name, Status::ScanQrCode).await?;
    let value = gateway.read(|world| world.sessions.get(name.as_str())?.qr.clone());
    let value = value.ok_or_else(|| Refusal::not_ready(&name, Some(Status::Starting), Status::ScanQrCode))?;
    if form.format.as_deref() == Some("raw") {
        return Ok(HttpResponse::Ok().json(json!({"value": value})));
    }
    let image = png::qr(&value).map_err(|error| Refusal::unprocessable(&error))?;
    if request.headers().get(ACCEPT).is_some_and(|accept| accept == "application/json") {
        return Ok(HttpResponse::Ok().json(json!({"mimetype": "image/png", "data": STANDARD.encode(image)})));
    }
    Ok(HttpResponse::Ok().content_type("image/png").body(image))
}

/// Eight characters for the phone that was named, while a QR code is shown.
pub async fn request_code(
    gateway: Data<Gateway>,
    name: Path<String>,
    body: Json<Value>,
) -> Result<HttpResponse, Refusal> {
    let phone = ids::digits(body.get("phoneNumber").and_then(Value::as_str).unwrap_or_default());
    if phone.is_empty() {
        return Err(Refusal::bad(vec!["phoneNumber must be a string"]));
    }
    let status = gateway.read(|world| world.sessions.get(name.as_str()).map(|session| session.status));
    match status {
        None | Some(Status::Stopped) => return Err(Refusal::not_running(&name)),
        Some(Status::ScanQrCode) => {}
        Some(other) => {
            let message =
                format!("Can request code only in SCAN_QR_CODE status. The current status is '{}'", other.name());
            return Err(Refusal::unprocessable(&message));
        }
    }
    let has_method = body.get("method").is_some_and(|method| !method.is_null());
    if has_method && gateway.engine() == Engine::Noweb {
        return Err(Refusal::unprocessable("NOWEB engine doesn't support any 'method', remove it and try again"));
    }
    let code = ids::pairing_code();
    gateway.change_session(&name, |session| session.code = Some(PairingCode { phone, code: code.clone() }));
    Ok(HttpResponse::Created().json(json!({"code": code})))
}
