//! Writing an answer, and what becomes of it.

use crate::support::talk::{ANA, BEN, event, named, said};
use crate::support::{Ask, TestApp, form, get, post};
use serde_json::json;
use switchboard::conversations::model::ConversationId;
use switchboard::messages::outbox;
use switchboard::numbers::model::{NumberId, Status};
use uuid::Uuid;

fn send(id: ConversationId, fields: &[(&str, &str)]) -> Ask {
    form(&format!("/conversations/{id}/messages"), fields)
}

#[actix_web::test]
async fn an_answer_is_shown_at_once_and_sent_by_a_job() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Is it ready?"]).await;

    let answer = app.bob(send(id, &[("body", " It is! ")])).await;

    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}").as_str()));
    assert_eq!(app.take_jobs(), ["messages:deliver"]);
    let thread = app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    thread.shows(">It is!</p>").shows("Waiting to be sent").shows("Bob Baker");
    app.eve(get("/inbox")).await.shows("It is!").hides("Waiting for an answer");
    assert_eq!(app.audited().last().unwrap(), "queued messages");
    assert_eq!(app.count("FROM conversations WHERE waiting_since IS NULL"), 1, "nobody waits any more");
}

#[actix_web::test]
async fn a_form_sent_twice_is_one_message() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let message_id = app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.field("message_id");
    let fields = [("message_id", message_id.as_str()), ("body", "Only once")];

    let (one, two) = tokio::join!(app.bob(send(id, &fields)), app.bob(send(id, &fields)));
    let again = app.bob(send(id, &fields)).await;

    assert_eq!((one.status, two.status, again.status), (303, 303, 303));
    assert_eq!(app.count("FROM messages WHERE body = 'Only once'"), 1);
    assert_eq!(app.take_jobs(), ["messages:deliver"]);
    assert_eq!(app.count("FROM audit_entries WHERE action = 'queued'"), 1);
}

#[actix_web::test]
async fn a_message_id_of_somebody_else_writes_nothing_anywhere() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello"]).await;
    let ben = app.conversation(number, BEN, &["Hello"]).await;
    let taken = Uuid::now_v7().to_string();
    app.eve(send(ben, &[("message_id", taken.as_str()), ("body", "for Ben")])).await;

    app.bob(send(ana, &[("message_id", taken.as_str()), ("body", "for Ana")])).await;

    assert_eq!(app.texts("SELECT body AS text FROM messages WHERE direction = 'outbound'"), ["for Ben"]);
    app.take_jobs();
}

#[actix_web::test]
async fn htmx_gets_an_empty_composer_for_the_next_one() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let first = app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.field("message_id");

    let composer = app.bob(send(id, &[("message_id", first.as_str()), ("body", "Hi")]).htmx("composer")).await;

    assert_eq!(composer.status, 200);
    composer.shows("></textarea>").hides("bubble").hides("<html");
    assert_ne!(composer.field("message_id"), first);
    app.take_jobs();
}

#[actix_web::test]
async fn a_refused_answer_keeps_what_was_typed() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    let empty = app.bob(send(id, &[("body", "   ")]).htmx("composer")).await;
    assert_eq!(empty.shows("Write something first.").status, 422);
    let long = "x".repeat(65_537);
    let long = app.bob(send(id, &[("body", &long)])).await;
    assert_eq!(long.shows("at most 65536 characters").status, 422);
    assert!(long.has(&"x".repeat(65_537)), "what was typed is still there");
    let nul = app.bob(send(id, &[("body", "a\0b")]).htmx("composer")).await;
    assert_eq!(nul.shows("cannot be stored").shows(">ab</textarea>").status, 422);

    assert_eq!(app.count("FROM messages WHERE direction = 'outbound'"), 0);
}

#[actix_web::test]
async fn the_longest_message_of_wide_characters_is_taken() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    assert_eq!(app.bob(send(id, &[("body", &"ü".repeat(65_536))])).await.status, 303);

    app.take_jobs();
}

#[actix_web::test]
async fn an_answer_quotes_the_message_it_answers() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Is it ready?"]).await;
    let ben = app.conversation(number, BEN, &["Ben's secret"]).await;
    let asked = app.text("SELECT id::text AS text FROM messages WHERE body = 'Is it ready?'");
    let bens = app.text("SELECT id::text AS text FROM messages WHERE body LIKE 'Ben%'");

    let composer = app.bob(get(&format!("/inbox/{id}?reply_to={asked}")).htmx("composer")).await;
    composer.shows("Is it ready?").shows(r#"name="reply_to""#);
    assert_eq!(app.bob(send(id, &[("body", "Yes"), ("reply_to", &asked)])).await.status, 303);

    let quoted = app.text("SELECT metadata #>> '{quoted,body}' AS text FROM messages WHERE body = 'Yes'");
    assert_eq!(quoted, "Is it ready?");
    app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await.shows("<blockquote").shows("Ana Alves");
    assert_eq!(app.bob(send(id, &[("body", "No"), ("reply_to", &bens)])).await.status, 404, "of another conversation");
    assert_eq!(app.bob(get(&format!("/inbox/{id}?reply_to={bens}")).htmx("composer")).await.status, 404);
    assert_eq!(app.bob(get(&format!("/inbox/{ben}?reply_to=nonsense")).htmx("composer")).await.status, 200);
    app.take_jobs();
}

