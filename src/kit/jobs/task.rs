//! One run of one job: reads its row, runs it, and tells the queue how it ended.

use super::context::{Context, Lease, Shared};
use super::{Job, Outcome, PlatformJob};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use futures_util::FutureExt;
use graphile_worker::{DbExecutor, DbValue, IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument;
use uuid::Uuid;

/// Longer errors are cut: a dead letter is read by people.
const ERROR_LENGTH: usize = 300;

/// graphile_worker's view of a job type. It reads the row itself, so that an unreadable one is settled like any failure.
pub(super) struct Task<K>(PhantomData<fn() -> K>);
pub(super) struct ForTenant<J>(PhantomData<J>);
pub(super) struct ForPlatform<J>(PhantomData<J>);

impl<J: Job> TaskHandler for Task<ForTenant<J>> {
    const IDENTIFIER: &'static str = J::NAME;

    async fn run(self, worker: WorkerContext) -> impl IntoTaskHandlerResult {
        let work = async {
            let payload = worker.payload();
            let tenant: Uuid = parse(&payload["tenant"])?;
            let job: J = parse(&payload["job"])?;
            job.run(&context(&worker)?, TenantId::known(tenant)).await
        };
        perform(&worker, work).await
    }
}

impl<J: PlatformJob> TaskHandler for Task<ForPlatform<J>> {
    const IDENTIFIER: &'static str = J::NAME;

    async fn run(self, worker: WorkerContext) -> impl IntoTaskHandlerResult {
        let work = async { parse::<J>(&worker.payload()["job"])?.run(&context(&worker)?).await };
        perform(&worker, work).await
    }
}

async fn perform(worker: &WorkerContext, work: impl Future<Output = Result<Outcome>> + Send) -> Result<(), String> {
    let name = worker.job().task_identifier().clone();
    let tenant = worker.payload()["tenant"].as_str().unwrap_or_default();
    let attempt = *worker.job().attempts();
    let span = tracing::info_span!("job", job = %name, id = worker.job().id(), tenant, attempt);
    async {
        let started = Instant::now();
        let running = Running::new();
        let ended = AssertUnwindSafe(work).catch_unwind().await;
        drop(running);
        metrics::histogram!("jobs_seconds", "job" => name.clone()).record(started.elapsed());
        settle(worker, &name, ended.unwrap_or_else(|panic| Err(panicked(&*panic)))).await
    }
    .instrument(span)
    .await
}

/// What becomes of the row. `Ok` lets graphile_worker delete it (a row given back has left under a new id by then);
/// `Err` has it kept, with graphile_worker's own backoff: what remains when our own word did not reach the database.
async fn settle(worker: &WorkerContext, name: &str, ended: Result<Outcome>) -> Result<(), String> {
    let job = worker.job();
    let tick = period(worker, name);
    let is_last = tick.is_none() && job.attempts() >= job.max_attempts();
    let label = match &ended {
        Ok(Outcome::Done) => "done",
        Ok(Outcome::Again(_)) => "again",
        Err(_) if is_last => "dead",
        Err(_) => "retry",
    };
    metrics::counter!("jobs_total", "job" => name.to_owned(), "outcome" => label).increment(1);
    let error = ended.as_ref().err().map(told);
    match &error {
        Some(error) if is_last => tracing::error!(%error, "the job failed for the last time"),
        Some(error) => tracing::warn!(%error, "the job failed and will be tried again"),
        None => tracing::debug!(outcome = label, "the job ended"),
    }
    let wait = match (ended, tick) {
        (Ok(Outcome::Done), None) => return Ok(()),
        (Ok(Outcome::Again(wait)), _) | (Ok(Outcome::Done) | Err(_), Some(wait)) => wait,
        (Err(_), None) => backoff(*job.attempts()),
    };
    let is_fresh = error.is_none() || tick.is_some();
    release(worker, wait, error, is_fresh).await
}

async fn release(worker: &WorkerContext, wait: Duration, error: Option<String>, fresh: bool) -> Result<(), String> {
    let sql = "SELECT switchboard_release_job($1, $2, $3::bigint * interval '1 millisecond', $4, $5) AS answer";
    let params = vec![
        DbValue::I64(*worker.job().id()),
        DbValue::Text(worker.worker_id().to_owned()),
        DbValue::I64(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)),
        DbValue::TextOpt(error),
        DbValue::Bool(fresh),
    ];
    let row = worker.database().fetch_one(sql, params.into()).await.map_err(|error| error.to_string())?;
    match row.try_get::<String>("answer").map_err(|error| error.to_string())?.as_str() {
        "lost" => Err("the lease was lost while the job ran".into()),
        _ => Ok(()),
    }
}

