//! What WAHA says about itself.

use actix_web::HttpResponse;
use actix_web::web::Data;
use chrono::Utc;
use serde_json::json;

use super::gateway::Gateway;
use super::refusals::Refusal;

pub async fn ping() -> HttpResponse {
    HttpResponse::Ok().json(json!({"message": "pong"}))
}

pub async fn health() -> HttpResponse {
    let up = json!({"sessionsFiles.space": {"status": "up"}, "mediaFiles.space": {"status": "up"}});
    HttpResponse::Ok().json(json!({"status": "ok", "info": up, "error": {}, "details": up}))
}

pub async fn version(gateway: Data<Gateway>) -> HttpResponse {
    HttpResponse::Ok().json(gateway.environment())
}

pub async fn status(gateway: Data<Gateway>) -> HttpResponse {
    let uptime = (Utc::now() - gateway.started).num_milliseconds();
    HttpResponse::Ok().json(json!({
        "startTimestamp": gateway.started.timestamp_millis(), "uptime": uptime, "worker": {"id": null},
    }))
}

/// A call of WAHA that is not played here.
pub async fn elsewhere(gateway: Data<Gateway>) -> Result<HttpResponse, Refusal> {
    Err(Refusal::not_implemented(gateway.engine()))
}
