//! What machines ask about this process: `/healthz`, `/readyz`.

use crate::kit::access::Machine;
use crate::kit::error::Result;
use actix_web::HttpResponse;

/// The process lives.
pub async fn healthz(_: Machine) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok")
}

/// The database answers and has every migration of this program.
pub async fn readyz(machine: Machine) -> Result<HttpResponse> {
    let pending = machine.db.run(crate::migrations::pending).await;
    Ok(match pending {
        Ok(0) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready"),
        Ok(pending) => HttpResponse::ServiceUnavailable().body(format!("{pending} migrations are missing")),
        Err(_) => HttpResponse::ServiceUnavailable().body("the database is away"),
    })
}
