//! What a job is given to work with.

use crate::kit::db::{Actor, Db, PlatformDb};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use chrono::{DateTime, Utc};
use diesel::PgConnection;
use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// What all jobs of a runner share: the database, what the assembly added, and how often ticks run.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) parts: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
    pub(super) periods: HashMap<&'static str, Duration>,
}

/// graphile_worker keeps its extensions printable.
impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("parts", &self.parts.len()).finish_non_exhaustive()
    }
}

/// One claim on a job. Leases of one job only grow, so a write that says "unless a later lease was here" (a stored
/// `since` that is greater) keeps a slow worker from overwriting its successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The row's number; a new one after each failure or [`Outcome::Again`](super::Outcome::Again).
    pub job: i64,
    pub since: DateTime<Utc>,
}

pub struct Context {
    pub(super) shared: Arc<Shared>,
    pub(super) lease: Lease,
    pub(super) attempt: i16,
    pub(super) attempts: i16,
}

impl Context {
    pub fn db(&self) -> &Db {
        &self.shared.db
    }

    pub fn platform(&self) -> PlatformDb {
        self.shared.db.platform().acting(Actor::job())
    }

    /// Runs `work` in one transaction of `tenant`, with the job as its actor.
    pub async fn run<T, F>(&self, tenant: TenantId, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection, TenantId) -> Result<T> + Send + 'static,
    {
        self.shared.db.tenant(tenant, Actor::job(), work).await
    }

    /// A part that the assembly gave by [`Runner::with`](super::Runner::with): a gateway, storage, the live hub.
    pub fn get<T: Any + Send + Sync>(&self) -> Result<Arc<T>> {
        let part = self.shared.parts.get(&TypeId::of::<T>()).cloned();
        part.and_then(|part| part.downcast().ok())
            .ok_or_else(|| Error::unexpected(anyhow::anyhow!("the runner was not given a {}", type_name::<T>())))
    }

    pub fn lease(&self) -> Lease {
        self.lease
    }

    /// 1 on the first run.
    pub fn attempt(&self) -> i16 {
        self.attempt
    }

    /// An error now is the last word: the job becomes a dead letter.
    pub fn is_last_attempt(&self) -> bool {
        self.attempt >= self.attempts
    }
}
