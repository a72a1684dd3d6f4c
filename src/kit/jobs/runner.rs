//! Runs jobs: the assembly registers what there is, `start` works until `stop`.

use super::context::Shared;
use super::task::{ForPlatform, ForTenant, Task, tick_key};
use super::upkeep;
use super::{Job, PlatformJob, queue};
use crate::kit::db::Db;
use crate::kit::error::Result;
use chrono::Utc;
use graphile_worker::{
    Database, DbExecutor, DbValue, FailureReason, JobDefinition, JobRecovery, JobRecoveryContext, JobRecoveryResult,
    LocalQueueConfig, RefetchDelayConfig, TaskHandler, Worker, WorkerOptions,
};
use std::any::{Any, TypeId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Slots that take no crowded rows: twice what one tenant can have uncrowded (see `switchboard_enqueue`).
const RESERVE: usize = 8;
/// Connections of graphile_worker's pool; each holds one for the moment of a claim or a completion.
const POOL: usize = 6;
/// A process that was silent for this long is dead, and its jobs go to another.
const SILENCE: Duration = Duration::from_secs(8);
const BEAT: Duration = Duration::from_secs(2);
/// How long running jobs may go on after `stop`.
const GRACE: Duration = Duration::from_secs(6);
/// The longest rest between two looks into an empty queue, and so the lateness of a job that waited for its time.
const REST: Duration = Duration::from_millis(200);
/// Pause before working again after the database went away.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub struct Runner {
    url: String,
    shared: Shared,
    tasks: Vec<JobDefinition>,
    crons: Vec<String>,
    ticks: Vec<Tick>,
    slots: usize,
}

/// A job that the database keeps exactly one row of, which runs, waits its period, and runs again.
#[derive(Clone)]
struct Tick {
    name: &'static str,
    body: serde_json::Value,
}

/// Which of the two groups of slots a worker is: only both together take everything in fair time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    All,
    Reserve,
}

impl Runner {
    /// `url` must name the owner of the tables; jobs themselves work through `db`, with its powerless roles.
    pub fn new(url: &str, db: Db) -> Self {
        let shared = Shared { db, parts: Default::default(), periods: Default::default() };
        Self { url: url.into(), shared, tasks: Vec::new(), crons: Vec::new(), ticks: Vec::new(), slots: 16 }
    }

    /// How many jobs may run at once besides the reserve.
    pub fn slots(self, slots: usize) -> Self {
        Self { slots: slots.max(1), ..self }
    }

    /// Gives jobs a part, which they ask for by its type.
    pub fn with<T: Any + Send + Sync>(mut self, part: Arc<T>) -> Self {
        self.shared.parts.insert(TypeId::of::<T>(), part);
        self
    }

    pub fn job<J: Job>(mut self) -> Self {
        self.tasks.push(Task::<ForTenant<J>>::definition());
        self
    }

    pub fn platform_job<J: PlatformJob>(mut self) -> Self {
        self.tasks.push(Task::<ForPlatform<J>>::definition());
        self
    }

    /// Runs `job` again and again with `period` between runs, once for all processes together.
    pub fn every<J: PlatformJob>(mut self, period: Duration, job: &J) -> Result<Self> {
        self.ticks.push(Tick { name: J::NAME, body: serde_json::json!({ "tenant": null, "job": job }) });
        self.shared.periods.insert(J::NAME, period);
        Ok(self.platform_job::<J>())
    }

    /// Runs `job` by a crontab's five fields, in UTC, once per tick for all processes together.
    pub fn cron<J: PlatformJob>(mut self, fields: &str, job: &J) -> Result<Self> {
        let body = serde_json::json!({ "tenant": null, "job": job });
        self.crons.push(format!("{fields} {} ?max={} {body}", J::NAME, J::ATTEMPTS));
        Ok(self.platform_job::<J>())
    }

    /// Begins to work. The tables must be there (`migrate`); what fails later is tried again for ever.
    pub async fn start(self) -> anyhow::Result<Running> {
        let database = queue::database(&self.url, POOL)?;
        self.ensure_ticks(&database).await?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        for lane in [Lane::All, Lane::Reserve] {
            tasks.spawn(self.clone().work(lane, database.clone(), stopped.clone()));
        }
        tasks.spawn(upkeep::run(database, stopped));
        Ok(Running { stop, tasks })
    }

