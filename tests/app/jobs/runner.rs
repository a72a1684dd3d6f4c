//! Ticks, stops, deaths and lost databases.

use std::process::{Command, Stdio};

use super::*;

#[tokio::test]
async fn a_tick_is_one_row_for_all_processes_and_outlives_failures() {
    let desk = Desk::new().await;
    let runner = || desk.runner().every(Duration::from_millis(500), &Beat).unwrap();

    let (one, two) = (runner().start().await.unwrap(), runner().start().await.unwrap());
    sleep(Duration::from_secs(5)).await;
    one.stop().await;
    two.stop().await;

    let beats = desk.log.words().len();
    // Two rows would make twenty.
    assert!((3..=11).contains(&beats), "{beats} beats in 5 s");
    assert_eq!(desk.counts().await.later + desk.counts().await.due, 1);
}

#[tokio::test]
async fn a_runner_with_nothing_to_do_leaves_the_database_alone() {
    let desk = Desk::new().await;
    let running = desk.runner().start().await.unwrap();
    sleep(Duration::from_secs(2)).await;

    let before = desk.transactions().await;
    sleep(Duration::from_secs(5)).await;
    let after = desk.transactions().await;
    running.stop().await;

    // Two lanes look five to ten times a second; without a rest it were hundreds.
    assert!(after - before < 200, "{} transactions in 5 s", after - before);
}

#[tokio::test]
async fn a_graceful_stop_finishes_or_gives_back() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Say { word: "quick".into(), millis: 1500 }).await;
    desk.add(desk.acme, Say { word: "slow".into(), millis: 60_000 }).await;
    let running = desk.runner().start().await.unwrap();
    desk.until_running(2).await;
    // Claimed is not yet begun.
    sleep(Duration::from_millis(300)).await;

    let begun = Instant::now();
    running.stop().await;

    assert!(begun.elapsed() < Duration::from_secs(9));
    assert_eq!(desk.log.words(), ["quick"]);
    assert_eq!((desk.counts().await.due, desk.counts().await.running), (1, 0));
}

/// The process that is killed below.
#[tokio::test]
#[ignore = "started by the test below"]
async fn as_a_worker_that_will_be_killed() {
    let url = std::env::var("KILLED_WORKER_DATABASE").unwrap();
    let db = Db::connect(&url, 2, 1).unwrap();
    let runner = Runner::new(&url, db).with(Arc::new(Log::default())).job::<Say>();
    let _running = runner.start().await.unwrap();
    sleep(Duration::from_secs(60)).await;
}

#[tokio::test]
async fn a_killed_workers_jobs_go_on_elsewhere() {
    let desk = Desk::new().await;
    desk.add(desk.acme, Say { word: "alone".into(), millis: 8000 }).await;
    let queued = Options { queue: Some("number".into()), ..Options::default() };
    let job = Say { word: "queued".into(), millis: 8000 };
    desk.within(desk.acme, move |conn, tenant| enqueue_with(conn, tenant, &job, queued)).await.unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "jobs::runner::as_a_worker_that_will_be_killed", "--ignored"])
        .env("KILLED_WORKER_DATABASE", &desk.url)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    desk.until_running(2).await;
    child.kill().unwrap();
    child.wait().unwrap();
    desk.alter("UPDATE graphile_worker._private_jobs SET payload = replace(payload::text, '8000', '0')::json");

    let killed = Instant::now();
    let running = desk.runner().start().await.unwrap();
    let alone = desk.log.heard("alone", Duration::from_secs(15)).await - killed;
    let queued = desk.log.heard("queued", Duration::from_secs(15)).await - killed;
    running.stop().await;

    println!("continued after {alone:?} and {queued:?}");
    assert_eq!(desk.counts().await.due, 0);
}

#[tokio::test]
async fn a_runner_outlives_its_database_connections() {
    let desk = Desk::new().await;
    let running = desk.runner().start().await.unwrap();
    desk.add(desk.acme, Say { word: "interrupted".into(), millis: 1000 }).await;
    sleep(Duration::from_millis(300)).await;

    desk.alter("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    while desk.within(desk.acme, |conn, tenant| enqueue(conn, tenant, &say("after"))).await.is_err() {}

    desk.log.heard("after", Duration::from_secs(15)).await;
    desk.log.heard("interrupted", Duration::from_secs(15)).await;
    running.stop().await;
    assert_eq!((desk.counts().await.running, desk.counts().await.due), (0, 0));
}

#[tokio::test]
async fn a_crontab_is_read_and_an_unknown_job_is_named() {
    let desk = Desk::new().await;
    desk.runner().cron("0 3 * * *", &Beat).unwrap().start().await.unwrap().stop().await;
    desk.add(desk.acme, say("who")).await;

    let refused = Runner::new(&desk.url, desk.db.clone()).run_due().await;

    assert!(refused.unwrap_err().to_string().contains("say"));
}

/// A figure for the log, not a promise: `cargo nextest run --run-ignored only -E 'test(figures)' --no-capture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn figures() {
    let desk = Desk::new().await;
    let begun = Instant::now();
    desk.within(desk.acme, |conn, tenant| (0..10_000).try_for_each(|_| enqueue(conn, tenant, &say("quick"))))
        .await
        .unwrap();
    println!("10,000 enqueued in {:?}", begun.elapsed());
    let begun = Instant::now();
    let running = desk.runner().start().await.unwrap();
    while desk.log.words().len() < 10_000 {
        sleep(Duration::from_millis(20)).await;
    }
    println!("and run in {:?}", begun.elapsed());
    running.stop().await;
}
