//! A customer as the desk sees them.

use crate::customers::holds::{self, Hold};
use crate::customers::model::CustomerId;
use crate::customers::restriction;
use crate::gdpr::cases::model::{self as cases, Case};
use crate::gdpr::cases::people::{self, Named};
use crate::gdpr::erasures::model::{self as erasures, Erasure};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, Utc};
use diesel::PgConnection;

/// What the head of each page about a customer shows.
#[derive(Debug, Clone)]
pub struct Known {
    pub customer: Named,
    pub restricted_at: Option<DateTime<Utc>>,
    pub is_held: bool,
}

/// # Errors
/// `NotFound`; deleted and erased ones are found.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Known> {
    Ok(Known {
        customer: people::find(conn, tenant, id)?,
        restricted_at: restriction::since(conn, tenant, id)?,
        is_held: holds::is_held(conn, tenant, id)?,
    })
}

/// All that the page of one customer shows.
#[derive(Debug)]
pub struct Privacy {
    pub known: Known,
    pub holds: Vec<Hold>,
    pub cases: Vec<Case>,
    pub erasure: Option<Erasure>,
    /// Users who stand in all of these.
    pub users: Vec<(UserId, String)>,
}

/// # Errors
/// `NotFound`.
pub fn privacy(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Privacy> {
    let known = find(conn, tenant, id)?;
    let holds = holds::of_customer(conn, tenant, id)?;
    let cases = cases::of_customer(conn, tenant, id)?;
    let by = holds.iter().flat_map(|hold| [hold.placed_by, hold.ended_by]).flatten();
    let by: Vec<UserId> = by.chain(cases.iter().filter_map(|case| case.assignee_id)).collect();
    Ok(Privacy {
        known,
        users: users::names(conn, tenant, &by)?,
        cases,
        erasure: erasures::of_customer(conn, tenant, id)?,
        holds,
    })
}
