//! The jobs and the desk that the tests of `kit::jobs` work with.

mod failures;
mod fairness;
mod queue;
mod runner;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use switchboard::kit::db::Db;
use switchboard::kit::error::{Error, Result};
use switchboard::kit::jobs::letters::{self, Counts, Letter};
use switchboard::kit::jobs::{Context, Job, Options, Outcome, PlatformJob, Runner, enqueue, enqueue_with};
use switchboard::kit::tenant::TenantId;
use tokio::time::sleep;
use uuid::Uuid;

use super::support::cluster::Database;
use super::support::database::migrated;

/// Writes its word into the log after a while.
#[derive(Serialize, Deserialize, Clone)]
struct Say {
    word: String,
    millis: u64,
}

#[derive(Default)]
struct Log(Mutex<Vec<(String, Instant)>>);

impl Job for Say {
    const NAME: &'static str = "say";

    async fn run(self, context: &Context, _tenant: TenantId) -> Result<Outcome> {
        sleep(Duration::from_millis(self.millis)).await;
        context.get::<Log>()?.add(self.word);
        Ok(Outcome::Done)
    }
}

/// Fails, says how often it was tried, and can be made to panic.
#[derive(Serialize, Deserialize)]
struct Fail {
    by_panic: bool,
    millis: u64,
}

impl Job for Fail {
    const NAME: &'static str = "fail";
    const ATTEMPTS: i16 = 2;

    async fn run(self, context: &Context, _tenant: TenantId) -> Result<Outcome> {
        sleep(Duration::from_millis(self.millis)).await;
        let (attempt, is_last) = (context.attempt(), context.is_last_attempt());
        context.get::<Log>()?.add(format!("{attempt}{is_last}"));
        assert!(!self.by_panic, "oh no");
        Err(Error::Refused("not today, https://me:secret@host/?key=secret".into()))
    }
}

/// Runs three times in all.
#[derive(Serialize, Deserialize)]
struct Thrice;

impl Job for Thrice {
    const NAME: &'static str = "thrice";
    const ATTEMPTS: i16 = 1;

    async fn run(self, context: &Context, _tenant: TenantId) -> Result<Outcome> {
        let log = context.get::<Log>()?;
        log.add("thrice".into());
        Ok(if log.words().len() < 3 { Outcome::Again(Duration::ZERO) } else { Outcome::Done })
    }
}

/// Enqueues itself under its own key while it runs, and then fails.
#[derive(Serialize, Deserialize)]
struct Restart {
    left: u32,
}

impl Restart {
    fn options() -> Options {
        Options { key: Some("restart".into()), ..Options::default() }
    }
}

impl Job for Restart {
    const NAME: &'static str = "restart";

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        context.get::<Log>()?.add(self.left.to_string());
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(Outcome::Done);
        };
        let again = move |conn: &mut PgConnection, tenant| enqueue_with(conn, tenant, &Self { left }, Self::options());
        context.run(tenant, again).await?;
        Err(Error::Busy)
    }
}

#[derive(Serialize, Deserialize)]
struct Beat;

impl PlatformJob for Beat {
    const NAME: &'static str = "beat";

    async fn run(self, context: &Context) -> Result<Outcome> {
        context.get::<Log>()?.add("beat".into());
        Err(Error::Busy)
    }
}

impl Log {
    fn add(&self, word: String) {
        self.0.lock().unwrap().push((word, Instant::now()));
    }

    fn words(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|(word, _)| word.clone()).collect()
    }

    /// When `word` was first said, waiting for it.
    async fn heard(&self, word: &str, patience: Duration) -> Instant {
        let begun = Instant::now();
        loop {
            if let Some((_, at)) = self.0.lock().unwrap().iter().find(|(said, _)| said == word) {
                return *at;
            }
            assert!(begun.elapsed() < patience, "{word} was not heard in {patience:?}");
            sleep(Duration::from_millis(10)).await;
        }
    }
}

struct Desk {
    url: String,
    db: Db,
    log: Arc<Log>,
    acme: Uuid,
    globex: Uuid,
    _database: Database,
}

impl Desk {
    async fn new() -> Self {
        let database = migrated();
        let url = database.url().to_owned();
        let db = Db::connect(&url, 8, 1).unwrap();
        Self { url, db, log: Arc::default(), acme: Uuid::now_v7(), globex: Uuid::now_v7(), _database: database }
    }

    fn runner(&self) -> Runner {
        let runner = Runner::new(&self.url, self.db.clone()).with(self.log.clone());
        runner.job::<Say>().job::<Fail>().job::<Thrice>().job::<Restart>()
    }

    async fn run_due(&self) {
        self.runner().run_due().await.unwrap();
    }

    async fn within<T: Send + 'static>(
        &self,
        tenant: Uuid,
        work: impl FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.db.platform().enter(tenant, work).await
    }

    async fn add<J: Job + Sync>(&self, tenant: Uuid, job: J) {
        self.within(tenant, move |conn, tenant| enqueue(conn, tenant, &job)).await.unwrap();
    }

    async fn add_with(&self, word: &str, options: Options) {
        let job = say(word);
        self.within(self.acme, move |conn, tenant| enqueue_with(conn, tenant, &job, options)).await.unwrap();
    }

    async fn counts(&self) -> Counts {
        self.db.platform().run(letters::counts).await.unwrap()
    }

    /// Committed so far in this database, as its statistics tell a moment later.
    async fn transactions(&self) -> i64 {
        let count = "xact_commit FROM pg_stat_database WHERE datname = current_database()";
        let ask =
            move |conn: &mut PgConnection| Ok(diesel::select(diesel::dsl::sql::<BigInt>(count)).get_result(conn)?);
        self.db.platform().run(ask).await.unwrap()
    }

    async fn letters(&self) -> Vec<Letter> {
        self.db.platform().run(|conn| letters::letters(conn, 10)).await.unwrap()
    }

    async fn until_running(&self, jobs: i64) {
        let begun = Instant::now();
        while self.counts().await.running < jobs {
            assert!(begun.elapsed() < Duration::from_secs(20), "{jobs} jobs did not begin");
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Lets what waits for its time be due.
    fn pass_time(&self) {
        self.alter("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 second'");
    }

    /// Does as the owner what no role may.
    fn alter(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.url).unwrap();
        diesel::sql_query(sql).execute(&mut conn).unwrap();
    }
}

fn say(word: &str) -> Say {
    Say { word: word.into(), millis: 0 }
}
