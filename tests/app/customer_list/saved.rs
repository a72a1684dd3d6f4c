//! Saved filters: one's own, and such as are shared.

use super::{TestApp, five, form, get, post};

#[actix_web::test]
async fn a_saved_filter_is_ones_own_until_it_is_shared() {
    let app = TestApp::new().await;
    five(&app);

    let mine = form("/customers/filters", &[("name", "Fresh"), ("query", "type=new&state=active")]);
    let answer = app.bob(mine).await;
    assert_eq!((answer.status, answer.location()), (303, "/customers?type=new"));
    app.max(form("/customers/filters", &[("name", "Quiet ones"), ("query", "seen=never"), ("shared", "on")])).await;

    app.bob(get("/customers")).await.shows("/customers?type=new").shows("Quiet ones").shows("by Max Moser");
    app.olga(get("/customers")).await.shows("Quiet ones").hides("Fresh");
    app.carol(get("/customers")).await.hides("Quiet ones").hides("Fresh");
    assert!(app.audited().contains(&"created saved_filters".to_owned()));
}

#[actix_web::test]
async fn a_filter_needs_a_name_of_its_own() {
    let app = TestApp::new().await;
    let save = |name: &str| form("/customers/filters", &[("name", name), ("query", "type=new"), ("shared", "on")]);
    app.bob(save("Fresh")).await;

    app.bob(save("Fresh")).await.shows("You have a filter of this name.").shows(r#"value="Fresh""#);
    assert_eq!(app.bob(save("Fresh")).await.status, 422);
    assert_eq!(app.bob(save("  ")).await.status, 422);
    assert_eq!(app.bob(save(&"x".repeat(101))).await.status, 422);
    let long =
        app.bob(form("/customers/filters", &[("name", "Long"), ("query", &format!("q={}", "x".repeat(5000)))])).await;
    assert_eq!(long.status, 422);
    assert_eq!(app.eve(save("Fresh")).await.status, 303, "somebody else's name is free");
    assert_eq!(app.olga(save("Mine")).await.status, 403);
    assert_eq!(app.count("FROM saved_filters"), 2);
}

#[actix_web::test]
async fn one_deletes_ones_own_and_administrators_what_is_shared() {
    let app = TestApp::new().await;
    app.bob(form("/customers/filters", &[("name", "Secret"), ("query", "type=new")])).await;
    app.bob(form("/customers/filters", &[("name", "Shared"), ("query", "type=new"), ("shared", "on")])).await;
    let way = |name: &str| {
        let id = app.text(&format!("SELECT id::text AS text FROM saved_filters WHERE name = '{name}'"));
        format!("/customers/filters/{id}/deletion")
    };

    assert_eq!(app.eve(post(&way("Shared"))).await.status, 404);
    assert_eq!(app.ada(post(&way("Secret"))).await.status, 404);
    assert_eq!(app.carol(post(&way("Shared"))).await.status, 404);
    assert_eq!(app.ada(post(&way("Shared"))).await.status, 303);
    assert_eq!(app.bob(post(&way("Secret"))).await.status, 303);
    assert_eq!(app.count("FROM saved_filters"), 0);
}
