//! Who is written down as having done it.

use crate::sign_in::Browser;
use crate::support::cast::PASSWORD;
use crate::support::talk::{ANA, said};
use crate::support::{TestApp, form, get, post};
use switchboard::kit::audit;
use switchboard::kit::db::Actor;
use uuid::Uuid;

/// "kind name address" of the newest entry of that action, with words for what is random.
fn actor(app: &TestApp, action: &str) -> String {
    app.text(&format!(
        "SELECT actor_kind || ' ' || COALESCE(first_name, '-') || ' ' || COALESCE(ip_address, '-') || ' ' || \
         CASE WHEN request_id IS NULL THEN 'no request' ELSE 'a request' END AS text \
         FROM audit_entries AS entry LEFT JOIN users ON users.id = actor_id WHERE action = '{action}' \
         ORDER BY entry.id DESC LIMIT 1"
    ))
}

#[actix_web::test]
async fn a_users_change_names_user_address_and_request() {
    let app = TestApp::new().await;

    app.bob(form("/account/theme", &[("theme", "dark")])).await;

    assert_eq!(actor(&app, "changed"), "user Bob 192.0.2.1 a request");
}

#[actix_web::test]
async fn webhooks_and_jobs_are_told_from_users_and_the_desk() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    assert_eq!(actor(&app, "reported"), "desk - - no request", "as a command or the demo");

    app.hears(number, said(ANA, "Hello")).await;

    let made = app.text(
        "SELECT string_agg(DISTINCT actor_kind || ' ' || ip_address, ',') AS text FROM audit_entries \
         WHERE action = 'created' AND entity IN ('customers', 'conversations')",
    );
    assert_eq!(made, "webhook 192.0.2.1");
    let job = app.parts.db.platform().acting(Actor::job());
    let note = audit::Entry::of("tested", "jobs");
    job.enter(app.acme, move |conn, tenant| audit::record(conn, tenant, &note)).await.unwrap();
    assert_eq!(actor(&app, "tested"), "job - - no request");
}

#[actix_web::test]
async fn a_token_and_support_stand_beside_the_user_they_are_of() {
    let app = TestApp::new().await;
    let (bob, pat) = (user(&app, "bob@acme.test"), user(&app, "pat@switchboard.test"));
    let (token, grant) = (Uuid::now_v7(), Uuid::now_v7());
    let asking = |user| Actor::user(user, "198.51.100.7".parse().ok(), Some(Uuid::now_v7()));
    for (action, actor) in [("by_token", asking(bob).through_token(token)), ("helped", asking(pat).in_support(grant))] {
        let note = audit::Entry::of(action, "users");
        let door = app.parts.db.platform().acting(actor);
        door.enter(app.acme, move |conn, tenant| audit::record(conn, tenant, &note)).await.unwrap();
    }

    assert_eq!(actor(&app, "by_token"), "api_token Bob 198.51.100.7 a request");
    assert_eq!(actor(&app, "helped"), "support Pat 198.51.100.7 a request");
    let via = "SELECT via::text AS text FROM audit_entries WHERE via IS NOT NULL ORDER BY id";
    assert_eq!(app.texts(via), [token.to_string(), grant.to_string()]);
    let page = app.ada(get("/audit")).await;
    page.shows("Bob Baker (API token)").shows("Support (platform)").hides("Pat Petrov");
}

#[actix_web::test]
async fn getting_in_and_out_is_written_down_and_so_are_failed_tries() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);

    browser.sign_in("bob@acme.test", "not the password").await;
    browser.sign_in("nobody@acme.test", "not the password").await;
    app.until("the failure is written down", async || app.count("FROM audit_entries WHERE action LIKE 'sign%'") == 1)
        .await;
    browser.sign_in("bob@acme.test", PASSWORD).await;
    browser.ask(get("/")).await;
    browser.ask(post("/logout")).await;

    assert_eq!(app.audited(), ["sign_in_failed users", "signed_in users", "signed_out users"]);
    assert_eq!(actor(&app, "sign_in_failed"), "desk - 192.0.2.1 a request", "who tried is not known");
    assert_eq!(actor(&app, "signed_in"), "user Bob 192.0.2.1 a request");
    assert_eq!(actor(&app, "signed_out"), "user Bob 192.0.2.1 a request");
    let page = app.ada(get("/audit")).await;
    page.shows("<strong>Somebody</strong> failed to sign in as Bob Baker")
        .shows("<strong>Bob Baker</strong> signed out");
}

#[actix_web::test]
async fn a_refusal_is_written_down_with_the_right_that_was_missing() {
    let app = TestApp::new().await;

    assert_eq!(app.bob(get("/audit")).await.status, 403);

    assert_eq!(actor(&app, "refused"), "user Bob 192.0.2.1 a request");
    app.ada(get("/audit")).await.shows("was refused “audit:read”");
}

#[actix_web::test]
async fn a_program_of_the_version_before_is_still_understood() {
    let app = TestApp::new().await;
    let bob = user(&app, "bob@acme.test");
    app.sql(&format!(
        "WITH said AS (SELECT set_config('app.actor', '{bob},203.0.113.9,', false)) \
         INSERT INTO audit_entries (tenant_id, id, action, entity, actor_id, ip_address) \
         SELECT '{}', gen_random_uuid(), 'older', 'users', switchboard_actor(1)::uuid, switchboard_actor(2) \
         FROM said WHERE set_config IS NOT NULL",
        app.acme
    ));

    assert_eq!(actor(&app, "older"), "user Bob 203.0.113.9 no request");
}

fn user(app: &TestApp, email: &str) -> Uuid {
    app.text(&format!("SELECT id::text AS text FROM users WHERE email = '{email}'")).parse().unwrap()
}
