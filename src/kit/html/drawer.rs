//! The drawer over a page (`ui/drawer.html`, static/js/drawer.js): a form that is fetched into it comes back into it when it
//! is refused, and is answered by this once it was kept.

use super::{Frame, show_fragment};
use crate::kit::error::{Error, Result};
use actix_web::HttpResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use askama::Template;
use serde_json::{Map, Value};

const HX_TRIGGER: HeaderName = HeaderName::from_static("hx-trigger");

/// What the target of a form in the drawer is called.
pub const DRAWER: &str = "drawer_body";

/// Leaves the drawer empty, which closes it, and says in a toast what was done and how to take it back.
#[derive(Template)]
#[template(path = "ui/kept.html")]
struct Kept<'a> {
    told: &'a str,
    undo: Option<&'a str>,
}

/// `events` are those of the live stream that the change makes: what is behind the drawer fetches itself anew at once, even
/// while the stream is down. `undo` is where a form goes that takes the change back.
pub fn show_kept(frame: &Frame, told: &str, undo: Option<&str>, events: &[String]) -> Result<HttpResponse> {
    let named: Map<String, Value> = events.iter().map(|event| (format!("live:{event}"), Value::Null)).collect();
    let header = HeaderValue::from_str(&Value::Object(named).to_string()).map_err(Error::unexpected)?;
    let mut answer = show_fragment(frame, &Kept { told, undo })?;
    answer.headers_mut().insert(HX_TRIGGER, header);
    Ok(answer)
}
