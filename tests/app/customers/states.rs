//! The states of a customer and what they do to their addresses.

use super::record::made;
use crate::support::talk::{ANA, BEN, said};
use crate::support::{TestApp, form, get};

#[actix_web::test]
async fn steps_are_written_down_with_who_and_why_and_can_be_undone() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana"), ("phone", ANA)]).await;
    let state = format!("{page}/state");

    app.bob(form(&state, &[("state", "suspended"), ("reason", "Asked for quiet")])).await;
    let refused = app.bob(form(&state, &[("state", "deleted")])).await;
    assert_eq!(refused.status, 403, "agents do not delete");
    assert_eq!(app.max(form(&state, &[("state", "deleted")])).await.location(), "/customers");
    assert_eq!(app.count("FROM customer_identities WHERE deleted_at IS NULL"), 0, "reaches nobody any more");
    assert_eq!(app.bob(form(&state, &[("state", "active")])).await.status, 403);
    app.max(form(&state, &[("state", "active")])).await;

    let steps = app.texts(
        "SELECT COALESCE(old_state::text, '') || '>' || new_state || ' ' || COALESCE(reason, '') AS text \
         FROM customer_state_changes ORDER BY created_at, id",
    );
    assert_eq!(steps, [">active ", "active>suspended Asked for quiet", "suspended>deleted ", "deleted>active "]);
    assert_eq!(app.count("FROM customer_identities WHERE deleted_at IS NULL AND is_primary"), 1);
    assert_eq!(app.ada(form(&state, &[("state", "erased")])).await.status, 400);
    let bob = app.bob(get(&page)).await;
    bob.shows("Active → Suspended").shows("Asked for quiet").hides("value=\"deleted\"");
}

#[actix_web::test]
async fn the_database_refuses_steps_that_there_are_not() {
    let app = TestApp::new().await;
    made(&app, &[("first_name", "Ana")]).await;

    for (from, to) in [("active", "erased"), ("suspended", "erased"), ("archived", "erased")] {
        app.sql(&format!("UPDATE customers SET state = '{from}'"));
        let gone = app.try_sql(&format!("UPDATE customers SET state = '{to}', deleted_at = now()"));
        assert!(gone.unwrap_err().contains("does not go from"), "{from} to {to}");
        app.sql("UPDATE customers SET state = 'active'");
    }
}

#[actix_web::test]
async fn somebody_who_was_deleted_and_writes_again_is_new() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    app.ada(form(&format!("{page}/state"), &[("state", "deleted")])).await;

    app.hears(number, said(ANA, "Hello again")).await;

    assert_eq!(app.count("FROM customers WHERE deleted_at IS NULL"), 1);
    assert_eq!(app.count("FROM conversations"), 2);
    let restored = app.ada(form(&format!("{page}/state"), &[("state", "active")])).await;
    assert_eq!(restored.status, 422, "the phone belongs to the new record: {restored:?}");
    restored.shows("Another customer has this phone number");
}

#[actix_web::test]
async fn an_address_that_was_taken_away_does_not_come_back_with_a_restored_customer() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;
    app.ada(form(&format!("{page}/addresses"), &[("address", "ana@example.org")])).await;
    let address = app.text("SELECT id::text AS text FROM customer_identities");
    app.ada(form(&format!("{page}/addresses/{address}/removal"), &[])).await;

    app.ada(form(&format!("{page}/state"), &[("state", "deleted")])).await;
    assert_eq!(app.ada(form(&format!("{page}/state"), &[("state", "active")])).await.status, 303);

    assert_eq!(app.count("FROM customer_identities WHERE deleted_at IS NULL"), 0);
}

#[actix_web::test]
async fn addresses_are_added_and_taken_away_and_belong_to_one_customer() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana"), ("phone", ANA)]).await;
    made(&app, &[("first_name", "Ben"), ("phone", BEN)]).await;
    let add = format!("{page}/addresses");

    assert_eq!(app.bob(form(&add, &[("address", "Work@Example.org")])).await.status, 303);
    app.bob(get(&page)).await.shows("work@example.org").shows("Typed in");
    let theirs = app.bob(form(&add, &[("address", BEN)])).await;
    assert_eq!(theirs.status, 422);
    theirs.shows("A customer is known by this address already.").shows(BEN);
    assert_eq!(app.bob(form(&add, &[("address", "nonsense")])).await.status, 422);

    let id = |filter: &str| app.text(&format!("SELECT id::text AS text FROM customer_identities WHERE {filter}"));
    let work = id("value = 'work@example.org'");
    assert_eq!(app.bob(form(&format!("{add}/{work}/removal"), &[])).await.status, 303);
    app.bob(get(&page)).await.hides("work@example.org");
    let phone = id(&format!("value = '{ANA}'"));
    let primary = app.bob(form(&format!("{add}/{phone}/removal"), &[])).await;
    primary.shows("stands in the customer&#39;s record");
    assert_eq!(app.count("FROM customer_identities WHERE deleted_at IS NULL"), 2);
}
