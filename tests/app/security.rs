//! One's own password and sessions, and the organisation's rules.

use super::sign_in::Browser;
use super::support::cast::PASSWORD;
use super::support::{TestApp, Who, form, get, post};
use uuid::Uuid;

const CHOSEN: &str = "four unrelated words here";

#[actix_web::test]
async fn a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (here, there) = (Browser::new(&app), Browser::new(&app));
    here.sign_in("bob@acme.test", PASSWORD).await;
    there.sign_in("bob@acme.test", PASSWORD).await;
    let change = |current: &str, new: &str| form("/account/password", &[("current", current), ("password", new)]);
    here.ask(get("/account/security")).await;

    for (current, new, why) in [
        ("", CHOSEN, "Enter your current password."),
        ("not his password", CHOSEN, "This is not your current password."),
        (PASSWORD, "short", "at least 12"),
        (PASSWORD, "Bob Baker Acme Bikes", "among the first"),
    ] {
        let answer = here.ask(change(current, new)).await;
        assert_eq!(answer.status, 422, "{why}");
        answer.shows(why).hides(PASSWORD).hides(CHOSEN);
    }
    assert_eq!(here.ask(change(PASSWORD, CHOSEN)).await.status, 303);

    app.until("the other is out", async || there.ask(get("/inbox")).await.status == 303).await;
    assert_eq!(here.ask(get("/inbox")).await.status, 200);
    assert_eq!(Browser::new(&app).sign_in("bob@acme.test", CHOSEN).await.status, 303);
    assert_eq!(app.count("FROM audit_entries WHERE action = 'changed_password' AND after IS NULL"), 1);
}

#[actix_web::test]
async fn everybody_sees_and_ends_their_own_sessions_only() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    let elsewhere = Browser::new(&app);
    elsewhere.ask(get("/login")).await;
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];
    elsewhere.ask(form("/login", &fields).header("user-agent", firefox).from([192, 0, 2, 77])).await;
    let session = app.text("SELECT id::text AS text FROM user_sessions WHERE ip_address = '192.0.2.77'");
    let end = format!("/account/sessions/{session}/end");

    app.bob(get("/account/security")).await.shows("Firefox on Linux").shows("192.0.2.77").shows("This one");
    app.eve(get("/account/security")).await.hides("Firefox").hides(&session);
    assert_eq!(app.eve(post(&end)).await.status, 404, "a colleague's");
    assert_eq!(app.carol(post(&end)).await.status, 404, "a stranger's");
    assert_eq!(app.bob(post(&end)).await.location(), "/account/security");

    app.until("it is over", async || elsewhere.ask(get("/inbox")).await.status == 303).await;
    assert_eq!(app.bob(post(&end)).await.status, 404, "ended once");
    assert!(app.audited().contains(&"ended user_sessions".to_owned()));
}

#[actix_web::test]
async fn all_other_sessions_end_at_once() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let others = [Browser::new(&app), Browser::new(&app)];
    for other in &others {
        other.sign_in("bob@acme.test", PASSWORD).await;
    }

    assert_eq!(app.bob(post("/account/sessions/others/end")).await.status, 303);

    for other in &others {
        app.until("it is over", async || other.ask(get("/inbox")).await.status == 303).await;
    }
    assert_eq!(app.bob(get("/inbox")).await.status, 200);
}

#[actix_web::test]
async fn ending_the_session_at_hand_leads_to_sign_in() {
    let app = TestApp::new().await;
    let this = app.signed_in(Who::Bob).session;

    let answer = app.bob(post(&format!("/account/sessions/{this}/end"))).await;

    assert_eq!((answer.status, answer.location()), (303, "/login"));
}

#[actix_web::test]
async fn administrators_see_and_end_the_sessions_of_their_users() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (bob, carol) = (app.signed_in(Who::Bob).session, app.signed_in(Who::Carol).session);
    assert_eq!(app.bob(get("/inbox")).await.status, 200);

    let page = app.ada(get("/settings/sessions")).await;
    page.shows("Bob Baker").shows(&bob.to_string()).hides("Carol").hides(&carol.to_string());
    app.olga(get("/settings/sessions")).await.shows("Bob Baker").hides("/end\"");
    let end = |session: Uuid| post(&format!("/settings/sessions/{session}/end"));
    assert_eq!(app.max(end(bob)).await.status, 403);
    assert_eq!(app.ada(end(carol)).await.status, 404);
    assert_eq!(app.ada(end(bob)).await.status, 303);

    app.until("Bob is out", async || app.bob(get("/inbox")).await.status == 303).await;
}

