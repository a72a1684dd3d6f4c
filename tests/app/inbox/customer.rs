//! The customer beside the thread.

use crate::support::talk::{ANA, said};
use crate::support::{TestApp, form, get};

#[actix_web::test]
async fn it_begins_as_their_page_does_and_leads_there() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.ada(form("/settings/labels", &[("name", "VIP"), ("colour", "purple")])).await;
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    let label = format!("label.{}", app.text("SELECT id::text AS text FROM labels"));
    let seen = app.bob(get(&format!("{page}/edit"))).await.field("seen");
    let fields = [("first_name", "Ana"), ("phone", ANA), ("customer_type", "new"), (&*label, "on"), ("seen", &*seen)];
    assert_eq!(app.bob(form(&page, &fields)).await.status, 303);

    let panel = app.bob(get(&format!("/inbox/{id}")).htmx("customer_panel")).await;

    panel.shows(&format!(r#"<a href="{page}""#)).shows("label-purple").shows(">New<").shows("Active");
    panel.shows("First contact").shows(&format!(r##"href="{page}/edit" hx-target="#drawer_body""##));
    app.olga(get(&format!("/inbox/{id}"))).await.shows(&format!(r#"<a href="{page}""#)).hides("/edit");
    let whole = app.bob(get(&format!("/inbox/{id}"))).await;
    whole.shows(&format!("live:customer_changed:{} from:body", page.trim_start_matches("/customers/")));
    app.take_jobs();
}

#[actix_web::test]
async fn earlier_threads_are_named_with_their_state() {
    let app = TestApp::new().await;
    let (number, other) = (app.number("Workshop").await, app.number("Shop").await);
    let first = app.conversation(number, ANA, &["Is it ready?"]).await;
    app.bob(form(&format!("/conversations/{first}/resolution"), &[])).await;
    app.hears(other, said(ANA, "And the bell?")).await;
    let second = app.text(&format!("SELECT id::text AS text FROM conversations WHERE id <> '{first}'"));

    let panel = app.bob(get(&format!("/inbox/{second}")).htmx("customer_panel")).await;

    panel.shows(&format!(r#"href="/inbox/{first}""#)).shows("Is it ready?").shows("Resolved").hides("First contact");
    app.take_jobs();
}
