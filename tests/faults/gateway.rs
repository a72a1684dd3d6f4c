//! The WhatsApp gateway gone, and mute, for a while: pages do not wait for it, messages do.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::json;
use switchboard::demo::simulator::Engine;

use super::support::browser::Browser;
use super::support::database::UNDER_WAY;
use super::support::desk::{PATIENCE, Plan};
use super::support::house::House;
use super::support::phones::assert_once_and_in_order;
use super::support::writing::{Writers, insist};
use super::support::{tell, until};

/// Far above what a page takes, and far below any time-out towards the gateway.
const QUICK: Duration = Duration::from_secs(3);

async fn assert_pages_are_quick(browser: &Browser, conversation: uuid::Uuid) {
    let thread = format!("/inbox/{conversation}");
    for path in ["/", "/inbox", &thread, "/settings/numbers", "/settings/numbers/health"] {
        let answer = browser.get(path).await.unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        assert!(answer.took < QUICK, "{path} took {:?}", answer.took);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn messages_wait_for_the_gateway_and_pages_do_not() {
    let house = House::open(Engine::Gows, 2).await;
    let desk = Plan::new(&house).start().await;
    house.pair().await;
    let threads = house.threads(3).await;
    let browser = Browser::signed_in(&desk.url).await;

    house.stop_waha().await;
    let written = Writers::begin(&browser, &threads, 5).done().await;
    for _ in 0..5 {
        assert_pages_are_quick(&browser, threads[0].id).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    // Something that takes connections and never answers is worse than nothing at all.
    let mute = TcpListener::bind(house.waha).unwrap();
    for _ in 0..5 {
        assert_pages_are_quick(&browser, threads[1].id).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    drop(mute);
    house.start_waha().await;

    let all = || async { house.sent().await == 30 && house.count(UNDER_WAY) == 0 };
    tell("from the gateway's return to the last message", until("all messages", 2 * PATIENCE, all).await);
    assert_once_and_in_order(&house.deliveries().await, &written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tries_that_reached_nobody_do_not_count_as_failures() {
    let house = House::open(Engine::Gows, 1).await;
    let desk = Plan::new(&house).start().await;
    house.pair().await;
    let threads = house.threads(2).await;
    let browser = Browser::signed_in(&desk.url).await;
    house.stop_waha().await;
    insist(&browser, threads[0].id, "Hello!").await;
    until("a try", PATIENCE, || async { house.count("messages WHERE send_after > now()") == 1 }).await;

    // As after an outage of some minutes; then the gateway comes back, and stumbles once.
    house.pass_tries(20);
    house.start_waha().await;
    house.faults(json!({ "path": "/api/sendText", "next_500": 1 })).await;
    house.let_go();
    insist(&browser, threads[1].id, "And you?").await;

    let stumbled = "messages WHERE status = 'queued' AND lease > 20 AND metadata ->> 'failures' = '1'";
    until("the message still waits", PATIENCE, || async { house.count(stumbled) == 1 }).await;
    until("the other message", PATIENCE, || async { house.sent().await == 1 }).await;
    assert_eq!(house.count("messages WHERE status = 'failed'"), 0);
}