#[actix_web::test]
async fn while_the_number_is_away_what_is_sent_waits() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.reported(number, Status::Failed).await;
    app.bob(get(&format!("/inbox/{id}")).htmx("composer")).await.shows("waits and goes out when the number is back");

    app.bob(send(id, &[("body", "For later")])).await;
    app.run_jobs().await;

    assert_eq!(app.text("SELECT status::text AS text FROM messages WHERE body = 'For later'"), "queued");
    let working = json!({"name": "acme-workshop", "status": "WORKING", "statuses": []});
    app.told(number, &event("session.status", working)).await;
    assert_eq!(app.take_jobs(), ["messages:deliver"], "its return asks for the delivery");
}

#[actix_web::test]
async fn ticks_move_forward_only() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let ours = || {
        let mut ours = named(ANA, "From the phone", "3EB0PHONE");
        ours["id"] = json!(format!("true_{ANA}@c.us_3EB0PHONE"));
        ours["fromMe"] = json!(true);
        ours
    };
    app.hears(number, ours()).await;
    let ack = |ack: i64| {
        event(
            "message.ack",
            json!({"id": format!("true_{ANA}@c.us_3EB0PHONE"), "from": format!("{ANA}@c.us"), "fromMe": true, "ack": ack}),
        )
    };
    let tick = async || {
        let html = app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await.html;
        let (_, rest) = html.split_once("From the phone").unwrap();
        ["Sent", "Delivered", "Read"].into_iter().find(|label| rest.contains(&format!(r#"title="{label}""#)))
    };

    assert_eq!(tick().await, Some("Sent"));
    app.told(number, &ack(3)).await;
    assert_eq!(tick().await, Some("Read"));
    app.told(number, &ack(2)).await;
    app.told(number, &ack(-1)).await;
    assert_eq!(tick().await, Some("Read"));
}

#[actix_web::test]
async fn a_failed_message_can_be_sent_again() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(send(id, &[("body", "Hi")])).await;
    let message = app.text("SELECT id::text AS text FROM messages WHERE body = 'Hi'");
    app.sql("UPDATE messages SET status = 'failed', error_message = 'Not on WhatsApp.', lease = 3 WHERE body = 'Hi'");
    app.take_jobs();
    let thread = app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    thread.shows("Not on WhatsApp.").shows("Try again").shows(&format!("/messages/{message}/retry"));
    app.olga(get(&format!("/inbox/{id}")).htmx("thread_messages")).await.shows("Not on WhatsApp.").hides("Try again");

    let retry = post(&format!("/messages/{message}/retry"));
    assert_eq!(app.carol(retry.clone()).await.status, 404);
    assert_eq!(app.olga(retry.clone()).await.status, 403);
    assert_eq!(app.bob(retry.clone()).await.location(), format!("/inbox/{id}"));

    let again = "SELECT status || ' ' || lease AS text FROM messages WHERE body = 'Hi'";
    assert_eq!(app.text(again), "queued 3", "a slow sender of an earlier claim has lost it");
    assert_eq!(app.take_jobs(), ["messages:deliver"]);
    assert!((300..500).contains(&app.bob(retry).await.status), "a second click sends no second message");
    app.take_jobs();
}

/// A number that works at the gateway, and a conversation over it.
pub async fn paired(app: &TestApp) -> (NumberId, ConversationId) {
    let fields = [("name", "Workshop"), ("external_session_id", "acme-workshop"), ("engine", "GOWS")];
    app.ada(form("/settings/numbers", &fields)).await;
    app.run_jobs().await;
    let simulator = app.simulator.as_ref().unwrap();
    simulator.add_person(ANA, "Ana Alves");
    app.until("it was scanned", async || simulator.scan("acme-workshop", None).is_ok()).await;
    app.until("it works", async || app.count("FROM waha_sessions WHERE status = 'working'") == 1).await;
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    (number, app.conversation(number, ANA, &["Is it ready?"]).await)
}

#[actix_web::test]
async fn a_deactivated_tenant_receives_and_sends_nothing_until_it_is_back() {
    let app = TestApp::with_gateway().await;
    let (number, id) = paired(&app).await;
    app.bob(send(id, &[("body", "It is!")])).await;
    let of_answer = "SELECT status::text AS text FROM messages WHERE body = 'It is!'";

    app.sql("UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'");
    app.run_jobs().await;
    app.hears(number, said(ANA, "Hello?")).await;
    assert_eq!(app.text(of_answer), "queued");
    assert_eq!(app.count("FROM messages WHERE body = 'Hello?'"), 1);

    app.sql("UPDATE tenants SET status = 'active' WHERE slug = 'acme'");
    app.within(move |conn, tenant| outbox::deliver(conn, tenant, number)).await;
    app.run_jobs().await;
    app.until("it was delivered", async || app.text(of_answer) == "delivered").await;
}

#[actix_web::test]
async fn an_answer_reaches_the_customer_and_its_ticks_come_back() {
    let app = TestApp::with_gateway().await;
    let (_, id) = paired(&app).await;

    app.bob(send(id, &[("body", "It is!")])).await;
    app.run_jobs().await;

    let thread = async || app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    app.until("it was delivered", async || thread().await.has(r#"title="Delivered""#)).await;
    assert_eq!(app.count("FROM messages WHERE body = 'It is!'"), 1, "its own echo is no second message");
    app.pass_time();
    app.run_jobs().await;
}
