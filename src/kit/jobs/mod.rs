//! Background work: a job is a row of graphile_worker, added in the transaction of the change that asks for it, so it
//! exists if and only if that change does.
//!
//! **At least once.** A killed process's jobs go to another one within about ten seconds, and a worker that was only
//! slow may still finish: write jobs so that a second run finds nothing to do, and guard writes by [`Context::lease`].
//! A job's payload is ids, never words of customers: graphile_worker writes payloads to its log.
//!
//! **Attempts.** An error is tried again after about 3, 7, 20, 55, 150, 400, 1,100 seconds. A process that dies counts
//! as an attempt, so that a job which kills processes ends, too. What used up its attempts is a [`letters::Letter`].
//!
//! **Fairness between tenants**, in three parts, so that a tenant's thousand jobs do not delay another's first:
//! 1. Work that comes in streams is one job per subject (per number, per import) which does one unit and answers
//!    [`Outcome::Again`]: a thousand messages are one waiting row. A queue name makes such jobs run one after the other.
//! 2. `switchboard_enqueue` counts the tenant's waiting jobs (to 64, by an index) into the priority: tenants take turns.
//! 3. From a tenant's fifth waiting job on the row is flagged `crowded`, and a part of each runner's slots takes no
//!    crowded rows: even when a tenant's slow jobs fill all others, a newcomer is served at once.
//!
//! **Queue names are few.** Each look for queued work locks all idle queue rows (measured: 54 bytes of WAL each; 1 ms at
//! a thousand, 6 ms at ten thousand): one per number is fine, one per message is not. Unused ones are swept.

mod calm;
mod context;
pub mod letters;
mod queue;
mod runner;
mod task;
mod upkeep;

pub use context::{Context, Lease};
pub use queue::{OnRepeat, Options, enqueue, enqueue_platform, enqueue_with, migrate};
pub use runner::{Runner, Running};

use super::error::Result;
use super::tenant::TenantId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::time::Duration;

/// For the log's filter: graphile_worker tells of every job, and its migrations of every table.
pub const LOG_FILTER: &str = "graphile_worker=warn,tokio_postgres=warn";

/// How a run ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// There is more to do, or it is too early: run the same job again after this time, with all its attempts.
    Again(Duration),
}

/// Work for one tenant.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Unique in the program; rows outlive deployments, so it never changes.
    const NAME: &'static str;
    const ATTEMPTS: i16 = 8;

    fn run(self, context: &Context, tenant: TenantId) -> impl Future<Output = Result<Outcome>> + Send;
}

/// Work that belongs to no tenant: sweeps, reconciliation, clean-up.
pub trait PlatformJob: Serialize + DeserializeOwned + Send + 'static {
    const NAME: &'static str;
    const ATTEMPTS: i16 = 8;

    fn run(self, context: &Context) -> impl Future<Output = Result<Outcome>> + Send;
}
