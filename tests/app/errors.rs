//! What is told when something fails, in the words of whoever asks; and the same answers when the desk is full.

use super::support::talk::ANA;
use super::support::{TestApp, Who, form, get};
use std::time::Duration;
use switchboard::kit::db::Db;

#[actix_web::test]
async fn a_person_gets_a_page_with_the_request_it_is_about() {
    let app = TestApp::new().await;

    let answer = app.bob(get("/nowhere")).await;

    assert_eq!(answer.status, 404);
    answer.shows("Nothing here").shows("<html").shows(answer.header("x-request-id"));
    assert_eq!(answer.header("x-request-id").len(), 36);
}

#[actix_web::test]
async fn htmx_gets_a_toast_that_leaves_the_screen_as_it_was() {
    let app = TestApp::new().await;

    let answer = app.bob(get("/inbox/nonsense").htmx("thread")).await;

    assert_eq!(
        (answer.status, answer.header("hx-retarget"), answer.header("hx-reswap")),
        (404, "#toasts", "beforeend")
    );
    answer.shows(r#"role="alert""#).hides("<html").shows(answer.header("x-request-id"));
}

#[actix_web::test]
async fn a_program_gets_a_problem() {
    let app = TestApp::new().await;

    let answer = app.bob(get("/nowhere").header("accept", "application/json")).await;

    assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+json"));
    let problem: serde_json::Value = serde_json::from_str(&answer.html).unwrap();
    assert_eq!((problem["status"].as_u64(), problem["title"].as_str()), (Some(404), Some("Not Found")));
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
}

#[actix_web::test]
async fn a_refused_page_keeps_the_frame_and_is_written_down_with_its_request() {
    let app = TestApp::new().await;

    let answer = app.bob(get("/settings/numbers")).await;

    assert_eq!(answer.status, 403);
    answer.shows("Your role does not allow this.").shows(r#"id="rail""#);
    let noted = app.text(
        "SELECT request_id || ' ' || (after ->> 'path') || ' ' || (after ->> 'permission') AS text \
                          FROM audit_entries WHERE action = 'refused'",
    );
    assert_eq!(noted, format!("{} /settings/numbers numbers:read_settings", answer.header("x-request-id")));
}

#[actix_web::test]
async fn a_failure_of_ours_tells_nothing_of_its_cause() {
    let app = TestApp::new().await;
    app.number("Workshop").await;
    app.sql("ALTER TABLE waha_sessions RENAME COLUMN push_name TO renamed");

    let answer = app.bob(get("/inbox")).await;

    assert_eq!(answer.status, 500);
    answer.shows("Something went wrong on our side. Nothing was changed.").hides("push_name").hides("column");
    answer.shows(answer.header("x-request-id"));
}

#[actix_web::test]
async fn a_method_that_is_not_there_is_refused() {
    let app = TestApp::new().await;

    assert_eq!(app.bob(form("/inbox", &[])).await.status, 405);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read_to_its_end() {
    let app = TestApp::new().await;

    let body = format!("email={}", "x".repeat(2 * 1024 * 1024));
    let ask = form("/login", &[]).header("content-type", "application/x-www-form-urlencoded").body(body);

    assert_eq!(app.anybody(ask).await.status, 413);
}

#[actix_web::test]
async fn when_every_connection_is_in_use_the_desk_says_when_to_come_back() {
    let mut app = TestApp::new().await;
    let db = Db::connect(app.url(), 1, 1).unwrap().with_patience(Duration::from_millis(50));
    let bob = app.signed_in(Who::Bob);
    app.change(|parts| parts.db = db.clone());
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let busy = db.platform();
    let held = actix_web::rt::spawn(async move { busy.run(move |_| Ok(wait.recv().is_ok())).await });
    app.until("the one connection is taken", async || db.gauge().2 == 0).await;

    let page = app.bob(get("/inbox")).await;
    let part = app.bob(get("/inbox").htmx("screen")).await;
    let ready = app.anybody(get("/readyz")).await;

    assert_eq!((page.status, page.header("retry-after")), (503, "2"));
    page.shows("The desk is busy or restarting. Nothing was lost");
    assert_eq!((part.status, part.header("hx-retarget")), (503, "#toasts"));
    assert_eq!(ready.status, 503);
    go.send(()).unwrap();
    assert!(held.await.unwrap().unwrap());
    assert_eq!(app.anybody(get("/inbox").cookie(bob.cookie)).await.status, 200, "and then it goes on");
}

#[actix_web::test]
async fn webhooks_of_a_busy_desk_are_to_be_sent_again() {
    let mut app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["so that the way is known"]).await;
    let body = super::support::talk::event("message.any", super::support::talk::said(ANA, "Hello")).to_string();
    let signature = super::support::talk::sign(&app.hmac_key(number).await, body.as_bytes());
    let db = Db::connect(app.url(), 1, 1).unwrap().with_patience(Duration::from_millis(50));
    app.change(|parts| parts.db = db.clone());
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let busy = db.platform();
    let held = actix_web::rt::spawn(async move { busy.run(move |_| Ok(wait.recv().is_ok())).await });
    app.until("the one connection is taken", async || db.gauge().2 == 0).await;
    let ask = || {
        let url = format!("/webhooks/waha/{number}");
        super::support::post(&url).header("x-webhook-hmac", &signature).body(body.clone())
    };

    assert_eq!(app.anybody(ask()).await.status, 503);
    go.send(()).unwrap();
    held.await.unwrap().unwrap();

    assert_eq!(app.anybody(ask()).await.status, 200);
    assert_eq!(app.count("FROM messages WHERE body = 'Hello'"), 1);
}
