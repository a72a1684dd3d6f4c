//! What users are told of: who gets it, how it counts up, where it leads, and what nobody may learn by it.

use super::support::talk::{ANA, said};
use super::support::{TestApp, Who, form, get, post, queries};
use chrono::Utc;
use switchboard::notifications::model::{Kind, NotificationId, To, notify, purge, settle};
use switchboard::numbers::model::Status;
use uuid::Uuid;

const HERE: &str = "/notifications";
const BELL: &str = "/notifications/bell";

impl TestApp {
    async fn told_of(&self, who: Who, kind: Kind, about: Uuid) {
        let user: Uuid =
            self.text(&format!("SELECT id::text AS text FROM users WHERE email = '{}'", who.email())).parse().unwrap();
        self.within(move |conn, tenant| notify(conn, tenant, To::Users(&[user.into()]), kind, about)).await;
    }

    fn known_to(&self, who: Who) -> Vec<String> {
        self.texts(&format!(
            "SELECT concat_ws(' ', kind, count, read_at IS NOT NULL) AS text FROM notifications \
             JOIN users ON users.id = user_id WHERE email = '{}' ORDER BY notifications.updated_at, kind",
            who.email()
        ))
    }
}

/// Ana's conversation, which is Bob's.
async fn bobs() -> (TestApp, Uuid) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    app.assign(thread, Who::Bob.email());
    app.take_jobs();
    (app, thread.get())
}

#[actix_web::test]
async fn messages_of_ones_own_conversation_count_up_until_it_is_read() {
    let (app, thread) = bobs().await;
    assert_eq!(app.known_to(Who::Bob), Vec::<String>::new(), "nobody's conversation tells nobody");
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();

    for text in ["Are you there?", "Please answer"] {
        app.hears(number, said(ANA, text)).await;
    }

    assert_eq!((app.known_to(Who::Bob), app.known_to(Who::Eve)), (vec!["new_message 2 f".to_owned()], Vec::new()));
    let bell = app.bob(get(BELL)).await;
    bell.shows("2 new messages from Ana Alves").shows("1 unread notification").shows(r#"data-unread="1""#);
    app.bob(get(&format!("/inbox/{thread}"))).await;
    app.bob(get(BELL)).await.shows("No unread notifications");
    app.hears(number, said(ANA, "Thanks")).await;
    assert_eq!(app.known_to(Who::Bob), ["new_message 2 t", "new_message 1 f"]);
    app.take_jobs();
}

#[actix_web::test]
async fn a_click_leads_on_and_reads_and_the_rest_is_read_at_once() {
    let (app, thread) = bobs().await;
    app.told_of(Who::Bob, Kind::Assignment, thread).await;
    app.told_of(Who::Bob, Kind::Mention, thread).await;
    let id = app.text("SELECT id::text AS text FROM notifications WHERE kind = 'mention'");

    let answer = app.bob(get(&format!("{HERE}/{id}"))).await;

    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{thread}").as_str()));
    app.bob(get(HERE)).await.shows("The conversation with Ana Alves is yours now").hides("You were named");
    app.bob(get(&format!("{HERE}?show=all"))).await.shows("You were named in the conversation with Ana Alves");
    let rest = app.text("SELECT id::text AS text FROM notifications WHERE kind = 'assignment'");
    for who in [Who::Eve, Who::Ada, Who::Carol] {
        assert_eq!(app.ask(who, get(&format!("{HERE}/{rest}"))).await.status, 404, "somebody else's");
        assert_eq!(app.ask(who, post(&format!("{HERE}/{rest}/reading"))).await.status, 404);
    }
    assert_eq!(app.bob(post(&format!("{HERE}/{rest}/reading"))).await.status, 303);
    app.told_of(Who::Bob, Kind::Mention, thread).await;
    assert_eq!(app.bob(post("/notifications/reading")).await.status, 303);
    app.bob(get(HERE)).await.shows("You have read everything.");
    assert_eq!(app.anybody(get(HERE)).await.status, 303);
}

#[actix_web::test]
async fn whoever_lost_the_right_or_was_erased_is_not_told_of() {
    let (app, thread) = bobs().await;
    app.told_of(Who::Bob, Kind::Mention, thread).await;
    let id = app.text("SELECT id::text AS text FROM notifications");
    app.bob(get(BELL)).await.shows("Ana Alves");

    app.sql("UPDATE conversations SET assignee_id = (SELECT id FROM users WHERE email = 'eve@acme.test')");

    app.bob(get(BELL)).await.hides("Ana Alves").shows("No unread notifications");
    app.bob(get(HERE)).await.hides("Ana Alves");
    assert_eq!(app.bob(get(&format!("{HERE}/{id}"))).await.status, 404);
    app.told_of(Who::Olga, Kind::Mention, thread).await;
    app.sql("UPDATE conversations SET title = '+351912345678'");
    app.olga(get(BELL)).await.shows("+35 ••• 78").hides("912 345");
    app.sql("UPDATE conversations SET deleted_at = now()");
    app.olga(get(BELL)).await.shows("No unread notifications");
}

#[actix_web::test]
async fn a_missed_call_is_told_until_somebody_takes_it_on() {
    let (app, _) = bobs().await;
    app.sql("UPDATE conversations SET assignee_id = NULL");
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    let payload =
        serde_json::json!({ "id": "C1", "from": format!("{ANA}@c.us"), "timestamp": Utc::now().timestamp() - 600 });
    app.told(number, &super::support::talk::event("call.received", payload)).await;

    app.pass_time();
    app.run_jobs().await;

    for who in [Who::Bob, Who::Max, Who::Ada] {
        app.ask(who, get(BELL)).await.shows("Missed call from Ana Alves");
    }
    app.olga(get(BELL)).await.hides("Missed call");
    let call = app.text("SELECT id::text AS text FROM calls");
    app.max(post(&format!("/calls/{call}/callback"))).await;
    assert_eq!(app.count("FROM notifications WHERE read_at IS NULL"), 0);
    app.bob(get(&format!("{HERE}?show=all"))).await.hides("Missed call");
    app.take_jobs();
}

#[actix_web::test]
async fn a_number_that_fails_is_told_to_those_who_can_mend_it_until_it_works() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    app.reported(number, Status::Failed).await;

    app.ada(get(BELL)).await.shows("Workshop stopped working");
    app.max(get(BELL)).await.shows("Workshop stopped working");
    app.bob(get(BELL)).await.hides("Workshop");
    app.reported(number, Status::Working).await;
    assert_eq!(app.count("FROM notifications WHERE read_at IS NULL"), 0);
    app.take_jobs();
}

