//! Requests: opened, worked on, extended once, ended with a reason.

use super::{customer, days_ago, id_of};
use crate::support::talk::ANA;
use crate::support::{Answer, TestApp, form, get, post};

async fn opened(app: &TestApp, fields: &[(&str, &str)]) -> Answer {
    app.ada(form("/gdpr/requests", fields)).await
}

#[actix_web::test]
async fn a_request_is_due_a_calendar_month_after_receipt_and_overdue_ones_come_first() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    let (today, old) = (days_ago(0), days_ago(40));

    let late = opened(&app, &[("kind", "erasure"), ("requester", "Somebody, by letter"), ("received_on", &old)]).await;
    let fields = [("kind", "access"), ("requester", "Ana"), ("customer", "+351 912 345 678"), ("received_on", &today)];
    let fresh = opened(&app, &fields).await;

    assert_eq!((late.status, fresh.status), (303, 303));
    let list = app.ada(get("/gdpr")).await;
    list.shows("Overdue by").shows("Somebody, by letter").shows("Ana Alves");
    let at = |words: &str| list.html.find(words).unwrap();
    assert!(at("Somebody, by letter") < at("Ana Alves"), "what is due first comes first");
    let due = app.text("SELECT (due_on = (received_on + interval '1 month')::date)::text AS text FROM privacy_cases WHERE kind = 'access'");
    assert_eq!(due, "true");
    app.ada(get(fresh.location())).await.shows("Make the file");
    assert!(app.audited().contains(&"created privacy_cases".to_owned()));
    app.olga(get(late.location())).await.shows("Somebody, by letter").hides("/refusal");
    app.take_jobs();
}

#[actix_web::test]
async fn a_rejected_request_keeps_what_was_typed_and_stores_nothing() {
    let app = TestApp::new().await;
    let today = days_ago(0);

    let fields = [("kind", "access"), ("requester", "Zoe"), ("customer", "+49 1512 3456789"), ("received_on", &today)];
    let nobody = opened(&app, &fields).await;
    assert_eq!(nobody.status, 422);
    nobody.shows("No customer has this phone number").shows("+49 1512 3456789").shows("Zoe");
    let empty = opened(&app, &[("received_on", "0000-00-00"), ("details", "Please")]).await;
    assert_eq!(empty.status, 422);
    empty.shows("Choose what they ask for.").shows("Say who asked.").shows("Please");

    assert_eq!(app.count("FROM privacy_cases"), 0);
}

#[actix_web::test]
async fn a_request_goes_through_its_steps_and_remembers_them() {
    let app = TestApp::new().await;
    let today = days_ago(0);
    let made = opened(&app, &[("kind", "objection"), ("requester", "Ana"), ("received_on", &today)]).await;
    let path = made.location().to_owned();
    let ada = app.text("SELECT id::text AS text FROM users WHERE email = 'ada@acme.test'");
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    let step = |step: &str, fields: &[(&str, &str)]| app.ada(form(&format!("{path}/{step}"), fields));

    assert_eq!(step("assignee", &[("assignee", &bob)]).await.status, 422, "Bob may not work on requests");
    assert_eq!(step("assignee", &[("assignee", &ada)]).await.status, 303);
    assert_eq!(step("start", &[]).await.status, 303);
    assert_eq!(step("notes", &[("note", "Called back")]).await.status, 303);
    assert_eq!(step("extension", &[("extension", "Many files")]).await.status, 303);
    let twice = step("extension", &[("extension", "Once more")]).await;
    assert_eq!(twice.status, 422);
    twice.shows("It can be extended once.");
    let due = "SELECT (due_on = (received_on + interval '3 months')::date)::text AS text FROM privacy_cases";
    assert_eq!(app.text(due), "true");
    assert_eq!(step("refusal", &[("refusal", "")]).await.status, 422, "a refusal has a reason");
    assert_eq!(step("refusal", &[("refusal", "Not them")]).await.status, 303);
    assert_eq!(step("notes", &[("note", "Afterwards")]).await.status, 303);
    assert_eq!(step("completion", &[]).await.status, 422, "it is closed");
    app.ada(get("/gdpr?state=closed")).await.shows("Refused");
    assert_eq!(step("reopening", &[]).await.status, 303);
    assert_eq!(step("completion", &[("outcome", "Told by letter")]).await.status, 303);

    let page = app.ada(get(&path)).await;
    for words in ["Called back", "Many files", "Not them", "Told by letter", "re-opened it", "Ada Arnold"] {
        page.shows(words);
    }
    app.ada(get("/gdpr?state=mine")).await.hides(&id_of(&path));
}

#[actix_web::test]
async fn the_person_behind_a_request_is_found_later() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    let today = days_ago(0);
    let made = opened(&app, &[("kind", "rectification"), ("requester", "A caller"), ("received_on", &today)]).await;
    let path = made.location().to_owned();
    app.ada(get(&path)).await.shows("Make sure who asks");

    let wrong = app.ada(form(&format!("{path}/customer"), &[("customer", "nobody@acme.test")])).await;
    assert_eq!(wrong.status, 422);
    wrong.shows("nobody@acme.test");
    let named = app.ada(form(&format!("{path}/customer"), &[("customer", ANA)])).await;
    assert_eq!(named.status, 303);

    let ana = customer(&app, ANA);
    app.ada(get(&path)).await.shows(&format!("/customers/{ana}/edit"));
    app.ada(get(&format!("/customers/{ana}/privacy"))).await.shows("Rectification");
    assert_eq!(app.carol(post(&format!("{path}/start"))).await.status, 404);
    app.take_jobs();
}
