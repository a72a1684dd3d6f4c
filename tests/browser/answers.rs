//! Answers: typed fast, kept as drafts, failed and sent again, seen by colleagues.

use crate::support::{ENTER, with_desk};
use serde_json::json;

const LUCIA: &str = "34600123456";
const OURS: &str = "#thread_messages .is-out";

#[actix_web::test]
async fn fast_answers_arrive_whole_and_in_order() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Lucía Romero").await;
        agent.focuses("#composer_text").await;

        agent.press(&format!("one{ENTER}two{ENTER}three{ENTER}and what is still being typed")).await;
        agent.until("document.querySelectorAll('#thread_messages .is-out .tick[title=Delivered]').length === 3").await;
        agent.misses("#thread_pending .message").await;

        let texts = "[...document.querySelectorAll('#thread_messages .is-out .bubble-text')].map(e => e.innerText)";
        assert_eq!(agent.evaluate(texts).await, json!(["one", "two", "three"]));
        let typed = agent.evaluate("document.getElementById('composer_text').value").await;
        assert_eq!(typed, "and what is still being typed");
        assert_eq!(desk.sent_to(LUCIA).await, ["one", "two", "three"]);
    })
    .await;
}

#[actix_web::test]
async fn a_draft_survives_a_reload_and_shows_in_the_list() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Priya Natarajan").await;
        agent.focuses("#composer_text").await;
        agent.press("Let me look").await;
        agent.reads("#draft_status", "Draft saved").await;

        agent.press(" into it").await;
        agent.reload().await;
        agent.until("document.getElementById('composer_text').value === 'Let me look into it'").await;
        agent.click_on("[data-row]", "Lucía Romero").await;
        agent.reads("#conversation_header h2", "Lucía Romero").await;
        agent.goto("/inbox").await;
        agent.reads(".conversation-preview", "Draft: Let me look into it").await;
    })
    .await;
}

#[actix_web::test]
async fn colleagues_see_each_others_answers() {
    with_desk(async |desk| {
        let (bob, eve) = (desk.signed_in("agent@acme.test").await, desk.signed_in("agent2@acme.test").await);
        for agent in [&bob, &eve] {
            agent.goto("/inbox").await;
            agent.click_on("[data-row]", "Mara Lindqvist").await;
            agent.focuses("#composer_text").await;
        }
        bob.press(&format!("Yes, 17:00 is fine{ENTER}")).await;

        eve.reads(OURS, "Yes, 17:00 is fine").await;
        eve.reads(".bubble-sender", "Bob Baker").await;
        eve.reads("[aria-current] .conversation-preview", "Yes, 17:00 is fine").await;
    })
    .await;
}

#[actix_web::test]
async fn a_failed_message_says_why_and_is_sent_again() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Lucía Romero").await;
        agent.focuses("#composer_text").await;
        desk.faults(json!({"next_500": 6})).await;
        agent.press(&format!("Yes, from Friday to Sunday{ENTER}")).await;
        agent.sees(".is-failed .failure p").await;
        assert!(desk.sent_to(LUCIA).await.is_empty());

        agent.click(".failure .btn").await;
        agent.sees("#thread_messages .is-out .tick[title=Delivered]").await;
        agent.misses(".failure").await;
        assert_eq!(desk.sent_to(LUCIA).await, ["Yes, from Friday to Sunday"]);
    })
    .await;
}

#[actix_web::test]
async fn a_message_is_quoted() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Priya Natarajan").await;
        agent.focuses("#composer_text").await;
        agent.hover("#thread_messages .message:first-of-type").await;
        agent.click("#thread_messages .message:first-of-type .reply").await;
        agent.reads(".composer-reply", "My e-bike shows error E07").await;
        agent.focuses("#composer_text").await;
        agent.press(&format!("Dry the connector of the display{ENTER}")).await;

        agent.reads("#thread_messages .is-out .quote", "My e-bike shows error E07").await;
        agent.misses(".composer-reply").await;
    })
    .await;
}
