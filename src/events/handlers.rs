//! `/events`: the stream that tells a browser what changed.

use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::Result;
use crate::kit::live::{Hub, Listener};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

pub async fn index(access: Access<OwnAccount>, hub: Data<Hub>, req: HttpRequest) -> Result<HttpResponse> {
    let last_id = req.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let listener = Listener { tenant: Some(access.tenant()), session: access.who().session };
    Ok(hub.subscribe(listener, last_id).answer())
}
