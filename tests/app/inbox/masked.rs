//! Auditors read everything, change nothing, and see addresses masked.

use crate::support::talk::{ANA, event, said, with};
use crate::support::{Answer, TestApp, get};
use serde_json::json;

/// A customer who has told no name, so that the number stands where names stand.
const NAMELESS: &str = "447700900123";

#[track_caller]
fn hides_the_number(answer: &Answer) {
    let digits: String = answer.html.chars().filter(|char| !" +-()".contains(*char)).collect();
    assert!(!digits.contains("7700900123"), "the number is in {}", answer.html);
}

#[actix_web::test]
async fn a_nameless_customers_number_is_masked_everywhere() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, NAMELESS, &["Hello"]).await;
    app.sql("UPDATE conversations SET waiting_since = now() - interval '1 hour'");
    app.bob(get(&format!("/inbox/{id}"))).await.shows("+44 7700 900123");

    for path in ["/inbox", "/", &format!("/inbox/{id}")] {
        let page = app.olga(get(path)).await;
        hides_the_number(&page);
        page.shows("••• 23");
    }
    for part in ["thread", "conversation_header", "customer_panel", "conversation_list"] {
        hides_the_number(&app.olga(get(&format!("/inbox/{id}")).htmx(part)).await);
    }
    app.take_jobs();
}

#[actix_web::test]
async fn a_quoted_customer_is_masked_too() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, NAMELESS, &["Hello"]).await;
    let quoting =
        json!({"replyTo": {"id": "3AELSEWHERE", "participant": format!("{NAMELESS}@c.us"), "body": "Earlier"}});

    app.hears(number, with(said(NAMELESS, "As I said"), quoting)).await;

    hides_the_number(app.olga(get(&format!("/inbox/{id}"))).await.shows("Earlier"));
}

#[actix_web::test]
async fn a_groups_nameless_members_are_masked_too() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let group = "120363041234567890@g.us";
    let message = json!({
        "id": format!("false_{group}_3AGROUP1_{NAMELESS}@c.us"), "timestamp": chrono::Utc::now().timestamp(),
        "from": group, "participant": format!("{NAMELESS}@c.us"), "fromMe": false, "body": "Hello all",
        "hasMedia": false, "replyTo": {"id": "3AOTHER", "participant": format!("{NAMELESS}@c.us"), "body": "Before"},
    });
    app.told(number, &event("message.any", message)).await;
    let id = app.conversation_with("120363041234567890");

    app.bob(get(&format!("/inbox/{id}"))).await.shows("Hello all");
    hides_the_number(app.olga(get(&format!("/inbox/{id}"))).await.shows("Hello all"));
    app.take_jobs();
}

#[actix_web::test]
async fn an_auditor_reads_and_has_no_composer() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    let page = app.olga(get(&format!("/inbox/{id}"))).await;

    page.shows("You may read this conversation, not answer it.").shows("Hello").shows("Ana Alves");
    page.hides("<textarea").hides("/resolution").hides("reply_to").hides("Resolve</span>");
}
