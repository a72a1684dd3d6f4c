//! A customer's page: what it shows, changes and refuses.

use crate::support::talk::{ANA, BEN, said};
use crate::support::{Answer, TestApp, form, get};

/// Makes a customer by the form and tells where its page is.
pub(super) async fn made(app: &TestApp, fields: &[(&str, &str)]) -> String {
    let answer = app.ada(form("/customers", fields)).await;
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.location().to_owned()
}

async fn save(app: &TestApp, page: &str, fields: &[(&str, &str)]) -> Answer {
    let seen = app.ada(get(&format!("{page}/edit"))).await.field("seen");
    app.ada(form(page, fields).fields(&[("seen", &seen)])).await
}

#[actix_web::test]
async fn a_customer_is_made_with_every_field_and_shown_with_it() {
    let app = TestApp::new().await;
    app.ada(form("/settings/customer-fields", &[("name", "Tier"), ("kind", "choice"), ("choices", "Gold\nSilver")]))
        .await;
    app.ada(form("/settings/customer-fields", &[("name", "Health"), ("kind", "text"), ("is_sensitive", "on")])).await;
    app.ada(form("/settings/labels", &[("name", "VIP"), ("colour", "purple")])).await;
    let label = format!("label.{}", app.text("SELECT id::text AS text FROM labels"));

    let page = made(
        &app,
        &[
            ("first_name", "Ana"),
            ("last_name", "Alves"),
            ("phone", "+351 912 345 678"),
            ("email", "Ana@Bücher.example"),
            ("company", "Azulejo Lda"),
            ("note", "Prefers mornings"),
            ("customer_type", "regular"),
            ("locale", "pt"),
            ("time_zone", "Europe/Lisbon"),
            ("external_id", "K-17"),
            ("attributes.tier", "gold"),
            ("attributes.health", "Allergic to nuts"),
            (&label, "on"),
        ],
    )
    .await;

    let shown = app.bob(get(&page)).await;
    for text in [
        "Ana Alves",
        "+351 912 345 678",
        "ana@xn--bcher-kva.example",
        "Azulejo Lda",
        "Prefers mornings",
        "Regular",
        "K-17",
        "Europe/Lisbon",
        "Gold",
        "Allergic to nuts",
        "VIP",
        "label-purple",
        "Became a customer here",
    ] {
        shown.shows(text);
    }
    let identities = app.texts(
        "SELECT kind || ' ' || value || ' ' || source || ' ' || is_primary AS text FROM customer_identities ORDER BY 1",
    );
    assert_eq!(identities, ["email ana@xn--bcher-kva.example form true", "phone 351912345678 form true"]);
}

