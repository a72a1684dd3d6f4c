//! kill -9 again and again while 200 messages go out: none lost, none twice, in order.

use std::time::{Duration, Instant};

use serde_json::json;
use switchboard::demo::simulator::Engine;

use super::support::browser::Browser;
use super::support::database::UNDER_WAY;
use super::support::desk::{Desk, PATIENCE, Plan};
use super::support::house::House;
use super::support::phones::{Thread, assert_never_twice, assert_once_and_in_order};
use super::support::writing::{Writers, Written, insist};
use super::support::{tell, until};

const NUMBERS: usize = 4;
const THREADS: usize = 5;
const EACH: usize = 10;
const ALL: usize = NUMBERS * THREADS * EACH;

/// A desk with its conversations, and everything that is needed to start it again.
struct Scene {
    house: House,
    plan: Plan,
    desk: Desk,
    threads: Vec<Thread>,
    browser: Browser,
}

impl Scene {
    async fn open(engine: Engine) -> Self {
        let house = House::open(engine, NUMBERS).await;
        let plan = Plan::new(&house);
        let desk = plan.start().await;
        house.pair().await;
        let threads = house.threads(THREADS).await;
        let browser = Browser::signed_in(&desk.url).await;
        Self { house, plan, desk, threads, browser }
    }

    /// Kills the desk each time that some more messages went out, and starts it again. While it is dead, some of the
    /// next messages are left as if it had died just before sending them.
    async fn kill_again_and_again(self, kills: usize) -> Self {
        let Self { house, plan, mut desk, threads, browser } = self;
        let takes_ids = house.engine != Engine::Webjs;
        for kill in 1..=kills {
            let before = house.sent().await;
            let enough = (before + 15).min(ALL);
            until("more messages going out", 2 * PATIENCE, || async { house.sent().await >= enough }).await;
            desk.kill();
            let (killed, sent) = (Instant::now(), house.sent().await);
            let left = house.claim_without_sending(1, takes_ids);
            desk = plan.start().await;
            println!("kill {kill}: {sent} were sent, {left} left claimed");
            if sent < ALL {
                until("the first message after the kill", PATIENCE, || async { house.sent().await > sent }).await;
                tell("from the kill to the next message", killed.elapsed());
            }
        }
        Self { house, plan, desk, threads, browser }
    }

    async fn all_went_out(&self) {
        let none = || async { self.house.count(UNDER_WAY) == 0 && self.house.sent().await == ALL };
        let took = until("all messages sent", 2 * PATIENCE, none).await;
        tell("from the last start to the end", took);
    }

    /// Every message is known as what it is, and by the id that it has at WhatsApp.
    async fn assert_rows_agree(&self) {
        self.house.all_told().await;
        assert_eq!(self.house.count("messages WHERE direction = 'outbound'"), ALL as i64);
        let known = "messages WHERE direction = 'outbound' AND waha_message_id IS NOT NULL \
                     AND status IN ('sent', 'delivered', 'read')";
        assert_eq!(self.house.count(known), ALL as i64);
    }
}

async fn nothing_lost_nothing_twice(engine: Engine, kills: usize, lost_answers: u32) {
    let scene = Scene::open(engine).await;
    // The answer comes after the effect: the moment in which a kill hurts most.
    scene.house.faults(json!({ "slow_ms": 60, "lost_answers": lost_answers })).await;

    let writers = Writers::begin(&scene.browser, &scene.threads, EACH);
    let scene = scene.kill_again_and_again(kills).await;
    let written = writers.done().await;
    scene.all_went_out().await;

    assert_once_and_in_order(&scene.house.deliveries().await, &written);
    scene.assert_rows_agree().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_lose_and_repeat_nothing() {
    nothing_lost_nothing_twice(Engine::Gows, 5, 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn kills_and_lost_answers_lose_and_repeat_nothing() {
    nothing_lost_nothing_twice(Engine::Noweb, 3, 9).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_ids_cannot_be_chosen_nothing_goes_twice_and_a_person_decides_the_rest() {
    let scene = Scene::open(Engine::Webjs).await;
    scene.house.faults(json!({ "slow_ms": 60, "lost_answers": 6 })).await;

    let writers = Writers::begin(&scene.browser, &scene.threads, EACH);
    let scene = scene.kill_again_and_again(3).await;
    let written = writers.done().await;
    let asked = a_person_decides(&scene, &written).await;

    assert!(asked >= 1, "something was claimed and never sent, so somebody must be asked");
    assert_once_and_in_order(&scene.house.deliveries().await, &written);
    scene.assert_rows_agree().await;
}

/// What nobody can know is shown as unknown, and was not sent; a person looks at the phone and sends it again, until all
/// is out. How often that was needed.
async fn a_person_decides(scene: &Scene, written: &Written) -> usize {
    let house = &scene.house;
    let mut asked = 0;
    let begun = Instant::now();
    let all: usize = written.values().map(Vec::len).sum();
    while house.sent().await < all {
        assert!(begun.elapsed().as_secs() < 2 * PATIENCE, "still waiting: {:?}", house.messages("status = 'unknown'"));
        assert_never_twice(&house.deliveries().await);
        for doubtful in house.messages("status = 'unknown' AND error_message LIKE 'It could not be found out%'") {
            let arrived = house.deliveries().await.iter().any(|sent| sent.body == doubtful.body);
            assert!(!arrived, "it can be seen at the phone: {doubtful:?}");
            let thread = scene.threads.iter().find(|thread| doubtful.body.ends_with(&thread.chat_id)).unwrap();
            let page = scene.browser.get(&format!("/inbox/{}", thread.id)).await.unwrap();
            assert!(page.body.contains(&format!("/messages/{}/retry", doubtful.id)), "{}", page.body);
            let answer = scene.browser.post(&format!("/messages/{}/retry", doubtful.id), &[]).await.unwrap();
            assert_eq!(answer.status, 303, "{}", answer.body);
            asked += 1;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let none = || async { house.count(UNDER_WAY) == 0 };
    until("all fates known", PATIENCE, none).await;
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_words_twice_are_two_messages_also_when_the_second_was_lost() {
    let house = House::open(Engine::Webjs, 1).await;
    let plan = Plan::new(&house);
    let desk = plan.start().await;
    house.pair().await;
    let thread = house.threads(1).await.remove(0);
    let browser = Browser::signed_in(&desk.url).await;
    insist(&browser, thread.id, "ok").await;
    until("the first", PATIENCE, || async { house.sent().await == 1 && house.count(UNDER_WAY) == 0 }).await;

    // The second is taken for sending by a process that dies before it asks the gateway.
    house.faults(json!({ "path": "/api/sendText", "next_500": 1 })).await;
    insist(&browser, thread.id, "ok").await;
    until("it waits", PATIENCE, || async { house.count("messages WHERE send_after > now()") == 1 }).await;
    desk.kill();
    assert_eq!(house.claim_without_sending(1, false), 1);
    let _desk = plan.start().await;

    let doubtful = "messages WHERE status = 'unknown' AND error_message LIKE 'It could not be found out%'";
    until("it is said that nobody knows", PATIENCE, || async { house.count(doubtful) == 1 }).await;
    assert_eq!(house.sent().await, 1);
}