#[actix_web::test]
async fn finished_work_is_told_to_whoever_asked_for_it() {
    let app = TestApp::new().await;

    let work = app.within(|conn, tenant| {
        use switchboard::tasks::model::{self as tasks, NewTask};
        let by = switchboard::users::model::by_email(conn, tenant, Who::Ada.email())?.unwrap();
        let new =
            NewTask { kind: "test", title: "Export of customers", total: None, params: serde_json::json!({}), by };
        let (done, failed) = (tasks::create(conn, tenant, &new)?, tasks::create(conn, tenant, &new)?);
        tasks::complete(conn, tenant, done, &serde_json::json!({}), None)?;
        tasks::fail(conn, tenant, failed, "No room")?;
        tasks::fail(conn, tenant, failed, "No room")?;
        Ok(done)
    });
    let done = work.await;

    let bell = app.ada(get(BELL)).await;
    bell.shows("Export of customers: done").shows("Export of customers: failed").shows("2 unread notifications");
    let id = app.text(&format!("SELECT id::text AS text FROM notifications WHERE subject_id = '{done}'"));
    assert_eq!(app.ada(get(&format!("{HERE}/{id}"))).await.location(), format!("/tasks/{done}"));
    app.max(get(BELL)).await.hides("Export");
}

#[actix_web::test]
async fn whoever_wants_none_gets_none() {
    let (app, thread) = bobs().await;
    app.sql("UPDATE users SET preferences = '{\"notifications\": {\"mention\": {\"in_app\": false}}}' WHERE email = 'bob@acme.test'");

    app.told_of(Who::Bob, Kind::Mention, thread).await;
    app.told_of(Who::Bob, Kind::Assignment, thread).await;
    app.sql("UPDATE users SET is_active = false WHERE email = 'eve@acme.test'");
    app.told_of(Who::Eve, Kind::Assignment, thread).await;

    assert_eq!(app.known_to(Who::Bob), ["assignment 1 f"]);
    assert_eq!(app.known_to(Who::Eve), Vec::<String>::new());
    app.bob(get("/account")).await.shows("Missed calls").shows("Background work").shows(r#"name="missed_call.in_app""#);
    app.bob(form(
        "/account",
        &[("first_name", "Bob"), ("last_name", "Baker"), ("theme", "dark"), ("mention.in_app", "on")],
    ))
    .await;
    app.told_of(Who::Bob, Kind::Mention, thread).await;
    assert_eq!(app.known_to(Who::Bob).len(), 2);
}

#[actix_web::test]
async fn telling_at_once_is_one_row_and_is_heard() {
    let (app, thread) = bobs().await;
    app.hub_is_up().await;
    let mut events = app.parts.hub.watch();

    futures_util::future::join_all((0..4).map(|_| app.told_of(Who::Bob, Kind::Mention, thread))).await;

    assert_eq!(app.known_to(Who::Bob), ["mention 4 f"]);
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    loop {
        let heard = tokio::time::timeout(super::support::app::PATIENCE, events.recv()).await.unwrap().unwrap();
        if let switchboard::kit::live::Signal::Event(event) = heard
            && &*event.kind == "notification"
        {
            assert_eq!(event.subject.to_string(), bob);
            break;
        }
    }
    app.within(move |conn, tenant| settle(conn, tenant, Kind::Mention, thread)).await;
    assert_eq!(app.known_to(Who::Bob), ["mention 4 t"]);
}

#[actix_web::test]
async fn pages_go_by_key_and_old_ones_go() {
    let (app, thread) = bobs().await;
    app.told_of(Who::Bob, Kind::Mention, thread).await;
    app.bob(get(HERE)).await;
    queries::take(app.url());
    app.bob(get(HERE)).await;
    let few = queries::take(app.url()).len();
    app.sql(
        "INSERT INTO notifications (tenant_id, id, user_id, kind, subject_id, read_at, updated_at) \
         SELECT tenant_id, gen_random_uuid(), user_id, kind, subject_id, now(), now() - n * interval '1 day' \
         FROM notifications, generate_series(1, 100) AS n",
    );

    queries::take(app.url());
    let first = app.bob(get(&format!("{HERE}?show=all"))).await;
    assert_eq!(queries::take(app.url()).len(), few);
    let (before, _) = first.html.split_once(r#"" rel="next""#).unwrap();
    let next = before.rsplit_once("href=\"").unwrap().1.replace("&#38;", "&");
    let second = app.bob(get(&next)).await;
    let count = |html: &str| html.matches("notice-line").count();
    assert_eq!((count(&first.html), count(&second.html)), (50, 50));
    let gone = app.within(|conn, tenant| purge(conn, tenant, Utc::now() - chrono::Duration::days(90))).await;
    assert_eq!((gone, app.count("FROM notifications")), (11, 90));
    let _: NotificationId = NotificationId::new();
}

#[actix_web::test]
async fn whoever_is_given_a_conversation_or_called_in_a_note_is_told_and_nobody_else() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    let eve = app.text("SELECT id::text AS text FROM users WHERE email = 'eve@acme.test'");

    app.bob(form(&format!("/conversations/{thread}/owner"), &[("to", &eve)])).await;

    assert_eq!(app.known_to(Who::Eve), ["assignment 1 f"]);
    let id = Uuid::now_v7().to_string();
    let note = [("message_id", id.as_str()), ("body", "@Bob have you seen this?")];
    app.eve(form(&format!("/conversations/{thread}/notes"), &note)).await;
    let bob = app.text("SELECT first_name || ' ' || last_name AS text FROM users WHERE email = 'bob@acme.test'");
    let id = Uuid::now_v7().to_string();
    let body = format!("@{bob} have you seen this?");
    app.eve(form(&format!("/conversations/{thread}/notes"), &[("message_id", id.as_str()), ("body", &body)])).await;
    assert_eq!(app.known_to(Who::Bob), ["mention 1 f"]);
    app.bob(get(BELL)).await.shows("Ana Alves");
    app.take_jobs();
}