#[actix_web::test]
async fn what_is_sealed_stands_nowhere_in_clear() {
    let app = TestApp::new().await;
    app.ada(form("/settings/customer-fields", &[("name", "Health"), ("kind", "text"), ("is_sensitive", "on")])).await;
    let fields = [("first_name", "Ana"), ("note", "owes us zebras"), ("attributes.health", "penicillin")];
    let page = made(&app, &fields).await;
    save(
        &app,
        &page,
        &[("first_name", "Ana"), ("note", "owes us zebras and lions"), ("attributes.health", "penicillin!")],
    )
    .await;

    for table in ["customers", "audit_entries", "customer_state_changes"] {
        let rows = app.texts(&format!("SELECT t::text AS text FROM {table} AS t"));
        let clear = rows.iter().any(|row| row.contains("zebras") || row.contains("penicillin"));
        assert!(!clear, "{table}: {rows:?}");
    }
    app.ada(get(&page)).await.shows("owes us zebras and lions").shows("penicillin!");
    app.olga(get(&page)).await.hides("penicillin");
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed() {
    let app = TestApp::new().await;
    made(&app, &[("first_name", "Ben"), ("phone", BEN)]).await;

    let nobody = app.ada(form("/customers", &[("company", "Acme & Sons")])).await;
    assert_eq!(nobody.status, 422);
    nobody.shows("Enter a name, a phone number or an email address.").shows("Acme &#38; Sons");

    let taken = app.ada(form("/customers", &[("first_name", "Bruno"), ("phone", "+49 1512 3456789")])).await;
    assert_eq!(taken.status, 422);
    taken.shows("Another customer has this phone number.").shows("Bruno");
    assert_eq!(app.count("FROM customers"), 1);
}

#[actix_web::test]
async fn numbers_are_dialled_from_the_region_of_the_organisation() {
    let app = TestApp::new().await;
    let answer = app.ada(form("/customers", &[("first_name", "Ben"), ("phone", "01512 3456789")])).await;
    answer.shows("with a country code");

    app.sql("UPDATE tenants SET settings = settings || '{\"phone_region\": \"DE\"}'");
    made(&app, &[("first_name", "Ben"), ("phone", "01512 3456789")]).await;

    assert_eq!(app.text("SELECT phone AS text FROM customers"), BEN);
}

#[actix_web::test]
async fn an_edit_is_refused_when_somebody_else_was_faster() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;
    let seen = app.bob(get(&format!("{page}/edit"))).await.field("seen");
    save(&app, &page, &[("first_name", "Anna"), ("company", "Azulejo")]).await;

    let late = app.bob(form(&page, &[("first_name", "Anita"), ("seen", &seen)])).await;

    assert_eq!(late.status, 422);
    late.shows("Somebody else has changed this customer meanwhile").shows("Anita");
    assert_eq!(app.text("SELECT first_name || ' ' || company AS text FROM customers"), "Anna Azulejo");
}

#[actix_web::test]
async fn a_new_name_is_the_name_of_the_thread_too() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));

    save(&app, &page, &[("first_name", "Dona"), ("last_name", "Ana"), ("phone", ANA), ("customer_type", "new")]).await;

    assert_eq!(app.text("SELECT title AS text FROM conversations"), "Dona Ana");
    app.bob(get("/inbox")).await.shows("Dona Ana");
}

#[actix_web::test]
async fn the_timeline_tells_the_newest_first() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let said: Vec<String> = (1..=50).map(|nth| format!("Line {nth:02}.")).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    app.conversation(number, ANA, &said).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    app.bob(form(&format!("{page}/state"), &[("state", "archived"), ("reason", "Moved away")])).await;

    let newest = app.bob(get(&page)).await;
    newest.shows("Active → Archived").shows("Moved away").shows("Line 50.").hides("Line 01.").shows("Older");
}

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

#[actix_web::test]
async fn an_auditor_sees_addresses_masked_and_changes_nothing() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana"), ("phone", ANA), ("email", "ana@example.org")]).await;

    let shown = app.olga(get(&page)).await;

    shown.hides("912 345 678").hides(ANA).hides("ana@example.org").shows("a•••@example.org");
    shown.hides("/edit").hides("Take away").hides(r#"name="state""#);
    assert_eq!(app.olga(get(&format!("{page}/edit"))).await.status, 403);
}

#[actix_web::test]
async fn looking_is_written_down_once_an_hour() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;

    for _ in 0..3 {
        app.bob(get(&page)).await;
        app.olga(get(&page)).await;
    }

    assert_eq!(app.count("FROM audit_entries WHERE action = 'read' AND entity = 'customers'"), 2);
}

#[actix_web::test]
async fn an_agent_reads_in_the_timeline_only_threads_that_are_theirs_to_read() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["For Eve's eyes"]).await;
    app.sql(&format!(
        "UPDATE conversations SET assignee_id = (SELECT id FROM users WHERE email = 'eve@acme.test') WHERE id = '{thread}'"
    ));
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));

    app.eve(get(&page)).await.shows("For Eve&#39;s eyes");
    app.bob(get(&page)).await.hides("For Eve&#39;s eyes").shows("None that you may see.");
    app.max(get(&page)).await.shows("For Eve&#39;s eyes");
}

#[actix_web::test]
async fn a_first_contact_is_marked() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));

    app.bob(get(&page)).await.shows("First contact");
    app.bob(form(&format!("/conversations/{thread}/resolution"), &[])).await;
    app.bob(get(&page)).await.hides("First contact");
}
