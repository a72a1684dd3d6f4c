//! The form of a customer in the drawer over a page.

use super::record::made;
use crate::support::talk::{ANA, BEN};
use crate::support::{TestApp, form, get};
use serde_json::Value;

const DRAWER: &str = "drawer_body";

#[actix_web::test]
async fn the_drawer_gets_the_form_and_nothing_around_it() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana"), ("phone", ANA)]).await;

    let drawer = app.bob(get(&format!("{page}/edit")).htmx(DRAWER)).await;

    assert_eq!(drawer.status, 200);
    drawer.shows(r#"<h1 id="drawer_title">Edit Ana"#).shows(r#"name="seen""#).hides("<nav").hides("<title>");
    app.bob(get(&format!("{page}/edit"))).await.shows("<html").shows(r#"name="seen""#);
    assert_eq!(app.olga(get(&format!("{page}/edit")).htmx(DRAWER)).await.status, 403);
    assert_eq!(app.carol(get(&format!("{page}/edit")).htmx(DRAWER)).await.status, 404);
    assert_eq!(app.anybody(get(&format!("{page}/edit")).htmx(DRAWER)).await.status, 401);
}

#[actix_web::test]
async fn what_was_saved_closes_it_and_fetches_anew_what_shows_it() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;
    let seen = app.bob(get(&format!("{page}/edit"))).await.field("seen");

    let saved = app.bob(form(&page, &[("first_name", "Anna"), ("seen", &seen)]).htmx(DRAWER)).await;

    assert_eq!(saved.status, 200);
    saved.shows("hx-swap-oob=\"beforeend:#toasts\"").shows("Saved.").hides("<form");
    let events: Value = serde_json::from_str(saved.header("hx-trigger")).unwrap();
    let id = page.strip_prefix("/customers/").unwrap();
    for event in ["live:customer_changed", &format!("live:customer_changed:{id}"), "live:conversation"] {
        assert!(events.get(event).is_some(), "{event} in {events}");
    }
    assert_eq!(app.text("SELECT first_name AS text FROM customers"), "Anna");
}

#[actix_web::test]
async fn what_was_refused_comes_back_into_it() {
    let app = TestApp::new().await;
    made(&app, &[("first_name", "Ben"), ("phone", BEN)]).await;
    let page = made(&app, &[("first_name", "Ana")]).await;
    let late = app.bob(get(&format!("{page}/edit"))).await.field("seen");
    let send = |fields: &[(&str, &str)]| form(&page, fields).fields(&[("seen", &late)]).htmx(DRAWER);

    for (fields, why) in [
        (&[("first_name", "Zoë"), ("phone", "12")][..], "phone"),
        (&[("first_name", "Zoë"), ("phone", BEN)], "Another customer has this phone number."),
        (&[("first_name", "Zoë"), ("email", "zoe@")], "email"),
    ] {
        let refused = app.bob(send(fields)).await;
        assert_eq!(refused.status, 422, "{why}");
        refused.shows(why).shows("Zoë").hides("<nav").hides("hx-swap-oob");
    }
    app.ada(form(&page, &[("first_name", "Anna"), ("seen", &late)])).await;
    let stale = app.bob(send(&[("first_name", "Zoë")])).await;

    assert_eq!(stale.status, 422);
    stale.shows("Somebody else has changed this customer meanwhile").shows("Zoë");
    assert_eq!(app.count("FROM customers WHERE first_name = 'Anna'"), 1);
    assert_eq!(app.count("FROM customers WHERE first_name = 'Zoë'"), 0);
}

#[actix_web::test]
async fn the_list_leads_to_it_for_those_who_may_edit() {
    let app = TestApp::new().await;
    let page = made(&app, &[("first_name", "Ana")]).await;
    let edit = format!(r##"href="{page}/edit" hx-target="#drawer_body""##);

    app.bob(get("/customers")).await.shows(&edit);
    app.bob(get(&page)).await.shows(&edit);
    app.olga(get("/customers")).await.hides("/edit");
    app.ada(form(&format!("{page}/state"), &[("state", "deleted")])).await;
    app.ada(get("/customers?state=deleted")).await.shows(&page).hides("/edit");
}
