//! Customers to whom nobody may write.

use crate::support::talk::ANA;
use crate::support::{TestApp, form, get};

async fn suspend(app: &TestApp, state: &str) {
    let page = format!("/customers/{}", app.text("SELECT id::text AS text FROM customers"));
    app.bob(form(&format!("{page}/state"), &[("state", state)])).await;
}

#[actix_web::test]
async fn nobody_writes_to_a_suspended_customer() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    suspend(&app, "suspended").await;

    let refused = app.bob(form(&format!("/conversations/{thread}/messages"), &[("body", "Hi there")])).await;

    refused.shows("This customer is suspended").shows("Hi there");
    assert_eq!(app.count("FROM messages WHERE direction = 'outbound'"), 0);
    suspend(&app, "active").await;
    let sent = app.bob(form(&format!("/conversations/{thread}/messages"), &[("body", "Hi there")])).await;
    assert_eq!(sent.status, 303);
    assert_eq!(app.take_jobs(), ["messages:deliver"]);
}

#[actix_web::test]
async fn what_waits_when_a_customer_is_suspended_fails_and_says_why() {
    let app = TestApp::with_gateway().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello"]).await;
    app.bob(form(&format!("/conversations/{thread}/messages"), &[("body", "Hi there")])).await;
    suspend(&app, "suspended").await;

    app.run_jobs().await;

    let told = "SELECT status || ': ' || error_message AS text FROM messages WHERE direction = 'outbound'";
    assert_eq!(app.text(told), "failed: This customer is suspended, so nobody writes to them.");
    app.bob(get(&format!("/inbox/{thread}"))).await.shows("This customer is suspended");
}
