//! `/events`: the stream that tells a browser what changed.

use crate::kit::access::{Access, OwnAccount};
use crate::kit::error::Result;
use crate::kit::live::{Hub, Listener};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

/// Where the page began that asks for its first stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Since {
    page: Option<String>,
}

/// The last event the browser knows of counts for more than the page: it comes from the page's earlier stream.
pub async fn index(
    access: Access<OwnAccount>,
    hub: Data<Hub>,
    Query(since): Query<Since>,
    req: HttpRequest,
) -> Result<HttpResponse> {
    let last_id = req.headers().get("last-event-id").and_then(|value| value.to_str().ok());
    let listener = Listener { tenant: Some(access.tenant()), session: access.who().session };
    let stream = match (last_id, since.page) {
        (None, Some(place)) => hub.follow(listener, &place),
        (last_id, _) => hub.subscribe(listener, last_id),
    };
    let stream = match access.who().visit() {
        Some(visit) => stream.until(visit.until),
        None => stream,
    };
    Ok(stream.answer())
}
