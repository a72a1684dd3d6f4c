//! Two processes on one database: what one does the other knows, and when one dies the other carries on.

use std::time::Instant;

use diesel::connection::SimpleConnection;
use serde_json::json;
use switchboard::demo::simulator::Engine;

use super::support::browser::Browser;
use super::support::database::UNDER_WAY;
use super::support::desk::{PATIENCE, Plan};
use super::support::house::House;
use super::support::phones::assert_once_and_in_order;
use super::support::writing::{Writers, insist};
use super::support::{tell, until};

/// Two plans, of which the second takes the webhooks of both.
fn plans(house: &House) -> (Plan, Plan) {
    let (one, other) = (Plan::new(house), Plan::new(house));
    let webhooks = format!("http://127.0.0.1:{}", other.port);
    (one.with("SWITCHBOARD_WEBHOOK_URL", &webhooks), other.with("SWITCHBOARD_WEBHOOK_URL", &webhooks))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn events_and_the_ends_of_sessions_cross() {
    let house = House::open(Engine::Gows, 1).await;
    let (one, other) = plans(&house);
    let (one, other) = (one.start().await, other.start().await);
    house.pair().await;
    let thread = house.threads(1).await.remove(0);
    let here = Browser::signed_in(&one.url).await;
    let there = here.at(&other.url);

    // What is written there is heard here.
    let mut line = here.listen().await;
    insist(&there, thread.id, "Hello!").await;
    let tells = |data: &str| data.contains(&thread.id.to_string());
    assert!(line.hear(PATIENCE, |frame| frame.event == "live" && tells(&frame.data)).await);

    // Who signs out there is signed out here, though it was kept here a moment ago.
    assert_eq!(here.get("/inbox").await.unwrap().status, 200);
    assert_eq!(there.post("/logout", &[]).await.unwrap().status, 303);
    assert!(line.hear(PATIENCE, |frame| frame.event == "bye" && frame.data.contains("signed_out")).await);
    let answer = here.get("/inbox").await.unwrap();
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/login?next=%2Finbox")));
}

/// What a dead process held must go on elsewhere by then.
const TAKEN_OVER: u64 = 30;

/// Kills `dying` while it holds jobs of numbers whose messages go out; its twin runs.
async fn is_taken_over(dying: fn(Plan) -> Plan, twin: fn(Plan) -> Plan, others: &[fn(Plan) -> Plan]) {
    let house = House::open(Engine::Gows, 3).await;
    let (one, other) = plans(&house);
    let mut running = Vec::new();
    for other_role in others {
        running.push(other_role(other.clone()).start().await);
    }
    let victim = dying(one.clone()).start().await;
    remember_workers(&house).await;
    let twin_plan = if others.is_empty() { other } else { plans(&house).0 };
    let twin = twin(twin_plan).start().await;
    house.pair().await;
    let threads = house.threads(2).await;
    let writer = running.first().map_or(&twin.url, |web| &web.url);
    let browser = Browser::signed_in(writer).await;

    house.faults(json!({ "slow_ms": 1000 })).await;
    let written = Writers::begin(&browser, &threads, 4).done().await;
    until("the first process holds jobs", PATIENCE, || async { house.count(HELD_BY_THE_FIRST) > 0 }).await;
    victim.kill();
    let (killed, held) = (Instant::now(), house.count(HELD_BY_THE_FIRST));
    house.faults(json!({})).await;

    until("its jobs are taken over", PATIENCE, || async { house.count(HELD_BY_THE_FIRST) == 0 }).await;
    tell(&format!("from the kill until its {held} jobs were taken over"), killed.elapsed());
    assert!(killed.elapsed().as_secs() < TAKEN_OVER);
    let all = || async { house.sent().await == 24 && house.count(UNDER_WAY) == 0 };
    until("all messages", 2 * PATIENCE, all).await;
    tell("from the kill to the last message", killed.elapsed());
    assert_once_and_in_order(&house.deliveries().await, &written);
}

const HELD_BY_THE_FIRST: &str =
    "graphile_worker._private_jobs WHERE locked_by IN (SELECT id FROM workers_of_the_first)";

async fn remember_workers(house: &House) {
    let both_lanes = || async { house.count("graphile_worker._private_workers") == 2 };
    until("the first process's workers", PATIENCE, both_lanes).await;
    let sql = "CREATE TABLE workers_of_the_first AS SELECT id FROM graphile_worker._private_workers";
    house.sql().batch_execute(sql).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_jobs_of_a_dead_process_go_on_in_the_other() {
    is_taken_over(|plan| plan, |plan| plan, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_jobs_of_a_dead_worker_go_on_in_another_worker() {
    is_taken_over(|plan| plan.role("worker"), |plan| plan.role("worker"), &[|plan| plan.role("web")]).await;
}
