//! The keyboard: everything an agent does all day without the mouse.

use crate::support::{Browser, ENTER, ESCAPE, with_desk};

/// The conversation that is open, as its thread's header names it.
async fn open_thread(agent: &Browser) -> String {
    agent.text("#conversation_header h2").await
}

#[actix_web::test]
async fn the_list_is_walked_and_opened_by_keys() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.press("gi").await;
        agent.sees("#conversation_list").await;

        agent.press("jjk").await;
        agent.focuses("li:first-child > [data-row]").await;
        agent.press("j").await;
        agent.focuses("li:nth-child(2) > [data-row]").await;
        agent.press(&ENTER.to_string()).await;
        assert_eq!(open_thread(&agent).await, agent.text("li:nth-child(2) .conversation-name").await);

        agent.press("r").await;
        agent.focuses("#composer_text").await;
        agent.press("jk").await;
        agent.until("document.getElementById('composer_text').value === 'jk'").await;
        agent.press(&format!("{ESCAPE}/")).await;
        agent.focuses("[data-search]").await;
        agent.press("priya").await;
        agent.until("document.querySelectorAll('[data-row]').length === 1").await;
        agent.reads(".conversation-name", "Priya Natarajan").await;
        assert_eq!(open_thread(&agent).await, "Mara Lindqvist", "the thread stays beside what was found");
    })
    .await;
}

#[actix_web::test]
async fn e_resolves_and_goes_on_with_the_next() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        let second = agent.text("li:nth-child(2) .conversation-name").await;
        agent.click("li:first-child > [data-row]").await;
        let first = open_thread(&agent).await;
        agent.focuses("#composer_text").await;

        agent.press(&format!("{ESCAPE}e")).await;
        agent.reads("#conversation_header h2", &second).await;
        agent.until("document.querySelectorAll('[data-row]').length === 4").await;
        agent.reads("#conversation_queues [aria-current] .count", "4").await;

        agent.click_on(".queue", "Resolved").await;
        agent.reads(".conversation-name", &first).await;
    })
    .await;
}

#[actix_web::test]
async fn the_last_conversation_resolved_leaves_an_empty_list() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click("li:first-child > [data-row]").await;
        for left in (0..5).rev() {
            agent.focuses("#composer_text").await;
            agent.press(&format!("{ESCAPE}e")).await;
            agent.until(&format!("document.querySelectorAll('[data-row]').length === {left}")).await;
        }
        agent.reads(".conversation-list h2", "All done here").await;
        agent.misses(".thread").await;
    })
    .await;
}

#[actix_web::test]
async fn the_list_of_keys_opens_and_closes() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.press("?").await;
        agent.reads("#keys h2", "Keyboard shortcuts").await;
        agent.press(&ESCAPE.to_string()).await;
        agent.misses("#keys").await;
        agent.press("gi").await;
        agent.sees(".inbox").await;
        agent.press("gd").await;
        agent.sees("#dashboard").await;
    })
    .await;
}
