//! The stand-in for WAHA behaves like WAHA: sessions, pairing, refusals.

mod desk;
mod ear;
mod faults;
mod history;
mod messages;
mod openapi;
mod webhooks;

use std::time::Duration;

use serde_json::json;
use switchboard::demo::simulator::{self, Engine, Options, Timing};

use desk::{Desk, KEY};

#[actix_web::test]
async fn each_step_of_pairing_is_told() {
    let desk = Desk::new(Engine::Noweb).await;
    desk.create("shop").await;
    desk.until_status("shop", "SCAN_QR_CODE").await;

    let (status, me) = desk.control("sessions/shop/scan", json!({"phone": "12025550101", "name": "Shop"})).await;
    desk.until_status("shop", "WORKING").await;

    assert_eq!((status, me["id"].as_str()), (201, Some("12025550101@c.us")));
    let told = desk.ear.until("session.status", 4).await;
    let steps: Vec<_> = told.iter().map(|event| event["payload"]["status"].as_str().unwrap()).collect();
    for step in ["STARTING", "SCAN_QR_CODE", "WORKING"] {
        assert!(steps.contains(&step), "{steps:?}");
    }
    assert_eq!(told[0]["metadata"]["tenant"], "acme");
    let working = told.iter().find(|event| event["payload"]["status"] == "WORKING").unwrap();
    assert_eq!(working["me"]["pushName"], "Shop");
    assert_eq!(working["payload"]["statuses"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn qr_codes_follow_each_other_and_run_out() {
    let ms = Duration::from_millis;
    let timing = Timing { first_qr: ms(60), next_qr: ms(30), qr_codes: 3, ..Timing::quick() };
    let desk = Desk::with(Options { timing, ..Desk::options(Engine::Noweb) }).await;
    desk.create("shop").await;

    desk.until_status("shop", "FAILED").await;

    let told = desk.ear.until("session.status", 5).await;
    let codes = told.iter().filter(|event| event["payload"]["status"] == "SCAN_QR_CODE").count();
    assert_eq!(codes, 3);
}

#[actix_web::test]
async fn a_code_pairs_the_phone_it_was_made_for() {
    let desk = Desk::new(Engine::Gows).await;
    desk.create("shop").await;
    desk.until_status("shop", "SCAN_QR_CODE").await;

    let (_, answer) = desk.post("/api/shop/auth/request-code", json!({"phoneNumber": "+1 202 555 0133"})).await;
    let code = answer["code"].as_str().unwrap().to_owned();
    assert_eq!((code.len(), &code[4..5]), (9, "-"));
    assert_eq!(desk.control("sessions/shop/code", json!({"code": "WRONG-1"})).await.0, 422);
    desk.control("sessions/shop/code", json!({"code": code.to_lowercase()})).await;

    desk.until_status("shop", "WORKING").await;
    assert_eq!(desk.get("/api/sessions/shop/me").await.1["id"], "12025550133@c.us");
}

#[actix_web::test]
async fn the_qr_code_comes_in_three_forms() {
    let desk = Desk::new(Engine::Noweb).await;
    desk.create("shop").await;

    let (_, raw) = desk.get("/api/shop/auth/qr?format=raw").await;
    assert!(raw["value"].as_str().unwrap().starts_with("2@"));
    assert_eq!(raw["value"].as_str().unwrap().split(',').count(), 4);
    let image = desk.fetch("/api/shop/auth/qr", Some(KEY), "*/*").await;
    assert_eq!(image.headers()["content-type"], "image/png");
    let text = desk.fetch("/api/shop/auth/qr", Some(KEY), "application/json").await;
    assert!(text.text().await.unwrap().contains("\"mimetype\":\"image/png\""));
}

#[actix_web::test]
async fn refusals_have_wahas_words() {
    let desk = Desk::new(Engine::Noweb).await;
    desk.create("shop").await;
    let text = |session: &str| json!({"session": session, "chatId": "12025550171@c.us", "text": "hi"});

    assert_eq!(desk.fetch("/api/sessions", None, "*/*").await.status(), 401);
    assert_eq!(desk.fetch(&format!("/api/sessions?x-api-key={KEY}"), None, "*/*").await.status(), 200);
    let (status, answer) = desk.post("/api/sessions", json!({"name": "shop"})).await;
    assert_eq!(
        (status, answer["message"].as_str()),
        (422, Some("Session 'shop' already exists. Use PUT to update it."))
    );
    let (status, answer) = desk.get("/api/sessions/other").await;
    assert_eq!((status, answer["message"].as_str()), (404, Some("Session not found")));
    let (status, answer) = desk.post("/api/sendText", json!({"text": "hi"})).await;
    assert_eq!((status, answer["message"].as_str()), (400, Some("Session name is required")));
    let (status, answer) = desk.post("/api/sendText", text("other")).await;
    assert_eq!((status, answer["error"].as_str()), (422, Some("Session \"other\" does not exist")));
    let (status, answer) = desk.post("/api/sendText", text("shop")).await;
    assert_eq!((status, &answer["expected"]), (422, &json!(["WORKING"])));
    let bad = json!({"name": "x", "config": {"webhooks": [{"url": "nonsense", "events": ["nothing"]}]}});
    let (status, answer) = desk.post("/api/sessions", bad).await;
    assert_eq!((status, answer["message"][0].as_str()), (400, Some("config.webhooks.0.url must be a URL address")));
    assert_eq!(desk.post("/api/sessions", json!({"name": "a b"})).await.0, 400);
    assert_eq!(desk.post("/api/sendPoll", json!({})).await.0, 501);
}

#[actix_web::test]
async fn an_engine_failure_echoes_the_request() {
    let desk = Desk::paired(Engine::Gows).await;

    let (status, answer) = desk.post("/api/sendText", json!({"session": "shop", "text": "hi"})).await;

    assert_eq!((status, answer["statusCode"].as_u64()), (500, Some(500)));
    assert_eq!(answer["request"]["body"]["text"], "hi");
    assert!(answer["exception"]["message"].is_string());
}

#[actix_web::test]
async fn who_am_i_is_empty_before_pairing_and_404_when_stopped() {
    let desk = Desk::new(Engine::Noweb).await;
    desk.create("shop").await;

    let running = desk.fetch("/api/sessions/shop/me", Some(KEY), "*/*").await;
    assert_eq!((running.status().as_u16(), running.text().await.unwrap().as_str()), (200, ""));
    desk.post("/api/sessions/shop/stop", json!({})).await;
    assert_eq!(desk.get("/api/sessions/shop/me").await.0, 404);
}

#[actix_web::test]
async fn stopped_sessions_are_listed_only_when_all_are_asked_for() {
    let desk = Desk::paired(Engine::Noweb).await;

    desk.post("/api/sessions/shop/stop", json!({})).await;
    assert_eq!(desk.get("/api/sessions").await.1, json!([]));
    assert_eq!(desk.get("/api/sessions?all=true").await.1[0]["status"], "STOPPED");
    desk.post("/api/sessions/shop/start", json!({})).await;
    desk.until_status("shop", "WORKING").await;
    for _ in 0..2 {
        let deleted = desk.call("DELETE", "/api/sessions/shop", json!(null)).await;
        assert_eq!(deleted, (200, json!(null)));
    }
}

#[actix_web::test]
async fn a_logout_keeps_the_configuration_and_wants_a_new_scan() {
    let desk = Desk::paired(Engine::Noweb).await;

    desk.post("/api/sessions/shop/logout", json!({})).await;

    desk.until_status("shop", "SCAN_QR_CODE").await;
    let (_, session) = desk.get("/api/sessions/shop").await;
    assert_eq!(session["config"]["metadata"]["tenant"], "acme");
    assert_eq!(session["me"], json!(null));
}

#[actix_web::test]
async fn a_link_cut_on_the_phone_fails_until_the_logout() {
    let desk = Desk::paired(Engine::Noweb).await;

    desk.control("sessions/shop/unlinking", json!({})).await;
    desk.until_status("shop", "FAILED").await;
    desk.post("/api/sessions/shop/restart", json!({})).await;
    desk.until_status("shop", "FAILED").await;
    desk.post("/api/sessions/shop/logout", json!({})).await;

    desk.until_status("shop", "SCAN_QR_CODE").await;
}

#[actix_web::test]
async fn started_again_it_finds_its_paired_number() {
    let file = std::env::temp_dir().join(format!("simulator-{}.json", uuid::Uuid::new_v4()));
    let options = || Options { state_file: Some(file.clone()), ..Desk::options(Engine::Noweb) };
    let desk = Desk::with(options()).await;
    desk.create("shop").await;
    desk.pair("shop").await;
    desk.send_text("12025550171@c.us", "before", None).await;
    desk.simulator.stop().await.unwrap();

    let again = Desk::with(options()).await;

    again.until_status("shop", "WORKING").await;
    assert_eq!(again.delivered().await, ["before"]);
    std::fs::remove_file(file).unwrap();
}

#[actix_web::test]
async fn the_page_shows_the_code_and_both_sides_of_a_chat() {
    let running = simulator::start(Options { timing: Timing::quick(), ..Options::default() }).await.unwrap();
    let desk = Desk::around(running).await;
    desk.create("shop").await;
    desk.until_status("shop", "SCAN_QR_CODE").await;
    assert!(desk.page("/").await.contains("Scan the QR code"));

    desk.pair("shop").await;
    desk.control("sessions/shop/messages", json!({"phone": "12025550171", "text": "<b>Hello</b>"})).await;
    desk.send_text("12025550171@c.us", "Good morning", None).await;
    desk.until_ack("Good morning", 2).await;

    let page = desk.page("/?customer=12025550171").await;
    assert!(page.contains("&#60;b&#62;Hello") || page.contains("&lt;b&gt;Hello"), "{page}");
    assert!(page.contains("Good morning"));
}
