//! Whose number a webhook is for: looked up across tenants, and kept for a few seconds since thousands may follow.

use crate::kit::db::PlatformDb;
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::vault::Vault;
use crate::numbers::model::{self as numbers, Number, NumberId};
use chrono::Utc;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use uuid::Uuid;

const KEPT: Duration = Duration::from_secs(10);
const KEPT_AT_MOST: usize = 10_000;

/// Where a webhook goes, and the key that proves it.
pub struct Route {
    pub tenant: Uuid,
    pub number: Number,
    pub key: Secret<Vec<u8>>,
    heard: AtomicI64,
    acked: AtomicI64,
}

/// "Last heard" is exact to this many seconds; a number that hears a hundred events a second is not written each time.
const EXACT: i64 = 5;

impl Route {
    /// Whether it is time to write down that the number was heard; says so once, to the first who asks.
    pub fn is_due(&self, is_ack: bool) -> bool {
        let last = if is_ack { &self.acked } else { &self.heard };
        let (now, known) = (Utc::now().timestamp(), last.load(Ordering::Relaxed));
        now - known >= EXACT && last.compare_exchange(known, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Webhooks that are taken in at once: a burst must leave connections to those who look at pages, and more at a time
/// get no more done.
const AT_ONCE: usize = 8;
/// How long one waits for its turn before WAHA is asked to come again.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Routes {
    kept: Mutex<HashMap<NumberId, (Instant, Arc<Route>)>>,
    turns: Semaphore,
}

impl Default for Routes {
    fn default() -> Self {
        Self { kept: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }
}

impl Routes {
    /// # Errors
    /// `Busy` when too many are waiting.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>> {
        let turn = timeout(PATIENCE, self.turns.acquire()).await.map_err(|_| Error::Busy)?;
        turn.map_err(Error::unexpected)
    }

    /// # Errors
    /// `NotFound` for a number that is not, or no longer, there.
    pub async fn find(&self, db: &PlatformDb, vault: &Vault, id: NumberId) -> Result<Arc<Route>> {
        if let Some(route) = self.kept(id) {
            return Ok(route);
        }
        let (tenant, number) = db.run(move |conn| numbers::route(conn, id)).await?;
        let key = number.hmac_key(vault)?;
        let (heard, acked) = (AtomicI64::new(0), AtomicI64::new(0));
        let route = Arc::new(Route { tenant, number, key, heard, acked });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_AT_MOST {
            kept.clear();
        }
        kept.insert(id, (Instant::now(), route.clone()));
        Ok(route)
    }

    fn kept(&self, id: NumberId) -> Option<Arc<Route>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, route) = kept.get(&id)?;
        (since.elapsed() < KEPT).then(|| route.clone())
    }
}
