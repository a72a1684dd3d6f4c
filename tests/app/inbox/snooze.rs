//! Snoozed conversations, and what wakes them.

use crate::support::talk::{ANA, said};
use crate::support::{TestApp, form, get, post};
use switchboard::conversations::model::ConversationId;

async fn snoozed(app: &TestApp, until: &str) -> ConversationId {
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let answer = app.bob(form(&format!("/conversations/{id}/snooze"), &[("until", until)])).await;
    assert_eq!((answer.status, answer.location()), (303, format!("/inbox/{id}").as_str()));
    id
}

fn status(app: &TestApp) -> String {
    app.text("SELECT status::text AS text FROM conversations")
}

#[actix_web::test]
async fn what_is_snoozed_rests_in_its_own_queue_until_its_time_has_come() {
    let app = TestApp::new().await;
    let id = snoozed(&app, "hour").await;
    app.bob(get("/inbox")).await.hides("Ana Alves");
    app.bob(get("/inbox?queue=snoozed")).await.shows("Ana Alves");

    app.run_jobs().await;
    assert_eq!(status(&app), "snoozed", "its time is still to come");

    app.sql("UPDATE conversations SET snoozed_until = now() - interval '1 second'");
    app.pass_time();
    app.run_jobs().await;
    assert_eq!(status(&app), "open");
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Bob Baker snoozed this until").shows("Woken: its time has come");
    assert_eq!(app.count("FROM conversations WHERE waiting_since IS NOT NULL"), 1, "the customer waits as before");
    app.take_jobs();
}

#[actix_web::test]
async fn it_is_woken_once_however_often_the_job_runs() {
    let app = TestApp::new().await;
    let id = snoozed(&app, "hour").await;
    app.sql("UPDATE conversations SET snoozed_until = now() - interval '1 second'");
    let wake =
        || async { app.within(move |conn, tenant| switchboard::conversations::states::wake(conn, tenant, id)).await };

    let (one, two) = tokio::join!(wake(), wake());

    assert!(one != two, "one of them woke it");
    assert!(!wake().await);
    assert_eq!(app.count("FROM conversation_activities WHERE cause = 'clock'"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn snoozed_anew_it_is_not_woken_at_the_old_time() {
    let app = TestApp::new().await;
    let id = snoozed(&app, "hour").await;
    app.bob(form(&format!("/conversations/{id}/snooze"), &[("until", "week")])).await;
    assert_eq!(app.count("FROM graphile_worker._private_jobs"), 1, "one job for one conversation");

    app.pass_time();
    app.run_jobs().await;

    assert_eq!(status(&app), "snoozed");
    app.take_jobs();
}

#[actix_web::test]
async fn until_reply_means_until_the_customer_writes_and_no_clock_wakes_it() {
    let app = TestApp::new().await;
    let id = snoozed(&app, "reply").await;
    assert_eq!(app.take_jobs(), Vec::<String>::new());
    app.bob(get(&format!("/inbox/{id}"))).await.shows("snoozed this until the customer writes").shows("Until reply");

    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    app.hears(number, said(ANA, "Here I am")).await;

    assert_eq!(status(&app), "open");
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Woken: the customer wrote");
    assert_eq!(app.count("FROM conversation_activities WHERE cause = 'customer'"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn a_message_that_meets_a_resolution_leaves_the_conversation_open_or_resolved_after_it() {
    let app = TestApp::new().await;
    let id = snoozed(&app, "reply").await;
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();

    let resolve = app.bob(post(&format!("/conversations/{id}/resolution")));
    let (answer, ()) = tokio::join!(resolve, app.hears(number, said(ANA, "Wait!")));

    // Whichever was first: the lines lead, step by step, to what it is, and none was lost.
    assert_eq!(answer.status, 303);
    let lines = app.texts(
        "SELECT old_status || '>' || new_status AS text FROM conversation_activities WHERE kind = 'status' ORDER BY id",
    );
    let resolved_last = ["open>snoozed", "snoozed>open", "open>resolved"];
    let woken_last = ["open>snoozed", "snoozed>resolved", "resolved>open"];
    assert!(lines == resolved_last || lines == woken_last, "{lines:?}");
    assert!(lines[2].ends_with(&format!(">{}", status(&app))));
    assert_eq!(app.count("FROM messages"), 2);
    app.take_jobs();
}

#[actix_web::test]
async fn a_moment_that_is_past_is_told_and_what_was_typed_is_kept() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let fields = [("until", "moment"), ("date", "2020-02-29"), ("time", "07:45")];

    let page = app.bob(form(&format!("/conversations/{id}/snooze"), &fields)).await;
    assert_eq!(page.shows("still to come").shows("2020-02-29").shows("07:45").status, 422);
    let menu = app.bob(form(&format!("/conversations/{id}/snooze"), &fields).htmx("pill_menu")).await;
    assert_eq!(menu.shows("still to come").hides("<html").status, 422);

    assert_eq!((status(&app).as_str(), app.count("FROM conversation_activities")), ("open", 0));
}

#[actix_web::test]
async fn what_is_resolved_cannot_be_snoozed() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(post(&format!("/conversations/{id}/resolution"))).await;

    let answer = app.bob(form(&format!("/conversations/{id}/snooze"), &[("until", "hour")])).await;

    assert_eq!(answer.shows("resolved cannot become snoozed").status, 422);
    assert_eq!(app.take_jobs(), Vec::<String>::new());
}
