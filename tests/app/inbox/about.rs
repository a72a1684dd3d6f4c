//! What is known of one message, and kinds that are more than words.

use super::attachments::{attached, send};
use crate::support::talk::{ANA, event, named, said, with};
use crate::support::{TestApp, get};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use std::io::Cursor;
use switchboard::numbers::model::NumberId;

async fn edited(app: &TestApp, number: NumberId, text: &str, seconds: i64) {
    let at = chrono::Utc::now().timestamp() + seconds;
    let edit = json!({ "editedMessageId": "3AFIRST", "timestamp": at });
    app.told(number, &event("message.edited", with(said(ANA, text), edit))).await;
}

fn only_message(app: &TestApp) -> String {
    app.text("SELECT id::text AS text FROM messages")
}

#[actix_web::test]
async fn what_an_edited_message_said_before_can_be_read() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "See you *Monday*, call +49 151 23456789", "3AFIRST")).await;
    edited(&app, number, "See you Tuesday", 1).await;
    edited(&app, number, "See you Wednesday", 2).await;
    let (id, thread) = (only_message(&app), app.conversation_with(ANA));

    app.bob(get(&format!("/inbox/{thread}")).htmx("thread_messages")).await.shows(&format!(r#"href="/messages/{id}""#));
    let page = app.bob(get(&format!("/messages/{id}"))).await;

    page.shows("About this message").shows("Ana Alves").shows("See you Tuesday").shows("<strong>Monday</strong>");
    page.shows("+49 151 23456789").shows("What it said before");
    let drawer = app.bob(get(&format!("/messages/{id}")).htmx("drawer_body")).await;
    drawer.shows("See you Tuesday").hides("<html").hides("page-back");
    app.olga(get(&format!("/messages/{id}"))).await.shows("Tuesday").hides("23456789");
    app.take_jobs();
}

#[actix_web::test]
async fn what_was_taken_back_is_not_told_here_either() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "My card number is walnut", "3AFIRST")).await;
    edited(&app, number, "Never mind", 1).await;
    let revoked = json!({ "revokedMessageId": "3AFIRST", "before": null, "after": null });
    app.told(number, &event("message.revoked", revoked)).await;

    let page = app.ada(get(&format!("/messages/{}", only_message(&app)))).await;

    page.shows("Deleted").hides("walnut").hides("Never mind").hides("What the gateway told of it");
}

#[actix_web::test]
async fn a_message_is_for_those_who_may_see_its_conversation() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    app.assign(app.conversation_with(ANA), "eve@acme.test");
    let page = get(&format!("/messages/{}", only_message(&app)));

    assert_eq!(app.eve(page.clone()).await.status, 200);
    assert_eq!(app.bob(page.clone()).await.status, 404);
    assert_eq!(app.carol(page.clone()).await.status, 404);
    assert_eq!(app.anybody(page).await.status, 303);
}

#[actix_web::test]
async fn what_the_gateway_told_is_for_administrators() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let strange = json!({ "body": null, "_data": { "message": { "hologramMessage": { "depth": "<b>7</b>" } } } });
    app.hears(number, with(said(ANA, ""), strange)).await;
    let id = only_message(&app);

    let thread = app.bob(get(&format!("/inbox/{}", app.conversation_with(ANA)))).await;
    thread.shows("Unsupported: hologramMessage").shows("What is known of it");
    let page = format!("/messages/{id}");
    app.ada(get(&page)).await.shows("What the gateway told of it").shows("hologramMessage").hides("<b>7</b>");
    app.bob(get(&page)).await.hides("hologramMessage");
    app.max(get(&page)).await.hides("hologramMessage");
    app.take_jobs();
}

#[actix_web::test]
async fn cards_and_polls_are_shown_as_what_they_are() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let card = "BEGIN:VCARD\nFN:Ben <Brandt>\nTEL;type=CELL:+49 1512 3456789\nEND:VCARD";
    app.hears(number, with(said(ANA, ""), json!({ "vCards": [card] }))).await;
    let options = json!([{ "optionName": "Monday" }, { "optionName": "Friday" }]);
    let poll =
        json!({ "_data": { "message": { "pollCreationMessageV3": { "name": "Which day?", "options": options } } } });
    app.hears(number, with(said(ANA, ""), poll)).await;

    let thread = format!("/inbox/{}", app.conversation_with(ANA));
    let page = app.bob(get(&thread)).await;

    page.shows("Ben &#60;Brandt&#62;").shows("+49 1512 3456789").shows("Which day?").shows("<li>Friday</li>");
    app.olga(get(&thread)).await.shows("Ben &#60;Brandt&#62;").hides("3456789");
    app.take_jobs();
}

/// A picture of noise, which is large however it is packed.
fn noise() -> Vec<u8> {
    let mut state = 7_u32;
    let picture = RgbImage::from_fn(900, 600, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[actix_web::test]
async fn a_large_picture_is_shown_in_small_and_opened_whole() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    let (picture, bomb) = (noise(), [&b"\x89PNG\r\n\x1a\n"[..], &[0; 100_000]].concat());
    let file = attached(&app, thread, "bike.png", &picture).await;
    let broken = attached(&app, thread, "broken.png", &bomb).await;
    app.bob(send(thread, "", &[&file, &broken])).await;
    let small = |id: &str| get(&format!("/messages/{id}/media?size=small"));

    let page = app.bob(get(&format!("/inbox/{thread}")).htmx("thread_messages")).await;
    page.shows(&format!(r#"src="/messages/{file}/media?size=small""#)).shows("data-lightbox");
    for _ in ["made", "kept"] {
        let shown = app.bob(small(&file)).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/jpeg"));
        assert!(shown.header("content-length").parse::<usize>().unwrap() < picture.len() / 2);
    }
    let whole = app.bob(get(&format!("/messages/{file}/media"))).await;
    assert_eq!(whole.header("content-length"), picture.len().to_string());
    let as_it_is = app.bob(small(&broken)).await;
    assert_eq!((as_it_is.status, as_it_is.header("content-type")), (200, "image/png"));
    assert_eq!(app.carol(small(&file)).await.status, 404);
    app.take_jobs();
}
