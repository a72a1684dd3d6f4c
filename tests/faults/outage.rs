//! PostgreSQL restarted under load: 503 meanwhile, and everything goes on by itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use switchboard::demo::simulator::Engine;
use tokio::task::JoinSet;

use super::support::browser::{Answer, Browser};
use super::support::database::UNDER_WAY;
use super::support::desk::{Desk, PATIENCE, Plan, signal};
use super::support::house::House;
use super::support::phones::{Thread, assert_once_and_in_order};
use super::support::writing::Writers;
use super::support::{tell, until};

/// A request may wait for a connection, but nobody waits for ever.
const SOME_SECONDS: Duration = Duration::from_secs(10);
const LETTERS: usize = 60;

struct Scene {
    house: Arc<House>,
    desk: Desk,
    threads: Vec<Thread>,
    browser: Browser,
}

impl Scene {
    async fn open() -> Self {
        let house = Arc::new(House::open(Engine::Gows, 2).await);
        let desk = Plan::new(&house).start().await;
        house.pair().await;
        let threads = house.threads(4).await;
        let browser = Browser::signed_in(&desk.url).await;
        Self { house, desk, threads, browser }
    }
}

/// Readers who go round the pages until told to stop; what they were answered, by status.
struct Readers {
    stop: Arc<AtomicBool>,
    tasks: JoinSet<BTreeMap<u16, usize>>,
}

impl Readers {
    fn begin(browser: &Browser, thread: &Thread) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tasks = JoinSet::new();
        for path in ["/".to_owned(), "/inbox".into(), format!("/inbox/{}", thread.id), "/settings/numbers".into()] {
            let (browser, stop) = (browser.clone(), stop.clone());
            tasks.spawn(async move {
                let mut statuses = BTreeMap::new();
                while !stop.load(Ordering::Relaxed) {
                    let answer = browser.get(&path).await.unwrap();
                    assert_answer(&path, &answer);
                    *statuses.entry(answer.status).or_default() += 1;
                    tokio::time::sleep(Duration::from_millis(30)).await;
                }
                statuses
            });
        }
        Self { stop, tasks }
    }

    async fn end(self) -> BTreeMap<u16, usize> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = BTreeMap::new();
        for (status, count) in self.tasks.join_all().await.into_iter().flatten() {
            *all.entry(status).or_default() += count;
        }
        all
    }
}

fn assert_answer(path: &str, answer: &Answer) {
    assert!(answer.took < SOME_SECONDS, "{path} took {:?}", answer.took);
    match answer.status {
        200 => {}
        503 => assert!(answer.retry_after.is_some(), "{path}: no Retry-After"),
        status => panic!("{path}: {status}\n{}", answer.body),
    }
}

/// Customers who write all the while.
fn letters(house: &Arc<House>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    let house = house.clone();
    tasks.spawn(async move {
        for letter in 0..LETTERS {
            let session = house.numbers[letter % house.numbers.len()].0.clone();
            house.customer_writes(&session, &format!("49171111{:04}", letter % 7), &format!("letter {letter}")).await;
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    });
    tasks
}

/// Nothing is lost on the way in or out, whatever `restart` does to the database in the meantime.
async fn survives(restart: impl AsyncFnOnce(&House)) {
    let mut scene = Scene::open().await;
    let house = scene.house.clone();
    let mut line = scene.browser.listen().await;
    let readers = Readers::begin(&scene.browser, &scene.threads[0]);
    let (letters, writers) = (letters(&house), Writers::begin(&scene.browser, &scene.threads, 5));

    tokio::time::sleep(Duration::from_secs(1)).await;
    restart(&house).await;
    let works = || async { scene.browser.get("/inbox").await.unwrap().status == 200 };
    tell("from the database's return to a page", until("a page", PATIENCE, works).await);
    assert!(line.hear(PATIENCE, |frame| frame.event == "resync").await, "the stream goes on");
    let written = writers.done().await;
    letters.join_all().await;

    let all = || async { house.sent().await == 40 && house.count(UNDER_WAY) == 0 };
    tell("until all messages were out", until("all messages", 2 * PATIENCE, all).await);
    let statuses = readers.end().await;
    println!("pages were answered: {statuses:?}");
    assert!(statuses.contains_key(&503), "nothing was seen of the outage: {statuses:?}");
    assert_once_and_in_order(&house.deliveries().await, &written);
    assert_eq!(house.all_told().await, 0, "webhooks were given up");
    assert_eq!(house.count("messages WHERE direction = 'inbound' AND body LIKE 'letter %'"), LETTERS as i64);
    assert!(scene.desk.is_running());
    scene.assert_live().await;
}

impl Scene {
    /// Events reach the browser again.
    async fn assert_live(&self) {
        let mut line = self.browser.listen().await;
        self.house.customer_writes(&self.house.numbers[0].0, "491720000001", "Are you there?").await;
        assert!(line.hear(PATIENCE, |frame| frame.event == "live").await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_away_for_some_seconds() {
    survives(async |house| {
        house.stop_database();
        tokio::time::sleep(Duration::from_secs(5)).await;
        house.start_database();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_crashes_and_recovers() {
    survives(async |house| {
        let before = house.postmaster();
        signal(before, "QUIT");
        // The cluster's keeper starts it again.
        let again = || async { house.postmaster_if_any().is_some_and(|now| now != before) };
        until("another server", PATIENCE, again).await;
    })
    .await;
}
