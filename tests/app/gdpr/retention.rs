//! Retention rules: seen before they act, the first that fits counts, and holds stand above them.

use super::{id_of, work};
use crate::support::{TestApp, form, get, post};
use switchboard::gdpr::retention::runs;

/// A customer without contact for so many days.
fn quiet(app: &TestApp, name: &str, days: u32, more: &str) -> String {
    let id = uuid::Uuid::now_v7();
    app.sql(&format!(
        "INSERT INTO customers (tenant_id, id, first_name, customer_type, created_at) \
         VALUES ('{}', '{id}', '{name}', 'unregistered', now() - interval '{days} days')",
        app.acme
    ));
    if !more.is_empty() {
        app.sql(&format!("UPDATE customers SET {more} WHERE id = '{id}'"));
    }
    id.to_string()
}

async fn rule(app: &TestApp, name: &str, action: &str, days: &str) -> String {
    let made = app.ada(form("/gdpr/retention", &[("name", name), ("action", action), ("idle_days", days)])).await;
    assert_eq!(made.status, 303, "{}", made.html);
    id_of(made.location())
}

async fn turn_on(app: &TestApp, rule: &str) {
    assert_eq!(app.ada(post(&format!("/gdpr/retention/{rule}/activation"))).await.status, 303);
}

fn state(app: &TestApp, name: &str) -> String {
    app.text(&format!("SELECT state::text AS text FROM customers WHERE first_name = '{name}'"))
}

#[actix_web::test]
async fn a_rule_shows_whom_it_meets_and_rests_until_it_is_turned_on() {
    let app = TestApp::new().await;
    quiet(&app, "Olive", 400, "");
    quiet(&app, "Fresh", 10, "");
    let id = rule(&app, "Old ones", "archive", "365").await;

    app.ada(get(&format!("/gdpr/retention/{id}"))).await.shows("1 customer").shows("Olive").hides("Fresh");
    let now = app.ada(post("/gdpr/retention/runs")).await;
    assert_eq!(now.status, 422, "it is off");
    turn_on(&app, &id).await;
    let changed = [("name", "Old ones"), ("action", "delete"), ("idle_days", "300")];
    assert_eq!(app.ada(form(&format!("/gdpr/retention/{id}"), &changed)).await.status, 303);
    assert_eq!(app.text("SELECT is_active::text AS text FROM retention_rules"), "false", "a changed rule rests");
    turn_on(&app, &id).await;
    assert_eq!(app.ada(post("/gdpr/retention/runs")).await.status, 303);
    work(&app).await;

    assert_eq!((state(&app, "Olive"), state(&app, "Fresh")), ("deleted".into(), "active".into()));
    app.olga(get("/gdpr/retention")).await.shows("last met 1 customer").hides("New rule");
    let again = app.ada(post("/gdpr/retention/runs")).await;
    assert_eq!(again.status, 422);
    again.shows("No customer meets a rule");
    let reason = app.text("SELECT reason AS text FROM customer_state_changes WHERE new_state = 'deleted'");
    assert_eq!(reason, "Retention: Old ones");
}

#[actix_web::test]
async fn the_first_rule_counts_and_holds_and_contact_keep_people() {
    let app = TestApp::new().await;
    quiet(&app, "Both", 900, "");
    quiet(&app, "Gone", 900, "state = 'archived'");
    let held = quiet(&app, "Held", 900, "");
    quiet(&app, "Wrote", 900, "last_seen_at = now() - interval '2 days'");
    app.ada(form(&format!("/customers/{held}/holds"), &[("hold_reason", "Claim")])).await;
    let archive = rule(&app, "Archive", "archive", "365").await;
    let delete = rule(&app, "Delete", "delete", "730").await;
    turn_on(&app, &archive).await;
    turn_on(&app, &delete).await;

    let task = app.within(|conn, tenant| runs::begin(conn, tenant, None)).await;
    work(&app).await;

    assert!(task.is_some());
    let states = ["Both", "Gone", "Held", "Wrote"].map(|name| state(&app, name));
    assert_eq!(states, ["archived", "deleted", "active", "active"]);
    assert_eq!(app.count("FROM background_tasks WHERE state = 'completed' AND result ->> 'archived' = '1'"), 1);
    assert_eq!(app.ada(post(&format!("/gdpr/retention/{delete}/promotion"))).await.status, 303);
    let order = "SELECT string_agg(name, ' ' ORDER BY position) AS text FROM retention_rules";
    assert_eq!(app.text(order), "Delete Archive");
}

#[actix_web::test]
async fn a_rule_can_erase_and_narrow_by_label_and_type() {
    let app = TestApp::new().await;
    let labelled = quiet(&app, "Labelled", 500, "");
    quiet(&app, "Plain", 500, "");
    let label = uuid::Uuid::now_v7().to_string();
    app.sql(&format!("INSERT INTO labels (tenant_id, id, name) VALUES ('{}', '{label}', 'Leads')", app.acme));
    app.sql(&format!("INSERT INTO customer_labels VALUES ('{}', '{labelled}', '{label}')", app.acme));
    let fields = [
        ("name", "Leads"),
        ("action", "erase"),
        ("idle_days", "100"),
        ("label", &label),
        ("customer_type", "unregistered"),
    ];
    let id = id_of(app.ada(form("/gdpr/retention", &fields)).await.location());
    turn_on(&app, &id).await;

    app.within(|conn, tenant| runs::begin(conn, tenant, None)).await;
    work(&app).await;

    let left = "SELECT string_agg(COALESCE(first_name, state::text), ' ' ORDER BY id) AS text FROM customers";
    assert_eq!(app.text(left), "erased Plain");
    app.ada(get("/gdpr/erasures")).await.shows("Done");
}

#[actix_web::test]
async fn bad_rules_keep_what_was_typed_and_names_are_not_given_twice() {
    let app = TestApp::new().await;
    rule(&app, "Old ones", "archive", "365").await;

    let twice =
        app.ada(form("/gdpr/retention", &[("name", "Old ones"), ("action", "delete"), ("idle_days", "9")])).await;
    assert_eq!(twice.status, 422);
    twice.shows("Another rule has this name.").shows("value=\"9\"");
    let wrong = app.ada(form("/gdpr/retention", &[("name", "X"), ("action", "burn"), ("idle_days", "0")])).await;
    assert_eq!(wrong.status, 422);
    wrong.shows("Choose what becomes of them.").shows("whole number of days");

    assert_eq!(app.count("FROM retention_rules"), 1);
    assert_eq!(app.olga(post("/gdpr/retention")).await.status, 403);
}
