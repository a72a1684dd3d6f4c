//! Faults on demand do what they say, and the list of deliveries tells the truth meanwhile.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use switchboard::demo::simulator::Engine;

use super::desk::Desk;

fn text(text: &str) -> Value {
    json!({"session": "shop", "chatId": "12025550171@c.us", "text": text})
}

#[actix_web::test]
async fn a_refused_send_has_no_effect() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.faults(json!({"next_500": 1, "next_422": 1})).await;

    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(desk.post("/api/sendText", text("hi")).await.0);
    }

    assert_eq!(statuses, [500, 422, 201]);
    assert_eq!(desk.delivered().await, ["hi"]);
}

#[actix_web::test]
async fn a_lost_answer_has_its_effect() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.faults(json!({"lost_answers": 1})).await;

    let lost = desk.try_call("POST", "/api/sendText", text("did it arrive?")).await;

    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(desk.delivered().await, ["did it arrive?"]);
    desk.ear.until("message.any", 1).await;
}

#[actix_web::test]
async fn a_slow_answer_comes_after_the_effect() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.faults(json!({"slow_ms": 200})).await;
    let begun = Instant::now();

    desk.post("/api/sendText", text("slow")).await;

    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!(desk.delivered().await, ["slow"]);
}

#[actix_web::test]
async fn faults_can_be_aimed_at_other_calls() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.faults(json!({"path": "/api/sessions/shop", "next_500": 1})).await;

    assert_eq!(desk.post("/api/sendText", text("untouched")).await.0, 201);
    assert_eq!(desk.get("/api/sessions/shop").await.0, 500);
    assert_eq!(desk.call("PUT", "/simulator/faults", json!({"nonsense": 1})).await.0, 400);
}

#[actix_web::test]
async fn webhooks_can_be_doubled_dropped_and_shuffled() {
    let desk = Desk::paired(Engine::Noweb).await;
    let write = |text: String| desk.control("sessions/shop/messages", json!({"phone": "12025550171", "text": text}));

    desk.faults(json!({"duplicate_webhooks": 2})).await;
    write("thrice".into()).await;
    let copies = desk.ear.until("message.any", 3).await;
    assert!(copies.iter().all(|copy| copy["id"] == copies[0]["id"]));

    desk.faults(json!({"drop_webhooks_percent": 100})).await;
    write("never told".into()).await;
    assert_eq!(desk.get("/simulator/webhooks").await.1["dropped"], 1);

    desk.faults(json!({"reorder_webhooks_ms": 60})).await;
    for number in 0..12 {
        write(format!("{number:02}")).await;
    }
    let told = desk.ear.until("message.any", 15).await;
    let order: Vec<_> = told[3..].iter().map(|event| event["payload"]["body"].as_str().unwrap().to_owned()).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_ne!(order, sorted);
    assert!(!told.iter().any(|event| event["payload"]["body"] == "never told"));
}
