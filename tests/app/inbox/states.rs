//! open ↔ resolved, and what re-opens a conversation by itself.

use crate::support::talk::{ANA, said, with};
use crate::support::{TestApp, get, post};
use chrono::Utc;
use serde_json::json;

#[actix_web::test]
async fn a_resolved_conversation_leaves_the_open_queue_and_can_come_back() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    let answer = app.bob(post(&format!("/conversations/{id}/resolution"))).await;

    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}").as_str()));
    app.bob(get("/inbox")).await.hides("Ana Alves");
    app.bob(get("/inbox?queue=resolved")).await.shows("Ana Alves");
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Re-open").shows("Resolved");

    assert_eq!(app.bob(post(&format!("/conversations/{id}/reopening"))).await.status, 303);
    app.bob(get("/inbox")).await.shows("Ana Alves");
    let audited = app.audited();
    assert_eq!(audited[audited.len() - 3..], ["resolved conversations", "read customers", "open conversations"]);
    app.take_jobs();
}

#[actix_web::test]
async fn a_second_click_changes_nothing_and_is_no_mistake() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let resolve = || post(&format!("/conversations/{id}/resolution"));

    let (one, two) = tokio::join!(app.bob(resolve()), app.eve(resolve()));

    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(app.count("FROM audit_entries WHERE action = 'resolved'"), 1);
}

#[actix_web::test]
async fn a_customers_new_message_reopens_and_ours_does_not() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ago = |seconds: i64| json!({"timestamp": Utc::now().timestamp() - seconds});
    app.hears(number, with(said(ANA, "Hello"), ago(60))).await;
    let id = app.conversation_with(ANA);
    app.bob(post(&format!("/conversations/{id}/resolution"))).await;
    let status = || app.text("SELECT status::text AS text FROM conversations");

    let mut ours = with(said(ANA, "See you"), ago(30));
    ours["id"] = ours["id"].as_str().unwrap().replace("false_", "true_").into();
    ours["fromMe"] = true.into();
    app.hears(number, ours).await;
    assert_eq!(status(), "resolved");

    app.hears(number, said(ANA, "One more question")).await;
    assert_eq!(status(), "open");
    assert_eq!(app.count("FROM conversations WHERE waiting_since IS NOT NULL"), 1);
}

#[actix_web::test]
async fn an_archived_conversation_takes_no_step() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.sql("UPDATE conversations SET status = 'archived'");

    for step in ["resolution", "reopening"] {
        let answer = app.bob(post(&format!("/conversations/{id}/{step}"))).await;
        assert_eq!(answer.shows("that is archived cannot become").status, 422, "{step}");
    }
    app.bob(get(&format!("/inbox/{id}"))).await.hides("/resolution").hides("/reopening");
    app.take_jobs();
}
