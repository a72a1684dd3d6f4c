//! The header's pills: menus, what they change, the lines that tell it, and taking it back.

use super::many_messages;
use crate::support::talk::ANA;
use crate::support::{TestApp, Who, form, get, post};
use switchboard::conversations::model::ConversationId;

async fn ana(app: &TestApp) -> ConversationId {
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await
}

/// The address that the toast's way back leads to.
fn undo(html: &str) -> String {
    let (_, rest) = html.split_once(r#"action="/activities/"#).expect("a way back");
    format!("/activities/{}", rest.split('"').next().unwrap())
}

#[actix_web::test]
async fn every_menu_is_a_page_and_a_part() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    app.ada(form("/settings/labels", &[("name", "VIP")])).await;
    app.team("Service", &[]).await;
    let thread = app.bob(get(&format!("/inbox/{id}"))).await;

    for (pill, shown) in [
        ("owner", "Take it yourself"),
        ("team", "Service"),
        ("status", "Tomorrow morning"),
        ("priority", "Urgent"),
        ("labels", "VIP"),
    ] {
        let path = format!("/conversations/{id}/{pill}");
        thread.shows(&path);
        app.bob(get(&path)).await.shows(shown).shows("<html").shows("Ana Alves");
        app.bob(get(&path).htmx("pill_menu")).await.shows(shown).hides("<html");
    }
    let olgas = app.ask(Who::Olga, get(&format!("/inbox/{id}"))).await;
    olgas.shows("Unassigned").hides("/owner").hides("data-pill");
    app.take_jobs();
}

#[actix_web::test]
async fn a_priority_is_shown_written_down_and_taken_back() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    let set = form(&format!("/conversations/{id}/priority"), &[("to", "urgent"), ("seen", "none")]);

    let told = app.bob(set.htmx("pill_menu")).await;

    told.shows("Its priority is urgent.").hides("<html");
    assert!(told.header("hx-trigger").contains(&format!("live:conversation:{id}")));
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Bob Baker set the priority to urgent").shows("Priority: urgent");

    let back = post(&undo(&told.html));
    assert_eq!(app.eve(back.clone()).await.status, 404, "it is not hers to take back");
    app.bob(back.clone().htmx("toasts")).await.shows("Taken back.");
    assert_eq!(app.text("SELECT priority::text AS text FROM conversations"), "none");
    assert_eq!(app.bob(back).await.shows("changed again since").status, 422);
    app.take_jobs();
}

#[actix_web::test]
async fn nobody_is_overrun_by_a_menu_that_is_out_of_date() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    let set = |to: &str, seen: &str| form(&format!("/conversations/{id}/priority"), &[("to", to), ("seen", seen)]);
    app.eve(set("low", "none")).await;

    assert_eq!(app.bob(set("high", "none")).await.shows("has just changed the priority").status, 422);

    assert_eq!(app.text("SELECT priority::text AS text FROM conversations"), "low");
}

#[actix_web::test]
async fn labels_stick_come_off_and_come_back() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    app.ada(form("/settings/labels", &[("name", "VIP")])).await;
    let label = app.text("SELECT id::text AS text FROM labels");
    let path = format!("/conversations/{id}/labels");

    app.bob(form(&path, &[("add", &label)])).await;
    app.bob(form(&path, &[("add", &label)])).await;
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Bob Baker added the label VIP").shows("Labels: VIP");
    assert_eq!(app.count("FROM conversation_labels"), 1);
    let told = app.bob(form(&path, &[("remove", &label)]).htmx("pill_menu")).await;
    assert_eq!(app.count("FROM conversation_labels"), 0);
    app.bob(post(&undo(&told.html))).await;
    assert_eq!(app.count("FROM conversation_labels"), 1);

    app.ada(post(&format!("/settings/labels/{label}/deletion"))).await;
    app.bob(get(&format!("/inbox/{id}"))).await.hides("Labels: VIP").shows("added the label VIP");
    app.take_jobs();
}

#[actix_web::test]
async fn a_resolution_that_is_taken_back_leaves_the_customer_waiting_as_before() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    let since = || app.text("SELECT waiting_since::text AS text FROM conversations");
    let before = since();

    let told = app.bob(post(&format!("/conversations/{id}/resolution")).htmx("pill_menu")).await;
    assert_eq!(app.count("FROM conversations WHERE waiting_since IS NULL AND status = 'resolved'"), 1);
    app.bob(post(&undo(told.shows("Resolved.").html.as_str()))).await;

    assert_eq!(app.count("FROM conversations WHERE status = 'open'"), 1);
    assert_eq!(since(), before);
    app.take_jobs();
}

