//! Looking at a customer leaves an entry: once per user, customer and hour, which this process keeps in mind. Another
//! process keeps its own, so with several of them there may be an entry more.

use super::model::CustomerId;
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// A second look within this time is the same look.
const SAME: Duration = Duration::from_secs(60 * 60);
/// Looks kept in mind; 40 bytes each.
const MOST: usize = 100_000;

/// Who has looked at whom; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Reads(Arc<Mutex<HashMap<Look, Instant>>>);

/// The user and the customer.
type Look = (Uuid, CustomerId);

impl Reads {
    /// Some: nobody has written this look down, and whoever holds the answer does. Unless [`First::keep`] is called, as
    /// when its transaction failed, the next look is the first again.
    pub fn first(&self, user: Uuid, customer: CustomerId) -> Option<First> {
        let look = (user, customer);
        let mut looks = self.looks();
        if looks.get(&look).is_some_and(|at| at.elapsed() < SAME) {
            return None;
        }
        if looks.len() >= MOST {
            looks.retain(|_, at| at.elapsed() < SAME);
        }
        if looks.len() >= MOST {
            looks.clear(); // an entry too many is better than one too few
        }
        looks.insert(look, Instant::now());
        Some(First { reads: self.clone(), look, is_kept: false })
    }

    /// What was kept in mind is so no longer.
    pub fn forget(&self) {
        self.looks().clear();
    }

    fn looks(&self) -> MutexGuard<'_, HashMap<Look, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A look that is being written down.
#[derive(Debug)]
pub struct First {
    reads: Reads,
    look: Look,
    is_kept: bool,
}

impl First {
    /// Its entry is there to stay.
    pub fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for First {
    fn drop(&mut self) {
        if !self.is_kept {
            self.reads.looks().remove(&self.look);
        }
    }
}

/// Writes down that the running transaction's user looks at a customer.
pub fn note(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<()> {
    audit::record(conn, tenant, &audit::Entry::new("read", "customers", customer.get()))
}

/// Somebody looks at more of a customer than the record; `is_first`: nobody has written it down.
///
/// # Errors
/// `NotFound`; deleted ones are found.
pub fn looked(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId, is_first: bool) -> Result<()> {
    super::changes::find(conn, tenant, customer)?;
    if is_first { note(conn, tenant, customer) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_the_first_once_per_user_and_customer() {
        let (reads, ada, bob) = (Reads::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        let (ana, ben) = (CustomerId::new(), CustomerId::new());

        reads.first(ada, ana).unwrap().keep();

        assert!(reads.first(ada, ana).is_none());
        assert!(reads.first(bob, ana).is_some() && reads.first(ada, ben).is_some());
    }

    #[test]
    fn a_look_that_could_not_be_written_down_is_not_kept_in_mind() {
        let (reads, ada, ana) = (Reads::default(), Uuid::from_u128(1), CustomerId::new());

        let first = reads.first(ada, ana).unwrap();
        assert!(reads.first(ada, ana).is_none(), "somebody is at it");
        drop(first);

        assert!(reads.first(ada, ana).is_some());
    }
}
