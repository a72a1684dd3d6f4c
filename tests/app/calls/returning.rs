//! Missed calls and who returns them.

use super::{local, spoken};
use crate::support::talk::ANA;
use crate::support::{TestApp, Who, form, get, post};

#[actix_web::test]
async fn a_missed_call_is_taken_on_and_done() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let call = app.missed(number, ANA, 300).await;
    app.bob(get("/calls?view=missed"))
        .await
        .shows("Missed")
        .shows("Call back")
        .shows(r#"<span class="count">1</span>"#);

    assert_eq!(app.bob(post(&format!("/calls/{call}/callback"))).await.status, 303);

    app.max(get("/calls?view=missed")).await.shows("Bob Baker calls back");
    app.bob(get(&format!("/calls/{call}"))).await.shows("Hand back").shows("Done");
    assert_eq!(app.eve(get(&format!("/calls/{call}"))).await.status, 404, "it is Bob's now");
    assert_eq!(app.max(post(&format!("/calls/{call}/callback"))).await.status, 422);
    assert_eq!(app.bob(post(&format!("/calls/{call}/callback/completion"))).await.status, 303);
    app.bob(get("/calls?view=missed")).await.shows("Nobody waits to be called back");
    app.bob(get(&format!("/calls/{call}"))).await.shows("Returned by Bob Baker").hides("Hand back");
    assert_eq!(app.audited()[app.audited().len() - 2..], ["assigned calls", "called_back calls"]);
}

#[actix_web::test]
async fn of_two_who_take_it_at_once_one_does() {
    let app = TestApp::with_connections(4).await;
    let number = app.number("Workshop").await;
    let call = app.missed(number, ANA, 300).await;
    let path = format!("/calls/{call}/callback");

    let (max, ada) = futures_util::join!(app.max(post(&path)), app.ada(post(&path)));

    let mut answers = [max.status, ada.status];
    answers.sort();
    assert_eq!(answers, [303, 422]);
}

#[actix_web::test]
async fn it_can_be_handed_back_by_whoever_took_it_or_a_manager() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let call = app.missed(number, ANA, 300).await;
    app.bob(post(&format!("/calls/{call}/callback"))).await;
    app.sql("UPDATE tenants SET settings = settings || '{\"agents_see_all\": true}'");
    app.parts.sessions.forget();

    assert_eq!(app.eve(post(&format!("/calls/{call}/callback/release"))).await.status, 422);
    assert_eq!(app.max(post(&format!("/calls/{call}/callback/release"))).await.status, 303);

    assert_eq!(app.count("FROM calls WHERE callback_by IS NULL"), 1);
    assert_eq!(app.olga(post(&format!("/calls/{call}/callback"))).await.status, 403);
    assert_eq!(app.carol(post(&format!("/calls/{call}/callback"))).await.status, 404);
    assert_eq!(app.anybody(post(&format!("/calls/{call}/callback"))).await.status, 303);
    assert_eq!(app.count("FROM calls WHERE callback_by IS NULL"), 1);
}

#[actix_web::test]
async fn writing_the_call_down_returns_the_missed_one() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let call = app.missed(number, ANA, 300).await;
    let ana = app.customer_of(ANA).to_string();
    app.bob(get(&format!("/calls/{call}"))).await.shows(&format!("customer={ana}&#38;returns={call}"));
    let (bob, started) = (app.user(Who::Bob), local(0));

    let mut fields = spoken(&bob, &ana, &started);
    fields.push(("returns", &call));
    assert_eq!(app.bob(form("/calls", &fields)).await.status, 303);

    app.bob(get(&format!("/calls/{call}"))).await.shows("Returned by Bob Baker");
    let answered = app.missed(number, ANA, 900).await;
    app.sql(&format!("UPDATE calls SET status = 'completed' WHERE id = '{answered}'"));
    assert_eq!(app.bob(post(&format!("/calls/{answered}/callback"))).await.status, 422, "it was not missed");
}