fn context(worker: &WorkerContext) -> Result<Context> {
    let shared = shared(worker).ok_or_else(|| Error::unexpected(anyhow::anyhow!("a runner without its parts")))?;
    let job = worker.job();
    let lease = Lease { job: *job.id(), since: job.locked_at().unwrap_or_else(chrono::Utc::now) };
    Ok(Context { shared, lease, attempt: *job.attempts(), attempts: *job.max_attempts() })
}

fn shared(worker: &WorkerContext) -> Option<Arc<Shared>> {
    worker.get_ext::<Arc<Shared>>().cloned()
}

/// How often this row runs, if it is the one row of a tick.
fn period(worker: &WorkerContext, name: &str) -> Option<Duration> {
    let key = worker.job().key().as_deref()?;
    if key != tick_key(name) {
        return None;
    }
    shared(worker)?.periods.get(name).copied()
}

pub(super) fn tick_key(name: &str) -> String {
    format!("tick/{name}")
}

/// About 3, 7, 20, 55, 150, 400, 1,100 … seconds, a tenth more or less so that what failed together parts.
fn backoff(attempt: i16) -> Duration {
    Duration::from_secs_f64(f64::from(attempt.clamp(1, 10)).exp() * rand::random_range(0.9..1.1))
}

fn parse<T: DeserializeOwned>(value: &Value) -> Result<T> {
    // serde's message may quote the value; only what was expected is told.
    T::deserialize(value).map_err(|_| {
        Error::unexpected(anyhow::anyhow!("the job's row is not a readable {}", std::any::type_name::<T>()))
    })
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Error {
    let text =
        panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    Error::unexpected(anyhow::anyhow!("panic: {}", text.unwrap_or_default()))
}

/// One plain line, without the credentials and query strings of URLs.
fn told(error: &Error) -> String {
    let text = match error {
        Error::Unexpected(cause) => format!("{cause:#}"),
        other => other.to_string(),
    };
    let line = text.lines().next().unwrap_or_default();
    let words: Vec<String> = line.split(' ').map(without_secrets).collect();
    words.join(" ").chars().take(ERROR_LENGTH).collect()
}

fn without_secrets(word: &str) -> String {
    let Some((scheme, rest)) = word.split_once("://") else {
        return word.to_owned();
    };
    let (address, query) = rest.split_once('?').map_or((rest, ""), |(address, _)| (address, "?…"));
    let (host, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}{query}")
}

/// Counts a running job also when its future is dropped.
struct Running;

impl Running {
    fn new() -> Self {
        metrics::gauge!("jobs_running").increment(1.0);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        metrics::gauge!("jobs_running").decrement(1.0);
    }
}

impl<K> Serialize for Task<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de, K> Deserialize<'de> for Task<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_without_secrets() {
        let cause = anyhow::anyhow!("no answer from url (http://me:pw@waha/api/1@c.us/x?key=1)\nsecond line");
        assert_eq!(told(&Error::unexpected(cause)), "no answer from url (http://waha/api/1@c.us/x?…");
        assert_eq!(told(&Error::unexpected(anyhow::anyhow!("x".repeat(1000)))).len(), ERROR_LENGTH);
    }

    #[test]
    fn backoff_grows_and_ends() {
        assert!(backoff(1) < Duration::from_secs(4) && backoff(4) > Duration::from_secs(40));
        assert!(backoff(30_000) < Duration::from_secs(25_000));
    }
}
