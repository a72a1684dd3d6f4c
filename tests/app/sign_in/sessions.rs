//! How long a session lasts, and what ends it.

use super::{Browser, PASSWORD};
use crate::support::{TestApp, Who, form, get, post};

#[actix_web::test]
async fn the_cookie_is_for_us_alone_and_not_for_scripts() {
    let app = TestApp::new().await;

    let answer = Browser::new(&app).sign_in("bob@acme.test", PASSWORD).await;

    let cookie = answer.cookie("switchboard").unwrap();
    assert_eq!((cookie.http_only(), cookie.secure(), cookie.path()), (Some(true), None, Some("/")));
    assert_eq!(cookie.same_site().map(|site| site.to_string()).as_deref(), Some("Lax"));
    assert_eq!((cookie.max_age(), cookie.expires(), cookie.domain()), (None, None, None), "it goes with the browser");
    let visitor = Browser::new(&app).ask(get("/login")).await.cookie("switchboard_visitor").unwrap();
    assert_eq!((visitor.http_only(), visitor.path()), (Some(true), Some("/")));
}

#[actix_web::test]
async fn behind_https_cookies_insist_on_it() {
    let mut app = TestApp::new().await;
    app.change(|parts| parts.is_https = true);

    let page = app.anybody(get("/login")).await;
    let visitor = page.cookie("switchboard_visitor").unwrap();
    let fields = [("email", "bob@acme.test"), ("password", PASSWORD)];
    let ask = form("/login", &fields).cookie(visitor.clone()).token(&page.field("csrf_token"));
    let answer = app.anybody(ask).await;

    let cookie = answer.cookie("__Host-switchboard").unwrap();
    assert_eq!((visitor.secure(), cookie.secure(), cookie.path()), (Some(true), Some(true), Some("/")));
    assert!(answer.header("strict-transport-security").contains("max-age="));
}

#[actix_web::test]
async fn signing_in_makes_a_new_session_and_ends_the_one_before() {
    let app = TestApp::new().await;
    let browser = Browser::new(&app);
    browser.sign_in("bob@acme.test", PASSWORD).await;
    let first = browser.cookie("switchboard").unwrap();

    let again = Browser::new(&app);
    let page = again.ask(get("/login")).await;
    assert_eq!(page.status, 200);
    let fields = [("email", "eve@acme.test"), ("password", PASSWORD)];
    let answer = again.ask(form("/login", &fields).cookie(first.clone())).await;

    assert_eq!(answer.status, 303);
    assert_ne!(again.cookie("switchboard").unwrap().value(), first.value());
    again.ask(get("/inbox")).await.shows("Eve Evans");
}

#[actix_web::test]
async fn signing_out_ends_the_session_for_a_copied_cookie_too() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let bob = app.signed_in(Who::Bob);
    assert_eq!(app.bob(get("/inbox")).await.status, 200, "the session is in the cache now");

    let answer = app.bob(post("/logout")).await;

    assert_eq!((answer.status, answer.location()), (303, "/login"));
    let copied = app.anybody(get("/inbox").cookie(bob.cookie)).await;
    assert_eq!((copied.status, copied.location()), (303, "/login?next=%2Finbox"));
    assert_eq!(app.count("FROM user_sessions WHERE is_revoked"), 1);
}

#[actix_web::test]
async fn a_session_that_another_process_ends_is_over_here_too() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let elsewhere = app.another_process();
    assert_eq!(app.bob(get("/inbox")).await.status, 200, "the session is in the cache now");

    let bob = app.signed_in(Who::Bob);
    let signing_out = post("/logout").cookie(bob.cookie).build(Some(&bob.csrf));
    assert_eq!(TestApp::send_to(&elsewhere, signing_out).await.status, 303);

    app.until("the session is over", async || app.bob(get("/inbox")).await.status == 303).await;
}

#[actix_web::test]
async fn an_expired_session_is_none() {
    let app = TestApp::new().await;
    let session = app.signed_in(Who::Bob).session;
    app.sql(&format!("UPDATE user_sessions SET expires_at = now() - interval '1 second' WHERE id = '{session}'"));

    assert_eq!(app.bob(get("/inbox")).await.location(), "/login?next=%2Finbox");
}

#[actix_web::test]
async fn a_session_in_use_lives_on() {
    let app = TestApp::new().await;
    let session = app.signed_in(Who::Bob).session;
    app.sql(&format!(
        "UPDATE user_sessions SET last_seen_at = now() - interval '2 hours', expires_at = now() + interval '10 hours' \
         WHERE id = '{session}'"
    ));

    assert_eq!(app.bob(get("/inbox")).await.status, 200);

    let renewed = "FROM user_sessions WHERE expires_at > now() + interval '11 hours' AND last_seen_at > now() - interval '1 minute'";
    assert_eq!(app.count(renewed), 1);
}

#[actix_web::test]
async fn a_changed_role_counts_at_once() {
    let app = TestApp::new().await;
    assert_eq!(app.ada(get("/settings/numbers/new")).await.status, 200);
    app.sql("UPDATE users SET role = 'AGENT' WHERE email = 'ada@acme.test'");
    app.sql(
        "SELECT pg_notify('switchboard_live', tenant_id || ',user,' || id || ',' || gen_random_uuid()) \
             FROM users WHERE email = 'ada@acme.test'",
    );

    app.until("she is an agent", async || app.ada(get("/settings/numbers/new")).await.status == 403).await;
}

#[actix_web::test]
async fn a_forged_cookie_is_nobodys() {
    let app = TestApp::new().await;
    let bob = app.signed_in(Who::Bob).cookie;
    let signature = bob.value().chars().take(44).collect::<String>();
    for value in ["", "nonsense", &"A".repeat(108), &format!("{signature}{}", "0".repeat(64))] {
        let forged = actix_web::cookie::Cookie::new("switchboard", value.to_owned());
        assert_eq!(app.anybody(get("/inbox").cookie(forged)).await.status, 303, "{value}");
    }
}
