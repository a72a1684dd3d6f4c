//! Webhooks: signed, filtered, retried with the same id.

use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha512;
use switchboard::demo::simulator::Engine;

use super::desk::Desk;
use super::ear::HMAC;

#[actix_web::test]
async fn every_post_is_signed_over_its_raw_body() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.ear.until("session.status", 4).await;

    for heard in desk.ear.all() {
        let mut mac = Hmac::<Sha512>::new_from_slice(HMAC.as_bytes()).unwrap();
        mac.update(&heard.raw);
        let signature = hex::decode(heard.header("x-webhook-hmac")).unwrap();
        mac.verify_slice(&signature).unwrap();
        assert_eq!(heard.header("x-webhook-hmac-algorithm"), "sha512");
        assert_eq!(heard.header("x-webhook-timestamp"), heard.body["timestamp"].to_string());
        assert!(heard.header("user-agent").starts_with("WAHA/"));
    }
}

#[actix_web::test]
async fn a_refused_post_is_repeated_with_the_same_id() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.ear.until("session.status", 4).await;
    desk.ear.refuse_next(2);

    desk.control("sessions/shop/messages", json!({"phone": "12025550171", "text": "hi"})).await;

    desk.ear.until("message.any", 3).await;
    let posts: Vec<_> = desk.ear.all().into_iter().filter(|heard| heard.body["event"] == "message.any").collect();
    for post in &posts {
        assert_eq!(post.header("x-webhook-request-id"), posts[0].header("x-webhook-request-id"));
        assert_eq!(post.header("x-webhook-timestamp"), posts[0].header("x-webhook-timestamp"));
        assert_eq!(post.raw, posts[0].raw);
    }
}

#[actix_web::test]
async fn only_what_was_asked_for_is_told() {
    let desk = Desk::new(Engine::Noweb).await;
    desk.create_with("shop", json!([desk.ear.webhook(&["message", "message.any"])])).await;
    desk.pair("shop").await;

    desk.control("sessions/shop/messages", json!({"phone": "12025550171", "text": "hi"})).await;
    desk.send_text("12025550171@c.us", "hello", None).await;

    let any = desk.ear.until("message.any", 2).await;
    let others = desk.ear.until("message", 1).await;
    assert!(desk.ear.of("session.status").is_empty());
    assert_eq!(others.len(), 1);
    let twin = any.iter().find(|event| event["payload"]["id"] == others[0]["payload"]["id"]).unwrap();
    assert_ne!(twin["id"], others[0]["id"], "one message, two events");
}
