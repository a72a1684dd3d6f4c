//! Every address of the simulator: WAHA's own, the control calls, and the page.

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{JsonPayloadError, PayloadError};
use actix_web::http::header::HeaderName;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{self, Data, JsonConfig, delete, get, post, put};
use actix_web::{Error, HttpRequest, ResponseError};

use super::gateway::Gateway;
use super::refusals::Refusal;
use super::{changes, contacts, control, faults, files, history, pairing, phones, posts, sending, server, sessions};

/// WAHA's limit for JSON bodies.
const BODY_LIMIT: usize = 50 * 1024 * 1024;

pub fn configure(app: &mut web::ServiceConfig) {
    app.app_data(JsonConfig::default().limit(BODY_LIMIT).content_type(|_| true).error_handler(bad_json));
    app.route("/ping", get().to(server::ping));
    app.service(web::resource("/health").wrap(from_fn(ask_for_key)).route(get().to(server::health)));
    app.service(
        web::scope("/api")
            .wrap(from_fn(faults::misbehave))
            .wrap(from_fn(ask_for_key))
            .configure(sessions_and_server)
            .configure(sends)
            .configure(chats)
            .default_service(web::to(server::elsewhere)),
    );
    app.service(web::scope("/simulator").wrap(from_fn(same_site_only)).configure(controls));
    app.service(web::scope("/phones").wrap(from_fn(same_site_only)).configure(page_acts));
    app.route("/", get().to(phones::index));
    app.route("/static/simulator.css", get().to(phones::style));
    app.route("/static/simulator.js", get().to(phones::script));
}

fn sessions_and_server(app: &mut web::ServiceConfig) {
    app.route("/server/version", get().to(server::version))
        .route("/version", get().to(server::version))
        .route("/server/status", get().to(server::status))
        .route("/sessions", get().to(sessions::index))
        .route("/sessions", post().to(sessions::create))
        .route("/sessions/{session}", get().to(sessions::show))
        .route("/sessions/{session}", put().to(sessions::update))
        .route("/sessions/{session}", delete().to(sessions::delete))
        .route("/sessions/{session}/me", get().to(sessions::me))
        .route("/sessions/{session}/start", post().to(sessions::start))
        .route("/sessions/{session}/stop", post().to(sessions::stop))
        .route("/sessions/{session}/restart", post().to(sessions::restart))
        .route("/sessions/{session}/logout", post().to(sessions::logout))
        .route("/files/{session}/{file}", get().to(files::show))
        .route("/contacts/check-exists", get().to(contacts::check_exists))
        .route("/contacts/all", get().to(contacts::all))
        .route("/contacts/profile-picture", get().to(contacts::picture))
        .route("/contacts", get().to(contacts::show));
}

fn sends(app: &mut web::ServiceConfig) {
    app.route("/sendText", post().to(sending::text))
        .route("/sendImage", post().to(sending::file))
        .route("/sendFile", post().to(sending::file))
        .route("/sendVideo", post().to(sending::file))
        .route("/sendVoice", post().to(sending::voice))
        .route("/sendSeen", post().to(changes::seen))
        .route("/startTyping", post().to(changes::start_typing))
        .route("/stopTyping", post().to(changes::stop_typing))
        .route("/reaction", put().to(changes::reaction));
}

fn chats(app: &mut web::ServiceConfig) {
    app.route("/{session}/auth/qr", get().to(pairing::qr))
        .route("/{session}/auth/request-code", post().to(pairing::request_code))
        .route("/{session}/new-message-id", get().to(sending::new_message_id))
        .route("/{session}/profile", get().to(contacts::profile))
        .route("/{session}/profile/name", put().to(contacts::profile_name))
        .route("/{session}/profile/status", put().to(contacts::profile_other))
        .route("/{session}/profile/picture", put().to(contacts::profile_other))
        .route("/{session}/profile/picture", delete().to(contacts::profile_other))
        .route("/{session}/calls/reject", post().to(contacts::reject_call))
        .route("/{session}/lids", get().to(contacts::lids))
        .route("/{session}/lids/pn/{phone}", get().to(contacts::lid_of_phone))
        .route("/{session}/lids/{lid}", get().to(contacts::lid))
        .route("/{session}/chats", get().to(history::chats))
        .route("/{session}/chats/overview", get().to(history::overview))
        .route("/{session}/chats/{chat}/messages", get().to(history::messages))
        .route("/{session}/chats/{chat}/messages/read", post().to(changes::read))
        .route("/{session}/chats/{chat}/messages/{message}", get().to(history::message))
        .route("/{session}/chats/{chat}/messages/{message}", put().to(changes::edit))
        .route("/{session}/chats/{chat}/messages/{message}", delete().to(changes::delete));
}

