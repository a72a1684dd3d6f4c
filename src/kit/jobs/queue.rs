//! Adding jobs inside the caller's transaction, and making the tables they live in.

use super::calm::Calm;
use super::{Job, PlatformJob};
use crate::kit::error::Result;
use crate::kit::line;
use crate::kit::tenant::TenantId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use graphile_worker::tokio_postgres::TokioPostgresDatabase;
use graphile_worker::{Database, DbExecutor, DbParams, Schema, WorkerUtils};
use uuid::Uuid;

#[allow(clippy::too_many_arguments)] // it is the SQL function's own list
mod sql {
    use diesel::sql_types::{Bool, Integer, Nullable, Text, Timestamptz, Uuid};

    diesel::define_sql_function! {
        fn switchboard_enqueue(
            tenant: Nullable<Uuid>, name: Text, body: Text, key: Nullable<Text>, queue: Nullable<Text>,
            run_at: Nullable<Timestamptz>, attempts: Integer, priority: Integer, keep_time: Bool,
        ) -> Bool;
    }
}

/// How a job is added; the default is now, on its own, whatever else is waiting.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// At most one waiting job of the tenant has this key. A running one is left to finish and a new one waits.
    pub key: Option<String>,
    pub on_repeat: OnRepeat,
    /// The tenant's jobs of one queue run one at a time, by priority and time. Keep their number small (see above).
    pub queue: Option<String>,
    pub run_at: Option<DateTime<Utc>>,
    /// Lower goes first, from -300 to 300; 0 is usual. Outweighs what else the tenant has waiting.
    pub priority: i16,
}

/// What happens to a waiting job when one with its key is added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum OnRepeat {
    /// The new content and time replace the old ones.
    #[default]
    Replace,
    /// The new content replaces the old, which keeps its place in time.
    KeepTime,
}

/// Adds a job for `tenant`, which must be the transaction's own.
pub fn enqueue<J: Job>(conn: &mut PgConnection, tenant: TenantId, job: &J) -> Result<()> {
    enqueue_with(conn, tenant, job, Options::default())
}

/// As [`enqueue`]. Transactions that add several keys should do so in one order: each key is locked until commit.
pub fn enqueue_with<J: Job>(conn: &mut PgConnection, tenant: TenantId, job: &J, options: Options) -> Result<()> {
    let body = serde_json::to_string(job)?;
    insert(conn, Some(tenant.get()), J::NAME, body, J::ATTEMPTS, options)
}

/// Adds a job of no tenant; only the platform's role may.
pub fn enqueue_platform<J: PlatformJob>(conn: &mut PgConnection, job: &J, options: Options) -> Result<()> {
    insert(conn, None, J::NAME, serde_json::to_string(job)?, J::ATTEMPTS, options)
}

fn insert(
    conn: &mut PgConnection,
    tenant: Option<Uuid>,
    name: &str,
    body: String,
    attempts: i16,
    options: Options,
) -> Result<()> {
    let Options { key, on_repeat, queue, run_at, priority } = options;
    let keep_time = on_repeat == OnRepeat::KeepTime;
    let (attempts, priority) = (i32::from(attempts), i32::from(priority));
    diesel::select(sql::switchboard_enqueue(tenant, name, body, key, queue, run_at, attempts, priority, keep_time))
        .execute(conn)?;
    Ok(())
}

/// Finds a tenant's waiting jobs, for the count in `switchboard_enqueue`.
const INDEX: &str = "CREATE INDEX IF NOT EXISTS switchboard_jobs_of_tenant \
                     ON graphile_worker._private_jobs ((payload ->> 'tenant'), run_at)";

/// Makes or brings forward graphile_worker's own tables, as their owner. Safe to repeat, and for two processes at once.
pub async fn migrate(url: &str) -> anyhow::Result<()> {
    let database = database(url, 2)?;
    let turn = database.begin().await?;
    turn.execute("SELECT pg_advisory_xact_lock(hashtext('switchboard_jobs'))", DbParams::new()).await?;
    WorkerUtils::new(database.clone(), Schema::default()).migrate().await?;
    database.execute(INDEX, DbParams::new()).await?;
    turn.commit().await?;
    Ok(())
}

/// The pool that graphile_worker itself works on, as the owner.
pub(super) fn database(url: &str, size: usize) -> anyhow::Result<Database> {
    Ok(Database::new(Calm(TokioPostgresDatabase::from_url(&line::portable(url)?, size)?)))
}
