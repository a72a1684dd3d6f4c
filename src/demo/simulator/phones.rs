//! The page of virtual phones: the numbers' own phones, and those of the customers.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentType};
use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use super::files;
use super::gateway::Gateway;
use super::state::{Session, Status};
use super::talk::{self, PersonRow, Talk};
use super::world::World;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// How long the page waits for a change before it asks again.
const POLL: Duration = Duration::from_secs(25);

type House = Data<Gateway>;

#[derive(Debug, Clone, Deserialize, Default)]
pub struct Shown {
    pub number: Option<String>,
    pub customer: Option<String>,
    pub notice: Option<String>,
}

#[derive(Template)]
#[template(path = "simulator/index.html")]
struct Index {
    numbers: Vec<NumberCard>,
    people: Vec<PersonRow>,
    talk: Option<Talk>,
    auto_read: bool,
    step: u8,
    notice: Option<&'static str>,
    version: u64,
    number: String,
    customer: String,
}

/// One number: the phone in the front desk's drawer.
struct NumberCard {
    session: String,
    title: String,
    phone: String,
    status: &'static str,
    tone: &'static str,
    wants_scan: bool,
    wants_code: bool,
    can_be_chosen: bool,
    is_chosen: bool,
    /// Changes with the code, so that the browser fetches the new image.
    code_version: String,
}

pub async fn index(gateway: House, shown: Query<Shown>) -> actix_web::Result<HttpResponse> {
    let version = *gateway.watch().borrow();
    let page = gateway.read(|world| build(world, &shown, version));
    let html = page.render().map_err(actix_web::error::ErrorInternalServerError)?;
    Ok(HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(html))
}

fn build(world: &World, shown: &Shown, version: u64) -> Index {
    let number = chosen_number(world, shown.number.as_deref());
    let customer = shown.customer.clone().or_else(|| world.people.keys().next().cloned()).unwrap_or_default();
    let cards: Vec<_> = world.sessions.values().map(|session| card(session, &number)).collect();
    let talk = talk::open(world, &number, &customer);
    let step = match &talk {
        _ if !world.sessions.values().any(|session| session.status == Status::Working) => 1,
        Some(talk) if talk.has_answer => 4,
        Some(talk) if !talk.bubbles.is_empty() => 3,
        _ => 2,
    };
    Index {
        numbers: cards,
        people: talk::people(world, &number, &customer),
        talk,
        auto_read: world.settings.auto_read,
        step,
        notice: shown.notice.as_deref().and_then(notice),
        version,
        number,
        customer,
    }
}

/// The one asked for, else the first that works, else the first.
fn chosen_number(world: &World, asked: Option<&str>) -> String {
    let known = asked.and_then(|name| world.sessions.get(name));
    let working = || world.sessions.values().find(|session| session.status == Status::Working);
    let session = known.or_else(working).or_else(|| world.sessions.values().next());
    session.map(|session| session.name.clone()).unwrap_or_default()
}

fn card(session: &Session, chosen: &str) -> NumberCard {
    let (status, tone) = match session.status {
        Status::Stopped => ("Stopped", "quiet"),
        Status::Starting => ("Connecting…", "busy"),
        Status::ScanQrCode => ("Not linked yet", "busy"),
        Status::Working => ("Connected", "good"),
        Status::Failed => ("Failed", "bad"),
    };
    let paired = session.me.as_ref();
    NumberCard {
        session: session.name.clone(),
        title: paired.map_or_else(|| "New number".into(), |me| me.push_name.clone()),
        phone: paired.map(|me| talk::pretty_phone(&me.id)).unwrap_or_default(),
        status,
        tone,
        wants_scan: session.status == Status::ScanQrCode,
        wants_code: session.code.is_some(),
        can_be_chosen: paired.is_some(),
        is_chosen: session.name == chosen,
        code_version: session.qr.as_deref().map(version_of).unwrap_or_default(),
    }
}

/// The first letters of a code's key: enough to tell it from the one before.
fn version_of(code: &str) -> String {
    code.chars().skip(2).filter(char::is_ascii_alphanumeric).take(12).collect()
}

/// Fixed sentences only: the address must not put words into the page.
fn notice(key: &str) -> Option<&'static str> {
    match key {
        "code" => Some("That is not the code the desk shows, or it has run out. Ask the desk for a new one."),
        "scan" => Some("That QR code has run out. Wait for the next one, or restart the number in the desk."),
        "phone" => Some("A customer needs a phone number of 7 to 15 digits."),
        "link" => Some("No phone is linked to this number yet. Scan its QR code first."),
        "call" => Some("That call is over, or the number cannot be called now."),
        "gone" => Some("That message or number is no longer there."),
        _ => None,
    }
}

#[derive(Deserialize)]
pub struct Since {
    since: u64,
}

/// Answers as soon as something has changed since then, or after a while.
pub async fn changes(gateway: House, since: Query<Since>) -> HttpResponse {
    let mut bell = gateway.watch();
    let wait = bell.wait_for(|version| *version != since.since);
    // Running out of patience is an answer too: the page asks again.
    let _ = tokio::time::timeout(POLL, wait).await;
    let version = *gateway.watch().borrow();
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).body(version.to_string())
}

/// The QR code that the desk shows, as the phone's camera sees it.
pub async fn code_image(gateway: House, name: Path<String>) -> HttpResponse {
    let value = gateway.read(|world| world.sessions.get(name.as_str())?.qr.clone());
    let image = value.and_then(|value| qrcode::QrCode::with_error_correction_level(value, qrcode::EcLevel::L).ok());
    let Some(code) = image else {
        return HttpResponse::NotFound().finish();
    };
    let drawn = code.render::<qrcode::render::svg::Color>().min_dimensions(160, 160).build();
    HttpResponse::Ok().content_type("image/svg+xml").insert_header((CACHE_CONTROL, "no-store")).body(drawn)
}

pub async fn media(gateway: House, path: Path<(String, String)>) -> HttpResponse {
    let (session, id) = path.into_inner();
    let mut answer = files::serve(&gateway, &session, &id).unwrap_or_else(|| HttpResponse::NotFound().finish());
    // Whatever was sent is shown or saved, never run as a page.
    let policy = actix_web::http::header::HeaderValue::from_static("sandbox; default-src 'none'");
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    answer
}

pub async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(include_str!("../../../static/simulator/simulator.css"))
}

pub async fn script() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .body(include_str!("../../../static/simulator/simulator.js"))
}
