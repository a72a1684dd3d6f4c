//! Files on their way to the customer, through whatever happens to the gateway and to us.

use super::attachments::{PNG, attached, send};
use super::sending::paired;
use crate::support::talk::ANA;
use crate::support::{TestApp, get, post};
use serde_json::{Value, json};
use switchboard::kit::http::client;
use switchboard::messages::outbox;
use switchboard::numbers::model as numbers;
use switchboard::numbers::waha::{ChatId, MessagePage};
use uuid::Uuid;

async fn faults(app: &TestApp, faults: Value) {
    let url = format!("{}/simulator/faults", app.simulator.as_ref().unwrap().url);
    assert!(client().put(url).json(&faults).send().await.unwrap().status().is_success());
}

/// The files that arrived on Ana's phone, with their captions.
async fn arrived(app: &TestApp) -> Vec<String> {
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse::<Uuid>().unwrap().into();
    let number = app.within(move |conn, tenant| numbers::find(conn, tenant, number)).await;
    let (waha, chat) = (app.parts.gateways.of(&number).unwrap(), ChatId::parse(&format!("{ANA}@c.us")).unwrap());
    let page = MessagePage { limit: 50, from_me: Some(true), ..MessagePage::default() };
    let sent = waha.chat_messages("acme-workshop", Some(&chat), &page).await.unwrap();
    sent.iter().filter(|message| message.has_media()).map(|message| message.body().unwrap_or_default()).collect()
}

async fn status(app: &TestApp, status: &str) {
    let is = format!("FROM messages WHERE direction = 'outbound' AND status = '{status}'");
    let number = app.text("SELECT id::text AS text FROM waha_sessions").parse::<Uuid>().unwrap().into();
    app.until(status, async || {
        // What the sweep does every minute.
        app.within(move |conn, tenant| outbox::deliver(conn, tenant, number)).await;
        app.pass_time();
        app.run_jobs().await;
        app.count(&is) == 1
    })
    .await;
}

#[actix_web::test]
async fn a_file_reaches_the_customer_through_every_fault_of_the_gateway_once() {
    for fault in [
        json!({}),
        json!({ "path": "/api/sendImage", "next_500": 1 }),
        json!({ "path": "/api/sendImage", "next_422": 1 }),
        json!({ "path": "/api/sendImage", "slow_ms": 300 }),
        json!({ "path": "/api/sendImage", "lost_answers": 1 }),
    ] {
        let app = TestApp::with_gateway().await;
        let (_, id) = paired(&app).await;
        let file = attached(&app, id, "bike.png", PNG).await;
        app.bob(send(id, "Your bike", &[&file])).await;
        faults(&app, fault.clone()).await;

        status(&app, "delivered").await;

        assert_eq!(arrived(&app).await, ["Your bike"], "{fault}");
        assert_eq!(
            app.count("FROM messages WHERE direction = 'outbound'"),
            1,
            "its echo is no second message: {fault}"
        );
    }
}

#[actix_web::test]
async fn a_file_whose_fate_nobody_knows_is_never_sent_blindly_again() {
    let app = TestApp::with_gateway().await;
    let (_, id) = paired(&app).await;
    let file = attached(&app, id, "bike.png", PNG).await;
    app.bob(send(id, "", &[&file])).await;
    // Killed between the claim and the answer, before anything left.
    app.sql("UPDATE messages SET status = 'sending', lease = 1 WHERE direction = 'outbound'");

    app.run_jobs().await;
    status(&app, "unknown").await;

    let thread = app.bob(get(&format!("/inbox/{id}")).htmx("thread_messages")).await;
    thread.shows("Look at the phone before you send it again.").shows("Send anyway");
    assert!(arrived(&app).await.is_empty());
    app.bob(post(&format!("/messages/{file}/retry"))).await;
    status(&app, "delivered").await;
    assert_eq!(arrived(&app).await.len(), 1);
}
