//! The line to the desk goes down and comes back: nothing is lost and nobody presses reload.

use crate::support::{ENTER, with_desk};

const LUCIA: &str = "34600123456";

#[actix_web::test]
async fn a_bar_tells_and_the_page_catches_up() {
    with_desk(async |desk| {
        desk.tolerate("net::ERR_");
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        agent.click_on("[data-row]", "Lucía Romero").await;
        agent.focuses("#composer_text").await;
        agent.misses("#connection").await;

        desk.stop().await;
        agent.reads("#connection", "Reconnecting").await;
        agent.press(&format!("Yes, four are free{ENTER}")).await;
        agent.reads("#thread_pending .bubble", "Yes, four are free").await;
        desk.write(LUCIA, "Perhaps five?").await;
        desk.start().await;

        agent.misses("#connection").await;
        agent.reads("#thread_messages .is-in", "Perhaps five?").await;
        agent.reads("#thread_messages .is-out", "Yes, four are free").await;
        agent.misses("#thread_pending .message").await;
        assert_eq!(desk.sent_to(LUCIA).await, ["Yes, four are free"]);
    })
    .await;
}

#[actix_web::test]
async fn signing_out_in_one_window_leads_the_other_to_the_door() {
    with_desk(async |desk| {
        let agent = desk.signed_in("agent@acme.test").await;
        agent.goto("/inbox").await;
        let other = agent.client.new_window(false).await.unwrap();
        let first = agent.client.window().await.unwrap();
        agent.client.switch_to_window(other.handle).await.unwrap();
        agent.goto("/inbox?queue=all").await;
        agent.sees("[data-row]").await;

        agent.client.switch_to_window(first).await.unwrap();
        agent.click(".rail-account summary").await;
        agent.click("form[action='/logout'] button").await;
        agent.sees("#field_email").await;
        assert_eq!(agent.path().await, "/login");

        let windows = agent.client.windows().await.unwrap();
        agent.client.switch_to_window(windows[1].clone()).await.unwrap();
        agent.sees("#field_email").await;
        assert_eq!(agent.path().await, "/login?next=%2Finbox%3Fqueue%3Dall");
    })
    .await;
}
