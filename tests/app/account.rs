//! One's own account.

mod profile;

use super::support::{TestApp, form, get};

#[actix_web::test]
async fn a_theme_is_chosen_for_oneself_and_kept() {
    let app = TestApp::new().await;
    app.hub_is_up().await;

    let answer = app.bob(form("/account/theme", &[("theme", "dark")])).await;

    assert_eq!((answer.status, answer.location()), (303, "/"));
    app.until("it is dark", async || app.bob(get("/inbox")).await.has(r#"data-theme="dark""#)).await;
    app.eve(get("/inbox")).await.shows(r#"data-theme="system""#);
    assert_eq!(app.audited(), ["changed users"]);
}

#[actix_web::test]
async fn there_are_three_themes() {
    let app = TestApp::new().await;

    for theme in ["", "pink", "dark\" onload=\"x"] {
        assert_eq!(app.bob(form("/account/theme", &[("theme", theme)])).await.status, 400, "{theme}");
    }
    assert_eq!(app.anybody(form("/account/theme", &[("theme", "dark")])).await.status, 303);
    assert_eq!(app.text("SELECT preferences::text AS text FROM users WHERE email = 'bob@acme.test'"), "{}");
}
