//! SIGTERM under load: what runs is finished, what does not is given back, and nobody is left hanging.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use serde_json::json;
use switchboard::demo::simulator::Engine;

use super::support::browser::Browser;
use super::support::database::UNDER_WAY;
use super::support::desk::{PATIENCE, Plan, signal};
use super::support::house::House;
use super::support::phones::assert_once_and_in_order;
use super::support::writing::Writers;
use super::support::{tell, until};

const LONGEST_STOP: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn open_requests_are_finished_and_streams_say_good_bye() {
    let house = House::open(Engine::Gows, 1).await;
    let mut desk = Plan::new(&house).start().await;
    house.pair().await;
    house.threads(1).await;
    let browser = Browser::signed_in(&desk.url).await;
    let mut line = browser.listen().await;

    // Requests that wait for a lock of ours are surely under way when the signal comes.
    let mut blocker = house.sql();
    blocker.batch_execute("BEGIN; LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE").unwrap();
    let open: Vec<_> = (0..5)
        .map(|_| {
            tokio::spawn({
                let browser = browser.clone();
                async move { browser.get("/inbox").await }
            })
        })
        .collect();
    until("requests that wait", PATIENCE, || async { house.count("pg_locks WHERE NOT granted") >= 5 }).await;
    signal(desk.pid(), "TERM");
    assert!(line.hear(PATIENCE, |frame| frame.event == "bye" && frame.data.contains("stopping")).await);
    assert_eq!(line.next().await, None);
    blocker.batch_execute("COMMIT").unwrap();

    for request in open {
        assert_eq!(request.await.unwrap().unwrap().status, 200);
    }
    let (status, took) = desk.ended().await;
    tell("stopping with open requests", took);
    assert!(status.success() && took < LONGEST_STOP, "{status} after {took:?}\n{}", desk.log());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_stop_under_load_gives_jobs_back_and_loses_nothing() {
    let house = House::open(Engine::Gows, 3).await;
    let plan = Plan::new(&house);
    let mut desk = plan.start().await;
    house.pair().await;
    let threads = house.threads(3).await;
    let browser = Browser::signed_in(&desk.url).await;

    house.faults(json!({ "slow_ms": 300 })).await;
    let writers = Writers::begin(&browser, &threads, 6);
    until("messages going out", PATIENCE, || async { house.sent().await >= 6 }).await;
    let (status, took) = desk.stop().await;
    tell("stopping under load", took);
    assert!(status.success() && took < LONGEST_STOP, "{status} after {took:?}\n{}", desk.log());
    assert_eq!(house.jobs_held(), 0, "jobs were not given back");
    assert_eq!(house.count("messages WHERE status = 'sending'"), 0, "sends were not finished");

    let sent = house.sent().await;
    let _desk = plan.start().await;
    let more = until("the next message", PATIENCE, || async { house.sent().await > sent }).await;
    tell("from the start of the next process to the next message", more);
    let written = writers.done().await;
    let all = || async { house.sent().await == 54 && house.count(UNDER_WAY) == 0 };
    until("all messages", 2 * PATIENCE, all).await;
    assert_once_and_in_order(&house.deliveries().await, &written);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_send_that_takes_too_long_does_not_hold_up_the_stop() {
    let house = House::open(Engine::Gows, 1).await;
    let plan = Plan::new(&house);
    let mut desk = plan.start().await;
    house.pair().await;
    let threads = house.threads(2).await;
    let browser = Browser::signed_in(&desk.url).await;

    house.faults(json!({ "slow_ms": 15_000 })).await;
    let written = Writers::begin(&browser, &threads, 2).done().await;
    until("a send under way", PATIENCE, || async { house.sent().await == 1 }).await;
    let (status, took) = desk.stop().await;
    tell("stopping over a slow send", took);
    assert!(status.success() && took < LONGEST_STOP, "{status} after {took:?}\n{}", desk.log());
    assert_eq!(house.jobs_held(), 0, "the job was not given back");

    house.faults(json!({})).await;
    let _desk = plan.start().await;
    let all = || async { house.sent().await == 4 && house.count(UNDER_WAY) == 0 };
    until("all messages", 2 * PATIENCE, all).await;
    assert_once_and_in_order(&house.deliveries().await, &written);
}
