//! Notes: for colleagues only, and whom they name.

use crate::support::talk::{ANA, BEN, said, with};
use crate::support::{Ask, TestApp, form, get, queries};
use actix_web::http::Method;
use serde_json::json;
use switchboard::conversations::model::ConversationId;

fn note(id: ConversationId, body: &str) -> Ask {
    form(&format!("/conversations/{id}/notes"), &[("body", body)])
}

async fn thread(app: &TestApp) -> ConversationId {
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Is it ready?"]).await
}

async fn team(app: &TestApp, name: &str, members: &[&str]) {
    let ids =
        members.iter().map(|email| app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{email}'")));
    let values: Vec<String> = ids.collect();
    app.sql(&format!("INSERT INTO teams (tenant_id, id, name) VALUES ('{}', gen_random_uuid(), '{name}')", app.acme));
    for id in values {
        app.sql(&format!(
            "INSERT INTO team_members (tenant_id, team_id, user_id) SELECT tenant_id, id, '{id}' FROM teams"
        ));
    }
}

#[actix_web::test]
async fn a_note_is_for_colleagues_and_goes_nowhere() {
    let app = TestApp::new().await;
    let id = thread(&app).await;

    let answer = app.bob(note(id, " She wants it *today* ")).await;

    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}?compose=note").as_str()));
    assert!(app.take_jobs().is_empty(), "nothing is sent");
    let shown = app.olga(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    shown.shows("Note, seen by colleagues only").shows("She wants it <strong>today</strong>").shows("Bob Baker");
    shown.hides("Delivered").hides("Reply to this message");
    app.eve(get("/inbox")).await.shows("lead-note").shows("She wants it *today*").hides("Note: She");
    assert_eq!(app.count("FROM conversations WHERE waiting_since IS NOT NULL"), 1, "the customer still waits");
    assert_eq!(app.audited().last().unwrap(), "noted messages");
    assert_eq!(app.text("SELECT last_message_preview AS text FROM conversations"), "Note: She wants it *today*");
}

#[actix_web::test]
async fn whoever_may_not_write_writes_no_note() {
    let app = TestApp::new().await;
    let id = thread(&app).await;

    assert_eq!(app.olga(note(id, "x")).await.status, 403);
    assert_eq!(app.carol(note(id, "x")).await.status, 404);
    assert_eq!(app.anybody(note(id, "x")).await.status, 303);
    app.assign(id, "eve@acme.test");
    assert_eq!(app.bob(note(id, "x")).await.status, 404);

    assert_eq!(app.count("FROM messages WHERE is_private"), 0);
}

#[actix_web::test]
async fn a_refused_note_keeps_what_was_typed_and_stays_a_note() {
    let app = TestApp::new().await;
    let id = thread(&app).await;

    let empty = app.bob(note(id, "  ").htmx("composer")).await;
    assert_eq!(empty.shows("Write something first.").shows("Seen by colleagues only").status, 422);
    let long = app.bob(note(id, &"x".repeat(65_537)).htmx("composer")).await;
    assert_eq!(long.shows("A note has at most").shows(&"x".repeat(65_537)).status, 422);
    let nul = app.bob(note(id, "a\0b").htmx("composer")).await;
    assert_eq!(nul.status, 422);
    nul.shows(">ab</textarea>");

    assert_eq!(app.count("FROM messages WHERE is_private"), 0);
}

#[actix_web::test]
async fn a_note_sent_twice_is_one_note() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let composer = app.bob(get(&format!("/inbox/{id}?compose=note")).htmx("composer")).await;
    let fields = [("message_id", composer.field("message_id")), ("body", "Once, @Eve Evans".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ask = form(&format!("/conversations/{id}/notes"), &fields);

    let (one, two) = tokio::join!(app.bob(ask.clone()), app.bob(ask));

    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!((app.count("FROM messages WHERE is_private"), app.count("FROM mentions")), (1, 1));
}

#[actix_web::test]
async fn whoever_is_named_finds_the_conversation_until_they_have_looked_and_after() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    app.assign(id, "bob@acme.test");
    assert_eq!(app.eve(get(&format!("/inbox/{id}"))).await.status, 404, "it is Bob's");

    app.bob(note(id, "Can you look, @eve evans?")).await;

    let queue = app.eve(get("/inbox?queue=mentions").htmx("conversation_list")).await;
    queue.shows("Ana Alves").shows("A note names you").shows(r#"<span>Mentions</span><span class="count">1</span>"#);
    app.bob(get("/inbox?queue=mentions")).await.hides("Ana Alves");
    let opened = app.eve(get(&format!("/inbox/{id}"))).await;
    assert_eq!(opened.status, 200);
    opened.shows(r#"<span class="mention is-reader">@Eve Evans</span>"#);
    let after = app.eve(get("/inbox?queue=mentions").htmx("conversation_list")).await;
    after.shows("Ana Alves").hides("A note names you").hides(r#"<span>Mentions</span><span class="count">"#);
    assert_eq!(app.bob(get(&format!("/inbox/{id}"))).await.shows("@Eve Evans").hides("is-reader").status, 200);
    app.take_jobs();
}

#[actix_web::test]
async fn a_team_calls_its_members_but_not_the_writer() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    team(&app, "Night shift", &["bob@acme.test", "eve@acme.test"]).await;

    app.bob(note(id, "@Night shift: she comes at ten")).await;

    assert_eq!(app.texts("SELECT email AS text FROM mentions JOIN users ON id = user_id"), ["eve@acme.test"]);
    app.eve(get(&format!("/inbox/{id}"))).await.shows(r#"<span class="mention">@Night shift</span>"#);
    app.take_jobs();
}

#[actix_web::test]
async fn the_composer_offers_colleagues_who_may_read_and_teams() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    team(&app, "Night shift", &[]).await;

    let composer = app.bob(get(&format!("/inbox/{id}?compose=note")).htmx("composer")).await;

    composer.shows(r#"data-insert="@Eve Evans ""#).shows(r#"data-insert="@Night shift ""#).hides("Carol");
    assert!(composer.has(r#"name="compose" value="note""#) && composer.has(&format!("/conversations/{id}/notes")));
    app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.hides("data-insert").shows("compose=note");
}

#[actix_web::test]
async fn an_answer_and_a_note_have_a_draft_each() {
    let app = TestApp::new().await;
    let id = thread(&app).await;
    let draft = |kind: &str, text: &str| {
        Ask::new(Method::PUT, &format!("/conversations/{id}/draft")).fields(&[("compose", kind), ("body", text)])
    };

    app.bob(draft("note", "For Eve")).await;
    app.bob(get("/inbox")).await.shows("Draft:").shows("For Eve");
    app.bob(draft("", "Dear Ana")).await;

    app.bob(get(&format!("/inbox/{id}"))).await.shows(">Dear Ana</textarea>").shows("Something is written here");
    app.bob(get(&format!("/inbox/{id}?compose=note"))).await.shows(">For Eve</textarea>");
    app.bob(get("/inbox")).await.shows("Dear Ana");
    app.bob(note(id, "For Eve")).await;
    assert_eq!(app.text("SELECT body || '|' || note AS text FROM drafts"), "Dear Ana|");
    app.bob(draft("", " ")).await;
    assert_eq!(app.count("FROM drafts"), 0);
    app.take_jobs();
}

#[actix_web::test]
async fn what_comes_after_a_note_is_the_last_message_again_and_the_number_of_statements_stays() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.conversation(number, BEN, &["Hi"]).await;
    app.bob(note(id, "@Eve Evans")).await;
    let count = async || {
        app.eve(get("/inbox?queue=mentions")).await;
        queries::take(app.url());
        app.eve(get("/inbox?queue=mentions")).await;
        queries::take(app.url()).len()
    };
    let one = count().await;

    let later = json!({ "timestamp": chrono::Utc::now().timestamp() + 2 });
    app.hears(number, with(said(ANA, "Are you there?"), later)).await;
    app.bob(note(app.conversation_with(BEN), "@Eve Evans")).await;

    assert_eq!(count().await, one);
    app.eve(get("/inbox")).await.shows("Are you there?");
    app.take_jobs();
}
