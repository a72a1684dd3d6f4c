//! One-time links: they work once, for their own user, and not for ever.

use super::Browser;
use crate::support::{TestApp, form, get};
use switchboard::users::model::{self as users, UserId};
use uuid::Uuid;

/// A link for Eve.
async fn link(app: &TestApp) -> String {
    let eve: UserId =
        app.text("SELECT id::text AS text FROM users WHERE email = 'eve@acme.test'").parse::<Uuid>().unwrap().into();
    let token = app.within(move |conn, tenant| users::invite(conn, tenant, eve)).await;
    format!("/welcome/{}", token.expose())
}

const CHOSEN: &[(&str, &str)] = &[("password", "four unrelated words here")];

#[actix_web::test]
async fn a_link_sets_the_password_and_signs_in_once() {
    let app = TestApp::new().await;
    let url = link(&app).await;
    let browser = Browser::new(&app);
    browser.ask(get(&url)).await.shows("Choose a password");

    let answer = browser.ask(form(&url, CHOSEN)).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    browser.ask(get("/inbox")).await.shows("Eve Evans");
    assert_eq!(Browser::new(&app).sign_in("eve@acme.test", "four unrelated words here").await.status, 303);
    let again = Browser::new(&app);
    again.ask(get("/login")).await;
    assert_eq!(again.ask(get(&url)).await.status, 404);
    assert_eq!(again.ask(form(&url, CHOSEN)).await.status, 404);
}

#[actix_web::test]
async fn a_short_password_is_refused_and_the_link_kept() {
    let app = TestApp::new().await;
    let url = link(&app).await;
    let browser = Browser::new(&app);
    browser.ask(get(&url)).await;

    let answer = browser.ask(form(&url, &[("password", "short")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("Choose at least 12 characters").hides("\"short\"");
    assert_eq!(browser.ask(form(&url, CHOSEN)).await.status, 303);
}

#[actix_web::test]
async fn an_old_link_and_an_invented_one_lead_nowhere() {
    let app = TestApp::new().await;
    let url = link(&app).await;
    app.sql("UPDATE sign_in_links SET expires_at = now() - interval '1 second'");
    let browser = Browser::new(&app);
    browser.ask(get("/login")).await;

    for url in [url.as_str(), "/welcome/0123456789abcdef", "/welcome/%00"] {
        assert_eq!(browser.ask(get(url)).await.status, 404, "{url}");
        assert_eq!(browser.ask(form(url, CHOSEN)).await.status, 404, "{url}");
    }
}

#[actix_web::test]
async fn the_table_holds_no_link_that_works() {
    let app = TestApp::new().await;
    let url = link(&app).await;
    let kept = app.text("SELECT encode(token_hash, 'hex') AS text FROM sign_in_links");

    assert!(!url.contains(&kept));
    assert_eq!(app.anybody(get(&format!("/welcome/{kept}"))).await.status, 404);
}

#[actix_web::test]
async fn a_link_of_a_deactivated_user_or_tenant_does_not_sign_in() {
    for sql in [
        "UPDATE users SET is_active = false WHERE email = 'eve@acme.test'",
        "UPDATE tenants SET status = 'inactive' WHERE slug = 'acme'",
    ] {
        let app = TestApp::new().await;
        let url = link(&app).await;
        app.sql(sql);
        let browser = Browser::new(&app);
        browser.ask(get("/login")).await;

        assert_eq!(browser.ask(form(&url, CHOSEN)).await.status, 404, "{sql}");
        assert_eq!(browser.ask(get("/inbox")).await.status, 303, "{sql}");
    }
}
