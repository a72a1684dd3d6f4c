//! The inbox while things happen: history above, news below, what was read, the way back.

use crate::support::{Browser, Desk, with_desk};
use serde_json::json;

const MARA: &str = "46701740605";

/// Writes so many messages as Mara, whose thread has five already, and opens it.
async fn long_thread(desk: &Desk, agent: &Browser, count: usize) {
    for number in 1..=count {
        desk.write(MARA, &format!("Message {number}")).await;
    }
    agent.goto("/inbox").await;
    agent.reads(".conversation-preview", &format!("Message {count}")).await;
    agent.click_on("[data-row]", "Mara Lindqvist").await;
    agent.reads("#thread_messages .bubble", &format!("Message {count}")).await;
}

const IS_AT_END: &str = "(box => box.scrollHeight - box.scrollTop - box.clientHeight < 3)\
                         (document.getElementById('thread_scroll'))";

#[actix_web::test]
async fn older_messages_load_above_without_a_jump() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        long_thread(desk, &agent, 45).await;
        agent.until(IS_AT_END).await;
        agent.until("document.querySelectorAll('.message').length === 40").await;

        // Where the topmost message stands while the older ones come in above it.
        agent.evaluate("window.topmost = document.querySelector('.message')").await;
        let place = "Math.round(window.topmost.getBoundingClientRect().top)";
        agent.evaluate("document.getElementById('thread_scroll').scrollTop = 20").await;
        let before = agent.evaluate(place).await.as_i64().unwrap();
        agent.until("document.querySelectorAll('.message').length === 50").await;
        let after = agent.evaluate(place).await.as_i64().unwrap();

        assert!((before - after).abs() <= 20, "the thread jumped by {} px", after - before);
        agent.misses("#thread_older").await;
        let days = agent.evaluate("[...document.querySelectorAll('.day')].filter(day => !day.hidden).length").await;
        assert_eq!(days, json!(2), "each day has one separator");
    })
    .await;
}

#[actix_web::test]
async fn news_below_do_not_move_what_is_being_read() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        long_thread(desk, &agent, 30).await;
        agent.until(IS_AT_END).await;
        desk.write(MARA, "Seen at once").await;
        agent.reads("#thread_messages .bubble", "Seen at once").await;
        agent.until(IS_AT_END).await;

        agent.evaluate("document.getElementById('thread_scroll').scrollTop -= 600").await;
        let place = agent.evaluate("document.getElementById('thread_scroll').scrollTop").await;
        desk.write(MARA, "Seen later").await;
        agent.sees("#thread_new").await;
        assert_eq!(agent.evaluate("document.getElementById('thread_scroll').scrollTop").await, place);
        agent.click("#thread_new").await;
        agent.until(IS_AT_END).await;
        agent.misses("#thread_new").await;
    })
    .await;
}

#[actix_web::test]
async fn what_comes_while_the_thread_is_open_counts_as_read() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        let phones = desk.browser().await;
        phones.goto(&format!("{}/?number=acme-workshop&customer={MARA}", desk.phones)).await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Mara Lindqvist").await;
        agent.reads("#conversation_header h2", "Mara Lindqvist").await;

        phones.fill("#text", "Are you there?").await;
        phones.click("#send").await;
        agent.reads("#thread_messages .bubble", "Are you there?").await;
        phones.sees("#thread .tick.seen").await;
        agent.misses("[aria-current] .unread").await;
        agent.goto("/inbox").await;
        agent.reads(".conversation-preview", "Are you there?").await;
        let unread = "[...document.querySelectorAll('.conversation')]\
                      .find(row => row.innerText.includes('Mara')).querySelector('.unread')";
        assert_eq!(agent.evaluate(unread).await, json!(null));
    })
    .await;
}

#[actix_web::test]
async fn back_forward_links_and_search_lead_where_they_should() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Mara Lindqvist").await;
        agent.reads("#conversation_header h2", "Mara Lindqvist").await;
        let mara = agent.path().await;
        agent.click_on("[data-row]", "Priya Natarajan").await;
        agent.reads("#conversation_header h2", "Priya Natarajan").await;

        agent.client.back().await.unwrap();
        agent.reads("#conversation_header h2", "Mara Lindqvist").await;
        agent.reads("[aria-current=page] .conversation-name", "Mara Lindqvist").await;
        assert_eq!(agent.path().await, mara);
        agent.client.forward().await.unwrap();
        agent.reads("#conversation_header h2", "Priya Natarajan").await;

        agent.fill("[data-search]", "wolski").await;
        agent.until("document.querySelectorAll('[data-row]').length === 1").await;
        agent.reload().await;
        agent.reads(".conversation-name", "Tomasz Wolski").await;
        agent.reads("#conversation_header h2", "Priya Natarajan").await;
        agent.fill("[data-search]", "nobody").await;
        agent.reads(".conversation-list h2", "Nothing found").await;
    })
    .await;
}

#[actix_web::test]
async fn on_a_phone_the_panes_are_a_stack() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.size(360, 740).await;
        agent.goto("/inbox").await;
        agent.misses("#thread").await;
        agent.click_on("[data-row]", "Lucía Romero").await;
        agent.sees("#composer_text").await;
        agent.misses("#conversation_list").await;
        agent.click(".panel-opener").await;
        agent.reads("#customer_panel", "+34 600 12 34 56").await;
        agent.click(".panel-closer").await;
        agent.click(".thread-back").await;
        agent.sees("#conversation_list").await;
        agent.misses("#thread").await;
    })
    .await;
}