#[actix_web::test]
async fn older_sessions_are_on_further_pages() {
    let app = TestApp::new().await;
    app.sql(
        "INSERT INTO user_sessions (tenant_id, id, user_id, token_hash, expires_at, ip_address) \
         SELECT tenant_id, gen_random_uuid(), id, uuid_send(gen_random_uuid()), now() + interval '1 hour', '198.51.100.' || n \
         FROM users, generate_series(1, 60) AS n WHERE email = 'eve@acme.test'",
    );

    let first = app.ada(get("/settings/sessions")).await;
    let (_, rest) = first.html.split_once("/settings/sessions?before=").expect("a link to older ones");
    let second = app.ada(get(&format!("/settings/sessions?before={}", &rest[..36]))).await;

    let rows = |page: &super::support::Answer| page.html.matches("session-line").count();
    assert_eq!((rows(&first), rows(&second)), (50, 11));
    assert_eq!(app.ada(get("/settings/sessions?before=nonsense")).await.status, 400);
}

#[actix_web::test]
async fn rules_are_kept_as_typed_until_they_are_right() {
    let app = TestApp::new().await;
    let rules = |hours: &str, days: &str| {
        form("/settings/security", &[("session_idle_hours", hours), ("session_days", days), ("manager", "on")])
    };

    let wrong = app.ada(rules("0", "many")).await;
    assert_eq!(wrong.status, 422);
    wrong
        .shows("from 1 to 168")
        .shows("from 1 to 365")
        .shows(r#"value="many""#)
        .shows(r#"name="manager" value="on" checked"#);
    assert_eq!(app.text("SELECT settings::text AS text FROM tenants WHERE slug = 'acme'"), "{}");

    assert_eq!(app.ada(rules("2", "7")).await.status, 303);
    app.olga(get("/settings/security")).await.shows(r#"value="2""#).shows("disabled").hides("Save");
    assert_eq!(app.audited(), ["changed tenants"]);
    assert_eq!(app.text("SELECT settings::text AS text FROM tenants WHERE slug = 'globex'"), "{}");
}

#[actix_web::test]
async fn sessions_last_as_long_as_the_organisation_says() {
    let app = TestApp::new().await;
    let rules = [("session_idle_hours", "2"), ("session_days", "7")];
    app.ada(form("/settings/security", &rules)).await;
    let stays = async |stay: &str| {
        let browser = Browser::new(&app);
        browser.ask(get("/login")).await;
        let fields = [("email", "bob@acme.test"), ("password", PASSWORD), ("stay", stay)];
        browser.ask(form("/login", &fields)).await.cookie("switchboard").unwrap()
    };

    assert_eq!(stays("").await.max_age(), None, "gone with the browser");
    assert_eq!(stays("on").await.max_age().map(|age| age.whole_days()), Some(7));

    let lasts = |stays: bool, least: &str, most: &str| {
        app.count(&format!(
            "FROM user_sessions WHERE stays_signed_in = {stays} AND user_agent IS NULL AND ip_address IS NOT NULL \
             AND expires_at BETWEEN now() + interval '{least}' AND now() + interval '{most}' \
             AND ends_at BETWEEN now() + interval '6 days' AND now() + interval '7 days'"
        ))
    };
    assert_eq!((lasts(false, "1 hour", "2 hours"), lasts(true, "6 days", "7 days")), (1, 1));
}

#[actix_web::test]
async fn a_session_in_use_still_ends_in_the_end() {
    let app = TestApp::new().await;
    let session = app.signed_in(Who::Bob).session;
    app.sql(&format!(
        "UPDATE user_sessions SET last_seen_at = now() - interval '1 hour', ends_at = now() + interval '1 hour' \
         WHERE id = '{session}'"
    ));

    assert_eq!(app.bob(get("/inbox")).await.status, 200);

    assert_eq!(app.count(&format!("FROM user_sessions WHERE id = '{session}' AND expires_at = ends_at")), 1);
}