#[actix_web::test]
async fn what_was_given_away_can_be_taken_back_out_of_sight() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    let eve = app.user(Who::Eve);

    let told = app.bob(form(&format!("/conversations/{id}/owner"), &[("to", &eve)]).htmx("pill_menu")).await;
    assert_eq!(app.bob(get(&format!("/inbox/{id}"))).await.status, 404);
    let back = app.bob(post(&undo(told.shows("Assigned to Eve Evans.").html.as_str()))).await;

    assert_eq!(back.status, 303);
    app.bob(get(&format!("/inbox/{id}"))).await.shows("Unassigned");
    app.take_jobs();
}

#[actix_web::test]
async fn lines_are_paged_with_the_messages_they_stand_between() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    many_messages(&app, id, 90);
    for to in ["low", "high"] {
        app.bob(form(&format!("/conversations/{id}/priority"), &[("to", to)])).await;
    }
    // One between the oldest, one after the newest.
    app.sql(
        "UPDATE conversation_activities SET happened_at = (SELECT occurred_at FROM messages WHERE body = 'Line 3.') \
             + interval '1 second' WHERE new_priority = 'low'",
    );

    let mut page = app.bob(get(&format!("/inbox/{id}"))).await;
    page.shows("set the priority to high").hides("set the priority to low");
    let mut times = 0;
    while let Some(older) = super::next_page(&page.html, "thread_older") {
        page = app.bob(get(&older).htmx("thread_older")).await;
        page.hides("set the priority to high");
        times += page.html.matches("set the priority to low").count();
    }
    assert_eq!(times, 1);
    let (before, after) = page.html.split_once("set the priority to low").unwrap();
    assert!(before.contains("Line 3.") && !before.contains("Line 5.") && after.contains("Line 5."));
    app.take_jobs();
}

#[actix_web::test]
async fn an_erased_customers_conversation_carries_no_labels() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    app.ada(form("/settings/labels", &[("name", "Debtor")])).await;
    let label = app.text("SELECT id::text AS text FROM labels");
    app.bob(form(&format!("/conversations/{id}/labels"), &[("add", &label)])).await;
    let customer = app.text("SELECT id::text AS text FROM customers");

    let erase = [("messages", "delete"), ("name", "Ana Alves")];
    assert_eq!(app.ada(form(&format!("/customers/{customer}/erasure"), &erase)).await.status, 303);
    crate::gdpr::work(&app).await;

    assert_eq!(app.count("FROM conversation_labels"), 0);
    assert_eq!(app.count("FROM conversation_activities WHERE kind = 'label'"), 0);
}

#[actix_web::test]
async fn two_snoozed_conversations_that_become_one_wake_as_one() {
    let app = TestApp::new().await;
    let id = ana(&app).await;
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    let other = app.conversation(number, crate::support::talk::BEN, &["Hello"]).await;
    for (id, until) in [(id, "week"), (other, "hour")] {
        app.bob(form(&format!("/conversations/{id}/snooze"), &[("until", until)])).await;
        app.bob(form(&format!("/conversations/{id}/priority"), &[("to", if id == other { "high" } else { "low" })]))
            .await;
    }
    let customer = |id| app.text(&format!("SELECT customer_id::text AS text FROM conversations WHERE id = '{id}'"));
    let (one, two) = (customer(id).parse().unwrap(), customer(other).parse().unwrap());

    let merge = app.join(one, two).await.unwrap();
    let kept = format!("FROM conversations WHERE id = '{id}' AND status = 'snoozed' AND priority = 'high'");
    assert_eq!(app.count(&format!("{kept} AND snoozed_until < now() + interval '2 hours'")), 1);
    assert_eq!(app.count(&format!("FROM conversation_activities WHERE conversation_id = '{id}'")), 4);

    app.part(merge).await.unwrap();
    assert_eq!(app.count("FROM conversations WHERE status = 'snoozed' AND deleted_at IS NULL"), 2);
    assert_eq!(app.count("FROM conversations WHERE snoozed_until > now() + interval '2 hours'"), 1);
    assert_eq!(app.count(&format!("FROM conversation_activities WHERE conversation_id = '{other}'")), 2);
    app.take_jobs();
}
