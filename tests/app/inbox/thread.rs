//! The open conversation: windows, reading, what changes while it is open.

use super::{ids, many_messages, next_page};
use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, get, post, queries};

fn lines(html: &str) -> Vec<String> {
    html.split("Line ").skip(1).filter_map(|rest| rest.split_once('.')).map(|(n, _)| n.to_owned()).collect()
}

#[actix_web::test]
async fn a_thread_opens_with_its_newest_messages_and_goes_back_without_gaps() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    many_messages(&app, id, 100);

    let mut page = app.bob(get(&format!("/inbox/{id}")).htmx("thread")).await;
    let mut seen = lines(&page.html);
    assert_eq!(seen.len(), 39, "the newest of forty is the hello that made the conversation");
    app.take_jobs();
    while let Some(older) = next_page(&page.html, "thread_older") {
        page = app.bob(get(&older).htmx("thread_older")).await;
        page.hides("<html").hides("composer-form");
        let above = lines(&page.html);
        seen.splice(0..0, above);
    }

    let mut in_order = seen.clone();
    in_order.sort_by_key(|line| line.parse::<u32>().unwrap());
    in_order.dedup();
    assert_eq!(in_order.len(), 100, "none is missing, none comes twice");
    assert_eq!(seen.len(), 100);
}

#[actix_web::test]
async fn an_open_window_grows_with_what_comes_and_keeps_its_beginning() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    many_messages(&app, id, 60);
    let page = app.bob(get(&format!("/inbox/{id}"))).await;
    let (_, rest) = page.html.split_once(r#"id="thread_messages" hx-get=""#).unwrap();
    let refresh = rest.split('"').next().unwrap().replace("&#38;", "&");
    let before = ids(&page.html, "message_");

    app.hears(number, said(ANA, "And one more thing")).await;
    let part = app.bob(get(&refresh).htmx("thread_messages")).await;

    let after = ids(&part.html, "message_");
    assert_eq!(after[..before.len()], before, "what was on the screen stays");
    assert_eq!(after.len(), before.len() + 1);
    part.shows("And one more thing").hides("composer-form").hides("<html");
    app.take_jobs();
}

#[actix_web::test]
async fn unread_is_each_agents_own() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["One", "Two"]).await;
    let unread = |html: String| html.contains("Unread: ");

    assert_eq!(app.bob(get(&format!("/inbox/{id}"))).await.status, 200);

    assert!(!unread(app.bob(get("/inbox")).await.html), "Bob has read it");
    assert!(unread(app.eve(get("/inbox")).await.html), "Eve has not");
    app.hears(number, said(ANA, "Three")).await;
    app.bob(get("/inbox")).await.shows(r#"Unread: </span>1"#);
    app.eve(get("/inbox")).await.shows(r#"Unread: </span>3"#);
    assert_eq!(app.take_jobs(), ["messages:send_seen"]);
}

#[actix_web::test]
async fn what_comes_while_the_thread_is_open_is_read_when_looked_at() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["One"]).await;
    app.bob(get(&format!("/inbox/{id}"))).await;
    app.take_jobs();
    app.hears(number, said(ANA, "Two")).await;

    app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    assert!(app.take_jobs().is_empty(), "a refresh alone reads nothing");
    let read = app.bob(post(&format!("/conversations/{id}/reading"))).await;

    assert_eq!((read.status, app.take_jobs()), (204, vec!["messages:send_seen".to_owned()]));
    app.bob(get("/inbox")).await.hides("Unread: ");
    app.bob(post(&format!("/conversations/{id}/reading"))).await;
    assert!(app.take_jobs().is_empty(), "nothing new, nothing told");
}

#[actix_web::test]
async fn only_those_who_may_answer_tell_the_customer_that_it_was_read() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    app.olga(get(&format!("/inbox/{id}"))).await;
    app.olga(post(&format!("/conversations/{id}/reading"))).await;
    assert!(app.take_jobs().is_empty(), "an auditor leaves no trace");

    app.max(get(&format!("/inbox/{id}"))).await;
    assert_eq!(app.take_jobs(), ["messages:send_seen"]);
}

#[actix_web::test]
async fn htmx_gets_the_part_it_names() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.conversation(number, BEN, &["Good morning"]).await;
    let part = async |name: &str| app.bob(get(&format!("/inbox/{id}")).htmx(name)).await;

    part("thread").await.shows("Hello").shows("composer-form").hides("Ben Brandt").hides("<html");
    part("conversation_header").await.shows("Ana Alves").shows("Resolve").hides("composer-form").hides("Hello");
    part("composer").await.shows("composer-form").hides("bubble");
    part("customer_panel").await.shows("+351 912 345 678").hides("bubble");
    part("conversation_list").await.shows("Ben Brandt").hides("composer-form");
    part("screen").await.shows("Ben Brandt").shows("composer-form").shows("<title>Ana Alves").hides("<html");
    app.take_jobs();
}

#[actix_web::test]
async fn a_thread_is_listed_as_the_current_one_and_read() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    let page = app.bob(get(&format!("/inbox/{id}?queue=unassigned&q=ana"))).await;

    page.shows(r#"aria-current="page" data-row"#).hides("Unread: ").shows("queue=unassigned&#38;q=ana");
    app.take_jobs();
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_the_thread() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let count = async || {
        app.bob(get(&format!("/inbox/{id}"))).await;
        queries::take(app.url());
        assert_eq!(app.bob(get(&format!("/inbox/{id}"))).await.status, 200);
        queries::take(app.url())
    };
    let few = count().await;
    many_messages(&app, id, 200);

    let many = count().await;

    assert_eq!(few.len(), many.len(), "{few:#?} and {many:#?}");
    assert!(many.len() <= 25, "{many:#?}");
    app.take_jobs();
}
