//! Looking at a customer leaves a trace, once in a while.

use crate::support::talk::{ANA, BEN};
use crate::support::{Ask, TestApp, get, queries};
use switchboard::conversations::model::ConversationId;

fn open(id: ConversationId) -> Ask {
    get(&format!("/inbox/{id}"))
}

/// "Bob Ana Alves" for each look, in order.
fn reads(app: &TestApp) -> Vec<String> {
    app.texts(
        "SELECT first_name || ' ' || display_name AS text FROM (SELECT entry.id AS at, users.first_name, customers.display_name \
         FROM audit_entries AS entry JOIN users ON users.id = actor_id JOIN customers ON customers.id = entity_id \
         WHERE action = 'read' AND entity = 'customers') AS looks ORDER BY at",
    )
}

#[actix_web::test]
async fn a_customer_is_looked_at_once_per_user_and_hour() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let ana = app.conversation(number, ANA, &["Hello"]).await;
    let ben = app.conversation(number, BEN, &["Hello"]).await;

    app.bob(open(ana)).await;
    app.bob(open(ana)).await;
    app.bob(open(ana).htmx("thread")).await;
    app.olga(open(ana).htmx("customer_panel")).await;
    app.bob(open(ben)).await;

    assert_eq!(reads(&app), ["Bob Ana Alves", "Olga Ana Alves", "Bob Ben Brandt"]);
    app.parts.customer_reads.forget();
    app.bob(open(ana)).await;
    assert_eq!(reads(&app).len(), 4, "an hour later");
    app.take_jobs();
}

#[actix_web::test]
async fn parts_of_the_page_without_the_customer_leave_no_trace() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    let parts = ["conversation_list", "conversation_more", "thread_messages", "thread_older", "conversation_header"];
    for part in parts {
        app.bob(open(id).htmx(part)).await.hides("Reached by");
    }
    app.bob(get("/inbox")).await;

    assert_eq!(reads(&app), Vec::<String>::new());
    app.take_jobs();
}

#[actix_web::test]
async fn the_first_look_costs_one_statement_and_the_next_none() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let counted = async || {
        queries::take(app.url());
        app.bob(open(id).htmx("customer_panel")).await.shows("Reached by");
        queries::take(app.url()).len()
    };
    app.bob(get("/inbox")).await;

    let (first, second, third) = (counted().await, counted().await, counted().await);

    assert_eq!((first, second), (third + 1, third));
}

#[actix_web::test]
async fn a_look_that_fails_is_written_down_by_the_next() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.sql("REVOKE SELECT ON drafts FROM switchboard_app");
    assert_eq!(app.bob(open(id)).await.status, 500);
    app.sql("GRANT SELECT ON drafts TO switchboard_app");

    app.bob(open(id)).await;

    assert_eq!(reads(&app), ["Bob Ana Alves"]);
    app.take_jobs();
}

#[actix_web::test]
async fn whoever_may_not_see_a_conversation_has_not_looked_at_its_customer() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.assign(id, "eve@acme.test");

    assert_eq!(app.bob(open(id)).await.status, 404);
    assert_eq!(app.carol(open(id)).await.status, 404);

    assert_eq!(app.count("FROM audit_entries WHERE action = 'read'"), 0);
}
