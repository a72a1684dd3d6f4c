//! A wish comes true at the gateway, whatever state it is found in; nobody else's session is touched.

use crate::support::talk::ANA;
use crate::support::{TestApp, form, get, post};
use serde_json::{Value, json};
use switchboard::numbers::model::NumberId;

const NAME: &str = "acme-workshop";

/// Calls the simulator as the tenant's own program would.
#[allow(clippy::disallowed_types)]
async fn call(app: &TestApp, method: &str, path: &str, body: Value) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}{path}", app.simulator.as_ref().unwrap().url);
    let key = app.parts.gateways.default_key.as_ref().unwrap().expose().clone();
    let answer = http.request(method.parse().unwrap(), url).header("x-api-key", key).json(&body).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or(Value::Null))
}

async fn session(app: &TestApp) -> (u16, Value) {
    call(app, "GET", &format!("/api/sessions/{NAME}"), Value::Null).await
}

async fn at_gateway(app: &TestApp, status: &str) {
    app.until(status, async || session(app).await.1["status"] == status).await;
}

async fn shown(app: &TestApp, words: &str) {
    app.until(words, async || app.ada(get("/settings/numbers").htmx("number_cards")).await.has(words)).await;
}

async fn add(app: &TestApp) -> NumberId {
    let fields = [("name", "Workshop"), ("external_session_id", NAME), ("engine", "GOWS")];
    assert_eq!(app.ada(form("/settings/numbers", &fields)).await.status, 303);
    app.text("SELECT id::text AS text FROM waha_sessions WHERE deleted_at IS NULL").parse().unwrap()
}

async fn step(app: &TestApp, id: NumberId, step: &str) {
    assert_eq!(app.ada(post(&format!("/settings/numbers/{id}/{step}"))).await.status, 303);
    app.run_jobs().await;
}

/// A number that was added and scanned.
pub async fn paired(app: &TestApp) -> NumberId {
    let id = add(app).await;
    app.run_jobs().await;
    at_gateway(app, "SCAN_QR_CODE").await;
    app.simulator.as_ref().unwrap().scan(NAME, Some("4930901820100")).unwrap();
    shown(app, "Working").await;
    id
}

#[actix_web::test]
async fn a_new_number_is_created_scanned_and_heard() {
    let app = TestApp::with_gateway().await;

    let id = paired(&app).await;

    app.ada(get("/settings/numbers")).await.shows("+49 30 901820100");
    let (_, session) = session(&app).await;
    assert_eq!(session["config"]["metadata"]["switchboard.number"], id.to_string());
    let letter = json!({"phone": ANA, "text": "Is my bicycle ready?"});
    call(&app, "POST", &format!("/simulator/sessions/{NAME}/messages"), letter).await;
    app.until("it arrived", async || app.bob(get("/inbox")).await.has("Is my bicycle ready?")).await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn stopping_and_starting_comes_true() {
    let app = TestApp::with_gateway().await;
    let id = paired(&app).await;

    step(&app, id, "stop").await;
    at_gateway(&app, "STOPPED").await;
    shown(&app, "Stopped").await;

    step(&app, id, "start").await;
    at_gateway(&app, "WORKING").await;
    shown(&app, "Working").await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_restart_comes_back_working() {
    let app = TestApp::with_gateway().await;
    let id = paired(&app).await;

    step(&app, id, "restart").await;

    at_gateway(&app, "WORKING").await;
    shown(&app, "Working").await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn logging_out_asks_for_a_new_scan() {
    let app = TestApp::with_gateway().await;
    let id = paired(&app).await;

    step(&app, id, "logout").await;

    at_gateway(&app, "SCAN_QR_CODE").await;
    shown(&app, "Not paired").await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn deleting_clears_up_at_the_gateway() {
    let app = TestApp::with_gateway().await;
    let id = paired(&app).await;

    step(&app, id, "deletion").await;

    assert_eq!(session(&app).await.0, 404);
    assert_eq!(app.count(&format!("FROM waha_sessions WHERE id = '{id}' AND deleted_at IS NOT NULL")), 1);
}

#[actix_web::test]
async fn a_session_that_is_anothers_is_left_alone() {
    let app = TestApp::with_gateway().await;
    let theirs = json!({"name": NAME, "start": true, "config": {"metadata": {"tenant": "other"}, "webhooks": []}});
    call(&app, "POST", "/api/sessions", theirs).await;

    let id = add(&app).await;
    app.run_jobs().await;

    shown(&app, "belongs to something else").await;
    step(&app, id, "deletion").await;
    let (status, session) = session(&app).await;
    assert_eq!((status, session["config"]["metadata"]["tenant"].as_str()), (200, Some("other")));
}

#[actix_web::test]
async fn a_session_that_nobody_uses_is_taken_over() {
    let app = TestApp::with_gateway().await;
    call(&app, "POST", "/api/sessions", json!({"name": NAME, "start": false})).await;

    let id = add(&app).await;
    app.run_jobs().await;

    at_gateway(&app, "SCAN_QR_CODE").await;
    assert_eq!(session(&app).await.1["config"]["metadata"]["switchboard.number"], id.to_string());
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_restarted_gateway_gets_back_what_we_want() {
    let app = TestApp::with_gateway().await;
    let id = paired(&app).await;
    call(&app, "POST", &format!("/api/sessions/{NAME}/stop"), json!({})).await;
    at_gateway(&app, "STOPPED").await;

    app.within(move |conn, tenant| switchboard::numbers::jobs::reconcile(conn, tenant, id)).await;
    app.run_jobs().await;

    at_gateway(&app, "WORKING").await;
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_webhook_address_that_has_changed_is_mended() {
    let mut app = TestApp::with_gateway().await;
    let id = paired(&app).await;
    app.change(|parts| parts.gateways.webhook_base = "http://127.0.0.1:9/elsewhere".into());

    app.within(move |conn, tenant| switchboard::numbers::jobs::reconcile(conn, tenant, id)).await;
    app.run_jobs().await;

    let (_, session) = session(&app).await;
    let url = session["config"]["webhooks"][0]["url"].as_str().unwrap();
    assert_eq!(url, format!("http://127.0.0.1:9/elsewhere/webhooks/waha/{id}"));
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_gateway_that_cannot_be_reached_is_shown_and_tried_again() {
    let app = TestApp::new().await;
    let fields =
        [("name", "Workshop"), ("external_session_id", NAME), ("engine", "GOWS"), ("waha_url", "http://127.0.0.1:9")];
    app.ada(form("/settings/numbers", &fields)).await;

    app.run_jobs().await;

    let card = app.ada(get("/settings/numbers").htmx("number_cards")).await;
    assert!(card.has("tone-bad"), "the card says why: {}", card.html);
}