    /// Runs everything that is due, and what that makes due, in this task; returns when nothing is. For tests.
    pub async fn run_due(&self) -> anyhow::Result<()> {
        let database = queue::database(&self.url, POOL)?;
        let (_stop, stopped) = watch::channel(false);
        let worker = self.worker(Lane::All, database.clone(), stopped).await?;
        // run_once has been seen to stop early, so the queue itself has the last word.
        for _ in 0..1_000 {
            let due = upkeep::due(&database).await?;
            if let Some(name) = due.iter().find(|name| !self.tasks.iter().any(|task| task.identifier() == *name)) {
                anyhow::bail!("a job is due that this runner does not know: {name}");
            }
            if due.is_empty() {
                return Ok(());
            }
            worker.run_once().await?;
        }
        anyhow::bail!("jobs keep making each other due")
    }

    /// Works until stopped. A worker ends by itself when it cannot write how a job ended; its jobs are found by the
    /// sweep under its old name, so a new one begins.
    async fn work(self, lane: Lane, database: Database, stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let ended = match self.worker(lane, database.clone(), stopped.clone()).await {
                Ok(worker) => worker.run().await.map_err(anyhow::Error::from),
                Err(error) => Err(error),
            };
            if let Err(error) = ended {
                tracing::warn!(%error, ?lane, "the job runner lost the database and begins again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn worker(&self, lane: Lane, database: Database, stopped: watch::Receiver<bool>) -> anyhow::Result<Worker> {
        let slots = if lane == Lane::All { self.slots } else { RESERVE };
        let mut options = WorkerOptions::default()
            .database(database)
            .concurrency(slots)
            // Without it a backlog drains at `concurrency` jobs a second; larger ones claim work that others could do.
            .local_queue(LocalQueueConfig::default().with_size(slots * 2).with_refetch_delay(rest()))
            .heartbeat_interval(BEAT)
            .sweep_interval(BEAT)
            .sweep_threshold(SILENCE)
            .listen_os_shutdown_signals(false)
            .shutdown_signal(until(stopped))
            .shutdown_grace_period(GRACE)
            .shutdown_interrupted_job_retry_delay(Duration::ZERO)
            .on(JobRecovery, |lost| std::future::ready(recovered(&lost)))
            .add_extension(Arc::new(self.shared.clone()))
            .define_jobs(self.tasks.iter().cloned());
        match lane {
            Lane::Reserve => options = options.add_forbidden_flag("crowded"),
            Lane::All => {
                for cron in &self.crons {
                    options = options.with_cron(cron)?;
                }
            }
        }
        Ok(options.init().await?)
    }

    async fn ensure_ticks(&self, database: &Database) -> anyhow::Result<()> {
        let sql = "SELECT 1 AS one FROM graphile_worker.add_job(identifier => $1, payload => $2::json, job_key => $3, \
                   job_key_mode => 'unsafe_dedupe')";
        for tick in &self.ticks {
            let name = DbValue::Text(tick.name.into());
            let params = vec![name, DbValue::Json(tick.body.clone()), DbValue::Text(tick_key(tick.name))];
            database.execute(sql, params.into()).await?;
        }
        Ok(())
    }
}

/// Between two looks into an empty queue: without a rest graphile_worker looks again at once, for ever. A job that is
/// added ends the rest.
fn rest() -> RefetchDelayConfig {
    RefetchDelayConfig { duration: REST, threshold: 0, max_abort_threshold: Some(1) }
}

/// A runner at work. Dropped without `stop` it is as good as killed: others take its jobs over.
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Takes no more jobs, lets the running ones finish for a few seconds, and gives back what is left. When the
    /// database is away nothing can be given back; the next process finds it by our silence.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE + PAUSE * 2, all).await.is_err() {
            tracing::warn!("the job runner could not give its jobs back in time");
        }
    }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the runner itself is gone, which is a stop as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// A dead process's job goes on at once. The attempt stays counted, or a job that kills its process would do so for
/// ever; one that a graceful stop interrupted is given back as if it had not run.
fn recovered(lost: &JobRecoveryContext) -> JobRecoveryResult {
    match lost.reason {
        FailureReason::ShutdownAborted => JobRecoveryResult::Default,
        _ => JobRecoveryResult::Reschedule { run_at: Utc::now(), attempts: Some(*lost.job.attempts()) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use graphile_worker::Job as Row;

    #[test]
    fn a_death_counts_as_an_attempt_and_a_stop_does_not() {
        let lost = |reason| JobRecoveryContext {
            job: Arc::new(Row::builder().attempts(3).build()),
            worker_id: "new".into(),
            previous_worker_id: "dead".into(),
            reason,
        };
        let dead = recovered(&lost(FailureReason::WorkerCrashed));
        assert!(matches!(dead, JobRecoveryResult::Reschedule { attempts: Some(3), .. }));
        assert_eq!(recovered(&lost(FailureReason::ShutdownAborted)), JobRecoveryResult::Default);
    }
}
