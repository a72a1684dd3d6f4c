//! Connecting a number to a phone: QR code and pairing code.

use crate::support::talk::{event, with};
use crate::support::{TestApp, form, get, post};
use serde_json::json;
use switchboard::numbers::model::{NumberId, Status};

fn page(id: NumberId) -> String {
    format!("/settings/numbers/{id}/pairing")
}

/// A number whose session waits for somebody to scan its code.
async fn scanning(app: &TestApp) -> NumberId {
    app.ada(form(
        "/settings/numbers",
        &[("name", "Workshop"), ("external_session_id", "acme-workshop"), ("engine", "GOWS")],
    ))
    .await;
    let id = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    app.run_jobs().await;
    app.until("the code is there", async || app.ada(get(&page(id))).await.has("qr.svg")).await;
    id
}

#[actix_web::test]
async fn the_page_follows_the_session() {
    let app = TestApp::new().await;
    let id = app.new_number("Workshop").await;
    let steps = [
        (Status::Starting, "Preparing the code"),
        (Status::ScanQr, "Scan this code with the phone"),
        (Status::Working, "Workshop is connected"),
        (Status::Failed, "That did not work"),
    ];

    for (status, words) in steps {
        app.reported(id, status).await;
        app.ada(get(&page(id))).await.shows(words).shows("On the phone");
        app.ada(get(&page(id)).htmx("pairing")).await.shows(words).hides("On the phone");
    }
    app.ada(post(&format!("/settings/numbers/{id}/stop"))).await;
    app.ada(get(&page(id))).await.shows("This number is stopped");
    app.take_jobs();
}

#[actix_web::test]
async fn an_account_with_a_passkey_is_told_what_to_do() {
    let app = TestApp::new().await;
    let id = app.new_number("Workshop").await;
    let status = json!({"name": "acme-workshop", "status": "PASSKEY_REQUIRED", "statuses": []});

    app.told(id, &event("session.status", status)).await;

    app.ada(get(&page(id))).await.shows("WhatsApp asks for more").shows("passkey");
}

#[actix_web::test]
async fn each_new_code_has_a_new_address() {
    let app = TestApp::new().await;
    let id = app.new_number("Workshop").await;
    let waiting = || json!({"name": "acme-workshop", "status": "SCAN_QR_CODE", "statuses": []});

    app.told(id, &event("session.status", waiting())).await;
    let first = app.ada(get(&page(id))).await;
    app.told(
        id,
        &with(event("session.status", waiting()), json!({"timestamp": chrono::Utc::now().timestamp_millis() + 20})),
    )
    .await;
    let second = app.ada(get(&page(id))).await;

    let code = |html: &str| html.split("qr.svg?v=").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_ne!(code(&first.html), code(&second.html));
}

#[actix_web::test]
async fn the_code_is_drawn_by_us_and_kept_nowhere() {
    let app = TestApp::with_gateway().await;
    let id = scanning(&app).await;

    let picture = app.ada(get(&format!("/settings/numbers/{id}/qr.svg?v=1"))).await;

    assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(picture.header("cache-control"), "no-store");
    picture.shows("<svg").hides("<script");
    assert_eq!(app.max(get(&format!("/settings/numbers/{id}/qr.svg"))).await.status, 403);
    assert_eq!(app.carol(get(&format!("/settings/numbers/{id}/qr.svg"))).await.status, 404);
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_code_for_the_phone_is_the_alternative() {
    let app = TestApp::with_gateway().await;
    let id = scanning(&app).await;
    let code = format!("{}/code", page(id));

    let wrong = app.ada(form(&code, &[("phone", "01512 12")]).htmx("pairing")).await;
    assert_eq!(wrong.status, 422);
    wrong.shows("with its country code").shows(r#"value="01512 12""#);

    let right = app.ada(form(&code, &[("phone", "+49 1512 3456789")]).htmx("pairing")).await;
    assert_eq!(right.shows("Type this code on the phone").status, 200);
    assert_eq!(app.audited().last().unwrap(), "asked_for_code waha_sessions");
    app.run_jobs().await;
}

#[actix_web::test]
async fn a_gateway_that_is_away_is_told_of_in_words() {
    let app = TestApp::new().await;
    let id = app.new_number("Workshop").await;

    let picture = app.ada(get(&format!("/settings/numbers/{id}/qr.svg"))).await;
    assert_eq!(picture.shows("No WhatsApp gateway is configured").status, 422);
    let code = form(&format!("{}/code", page(id)), &[("phone", "+49 1512 3456789")]);
    assert_eq!(app.ada(code).await.shows("No WhatsApp gateway is configured").status, 422);
}
