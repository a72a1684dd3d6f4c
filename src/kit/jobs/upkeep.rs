//! What a runner does besides running jobs: gauges for the operator, and sweeping what graphile_worker leaves behind.

use graphile_worker::worker_utils::types::CleanupTask;
use graphile_worker::{Database, DbExecutor, DbParams, Schema, WorkerUtils};
use std::time::Duration;
use tokio::sync::watch;

const GAUGES: Duration = Duration::from_secs(15);
/// Idle queue rows make every look for work dearer.
const SWEEP_EVERY: u32 = 40;

/// Jobs that were replaced under their key while they ran, and then failed: nobody waits for them.
const REPLACED: &str = "DELETE FROM graphile_worker._private_jobs AS job \
     USING graphile_worker._private_job_retirements AS retired WHERE retired.id = job.id AND job.locked_at IS NULL";

pub(super) async fn run(database: Database, mut stopped: watch::Receiver<bool>) {
    for round in 0u32.. {
        if let Err(error) = gauges(&database).await {
            tracing::debug!(%error, "the queue could not be counted");
        }
        if round % SWEEP_EVERY == SWEEP_EVERY - 1 {
            sweep(&database).await;
        }
        if tokio::time::timeout(GAUGES, stopped.wait_for(|stopped| *stopped)).await.is_ok() {
            return;
        }
    }
}

/// The names of the jobs that could run now.
pub(super) async fn due(database: &Database) -> anyhow::Result<Vec<String>> {
    let sql = "SELECT DISTINCT task.identifier AS name FROM graphile_worker._private_jobs AS job \
               JOIN graphile_worker._private_tasks AS task ON task.id = job.task_id \
               WHERE job.is_available AND job.run_at <= now()";
    let rows = database.fetch_all(sql, DbParams::new()).await?;
    Ok(rows.iter().map(|row| row.try_get("name")).collect::<Result<_, _>>()?)
}

async fn gauges(database: &Database) -> anyhow::Result<()> {
    let sql = "SELECT due, failed, COALESCE(oldest_seconds, 0) AS oldest FROM switchboard_job_counts()";
    let row = database.fetch_one(sql, DbParams::new()).await?;
    for (gauge, column) in [("jobs_waiting", "due"), ("jobs_failed", "failed"), ("jobs_oldest_seconds", "oldest")] {
        metrics::gauge!(gauge).set(row.try_get::<i64>(column)? as f64);
    }
    Ok(())
}

async fn sweep(database: &Database) {
    if let Err(error) = database.execute(REPLACED, DbParams::new()).await {
        tracing::debug!(%error, "replaced jobs could not be swept");
    }
    let utils = WorkerUtils::new(database.clone(), Schema::default());
    // Gives up by itself when the queues are busy; the next round tries again.
    if let Err(error) = utils.cleanup(&[CleanupTask::GcJobQueues]).await {
        tracing::debug!(%error, "idle queues could not be swept");
    }
}
