//! Numbers whose calls are declined, with a message.

use super::{ago, step};
use crate::numbers::gateway::paired;
use crate::support::talk::ANA;
use crate::support::{TestApp, form, get};

const TEXT: &str = "We answer messages only.";

fn here(number: impl std::fmt::Display) -> String {
    format!("/settings/numbers/{number}/calls")
}

#[actix_web::test]
async fn a_rule_is_set_by_administrators_and_kept_as_typed_when_wrong() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let here = here(number);
    app.ada(get("/settings/numbers")).await.shows(&here);

    let wrong = app.ada(form(&here, &[("answer", "decline"), ("text", &"x".repeat(1001))])).await;
    assert_eq!(wrong.shows("At most 1,000 characters.").shows("xxxx").status, 422);
    assert_eq!(app.count("FROM call_rules"), 0);
    let saved = app.ada(form(&here, &[("answer", "decline"), ("text", TEXT)])).await;

    assert_eq!(saved.status, 303);
    app.ada(get(saved.location())).await.shows("Saved.").shows(TEXT).shows(r#"value="decline" checked"#);
    app.max(get(&here)).await.shows("Calls are declined.").hides("<textarea");
    assert_eq!(app.max(form(&here, &[("answer", "ring")])).await.status, 403);
    assert_eq!(app.carol(get(&here)).await.status, 404);
    assert!(app.audited().contains(&"changed call_rules".to_owned()));
}

#[actix_web::test]
async fn a_declined_call_ends_at_the_gateway_and_is_answered_once_in_writing() {
    let app = TestApp::with_gateway().await;
    let number = paired(&app).await;
    app.ada(form(&here(number), &[("answer", "decline"), ("text", TEXT)])).await;

    let event = step("received", "C1", ANA, ago(1));
    app.told(number, &event).await;
    app.run_jobs().await;

    let called = || app.text("SELECT concat_ws(' ', status, declined_at IS NOT NULL) AS text FROM calls");
    assert_eq!(called(), "failed t");
    assert_eq!(app.count(&format!("FROM messages WHERE body = '{TEXT}' AND author_id IS NULL")), 1);
    let sent = async || app.count("FROM messages WHERE status IN ('sent', 'delivered', 'read')") == 1;
    app.until("the text is sent", sent).await;

    // Asked for a second time, as after a crash.
    let call = app.text("SELECT id::text AS text FROM calls").parse().unwrap();
    app.within(move |conn, tenant| {
        switchboard::kit::jobs::enqueue(conn, tenant, &switchboard::calls::jobs::DeclineCall { call })
    })
    .await;
    app.sql("UPDATE calls SET status = 'ongoing', ended_at = NULL, rejected_at = NULL");
    app.run_jobs().await;
    assert_eq!(app.count("FROM messages"), 1);
}

#[actix_web::test]
async fn without_a_rule_it_rings_and_a_taken_or_old_call_is_left_alone() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    app.told(number, &step("received", "C1", ANA, ago(1))).await;
    assert_eq!(app.take_jobs(), ["calls:close"]);
    app.ada(form(&here(number), &[("answer", "decline"), ("text", TEXT)])).await;
    app.told(number, &step("received", "C2", ANA, ago(600))).await;
    app.told(number, &step("received", "C3", ANA, ago(1))).await;
    app.told(number, &step("accepted", "C3", ANA, ago(0))).await;
    app.run_jobs().await;

    assert_eq!(app.count("FROM calls WHERE declined_at IS NOT NULL"), 0);
    assert_eq!(app.count("FROM messages"), 0);
    app.take_jobs();
}