fn controls(app: &mut web::ServiceConfig) {
    app.route("/state", get().to(control::state))
        .route("/reset", post().to(control::reset))
        .route("/webhooks", get().to(control::webhooks))
        .route("/faults", get().to(control::show_faults))
        .route("/faults", put().to(control::set_faults))
        .route("/faults", delete().to(control::clear_faults))
        .route("/settings", put().to(control::set_settings))
        .route("/people", put().to(control::set_person))
        .route("/sessions/{session}/scan", post().to(control::scan))
        .route("/sessions/{session}/code", post().to(control::enter_code))
        .route("/sessions/{session}/connection-loss", post().to(control::lose_connection))
        .route("/sessions/{session}/unlinking", post().to(control::unlink))
        .route("/sessions/{session}/timelock", put().to(control::timelock))
        .route("/sessions/{session}/messages", post().to(control::write))
        .route("/sessions/{session}/own-messages", post().to(control::write_own))
        .route("/sessions/{session}/reactions", post().to(control::react))
        .route("/sessions/{session}/edits", post().to(control::edit))
        .route("/sessions/{session}/revocations", post().to(control::revoke))
        .route("/sessions/{session}/reads", post().to(control::read))
        .route("/sessions/{session}/calls", post().to(control::call))
        .route("/sessions/{session}/deliveries", get().to(control::deliveries));
}

fn page_acts(app: &mut web::ServiceConfig) {
    app.route("/changes", get().to(phones::changes))
        .route("/codes/{session}", get().to(phones::code_image))
        .route("/media/{session}/{message}", get().to(phones::media))
        .route("/scans", post().to(posts::scan))
        .route("/pairing-codes", post().to(posts::enter_code))
        .route("/people", post().to(posts::add_person))
        .route("/messages", post().to(posts::write))
        .route("/pictures", post().to(posts::send_picture))
        .route("/calls", post().to(posts::call))
        .route("/reactions", post().to(posts::react))
        .route("/reads", post().to(posts::read))
        .route("/settings", post().to(posts::set_auto_read));
}

/// `X-Api-Key`, or `?x-api-key=` as newer versions also take it.
async fn ask_for_key(
    gateway: Data<Gateway>,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(key) = &gateway.api_key else {
        return next.call(request).await;
    };
    let header = request.headers().get("x-api-key").and_then(|value| value.to_str().ok());
    let mut query = url::form_urlencoded::parse(request.query_string().as_bytes());
    let is_right = header == Some(key) || query.any(|(name, value)| name == "x-api-key" && value == key.as_str());
    match is_right {
        true => next.call(request).await,
        false => Ok(request.into_response(Refusal::unauthorized().error_response())),
    }
}

/// The page and the control calls need no key, so other sites' pages must not reach them through the browser.
async fn same_site_only(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let site = request.headers().get(HeaderName::from_static("sec-fetch-site"));
    match site.is_some_and(|site| site == "cross-site") && !request.method().is_safe() {
        false => next.call(request).await,
        true => Ok(request.into_response(Refusal::forbidden("Only this page may do that.").error_response())),
    }
}

fn bad_json(error: JsonPayloadError, _: &HttpRequest) -> Error {
    match error {
        JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
            actix_web::error::ErrorPayloadTooLarge("request entity too large")
        }
        JsonPayloadError::Payload(PayloadError::Overflow) => actix_web::error::ErrorPayloadTooLarge("too large"),
        error => Refusal::bad(error.to_string()).into(),
    }
}
