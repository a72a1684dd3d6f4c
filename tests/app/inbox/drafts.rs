//! What is typed and not sent.

use crate::support::talk::ANA;
use crate::support::{Ask, TestApp, form, get};
use actix_web::http::Method;

fn draft(id: impl std::fmt::Display, text: &str) -> Ask {
    Ask::new(Method::PUT, &format!("/conversations/{id}/draft")).fields(&[("body", text)])
}

#[actix_web::test]
async fn a_draft_is_on_every_browser_of_its_writer_and_nobody_elses() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    assert_eq!(app.bob(draft(id, "Dear Ana, ")).await.status, 204);

    app.bob(get(&format!("/inbox/{id}"))).await.shows(">Dear Ana, </textarea>");
    app.bob(get("/inbox")).await.shows("Draft:").shows("Dear Ana,");
    app.eve(get(&format!("/inbox/{id}"))).await.hides("Dear Ana");
    app.eve(get("/inbox")).await.hides("Draft:");
    app.take_jobs();
}

#[actix_web::test]
async fn an_emptied_draft_is_none() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(draft(id, "Dear Ana")).await;
    app.bob(draft(id, "Dear Ana, good news")).await;
    assert_eq!(app.text("SELECT body AS text FROM drafts"), "Dear Ana, good news");

    assert_eq!(app.bob(draft(id, " \n ")).await.status, 204);

    assert_eq!(app.count("FROM drafts"), 0);
}

#[actix_web::test]
async fn sending_takes_the_draft_away() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(draft(id, "Dear Ana")).await;
    app.eve(draft(id, "Hi!")).await;

    app.bob(form(&format!("/conversations/{id}/messages"), &[("body", "Dear Ana")])).await;

    assert_eq!(app.texts("SELECT body AS text FROM drafts"), ["Hi!"], "Eve's stays");
    app.take_jobs();
}

#[actix_web::test]
async fn what_cannot_be_kept_is_refused() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    assert_eq!(app.bob(draft(id, &"x".repeat(65_537))).await.status, 422);
    assert_eq!(app.bob(draft(id, "a\0b")).await.status, 422);
    assert_eq!(app.bob(draft(id, &"x".repeat(2_000_000))).await.status, 413);
    assert_eq!(app.bob(draft(id, &"x".repeat(65_536))).await.status, 204);
    assert_eq!(app.olga(draft(id, "x")).await.status, 403);
    assert_eq!(app.carol(draft(id, "x")).await.status, 404);
    assert_eq!(app.count("FROM drafts"), 1);
}
