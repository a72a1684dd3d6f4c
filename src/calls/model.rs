//! Calls as rows, and who may see which.

use super::told::Told;
use crate::customers::model::CustomerId;
use crate::kit::access::{Permission, Role, SignedIn, ViewAllCalls};
use crate::kit::enums::Literal;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::calls;
use crate::schema::sql_types::CallDirection as DirectionSql;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

ids! {
    /// A call.
    CallId,
}

/// The kind of live event that says a call came, went on or was changed.
pub const CHANGED: &str = "call";

pg_enum! {
    /// Between whom, and who called.
    CallDirection over CallDirection { Inbound = "inbound", Outbound = "outbound", Internal = "internal" }
}

pg_enum! {
    CallStatus over CallStatus { Ongoing = "ongoing", Completed = "completed", Failed = "failed" }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = calls)]
pub struct Call {
    pub id: CallId,
    pub direction: CallDirection,
    pub status: CallStatus,
    pub is_video: bool,
    pub is_group: bool,
    pub customer_id: Option<CustomerId>,
    pub caller_id: Option<UserId>,
    pub receiver_id: Option<UserId>,
    pub session_id: Option<NumberId>,
    /// None: written down by hand.
    pub waha_call_id: Option<String>,
    pub chat_id: Option<String>,
    pub started_at: DateTime<Utc>,
    pub answered_at: Option<DateTime<Utc>>,
    pub rejected_at: Option<DateTime<Utc>>,
    pub given_up_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub duration_seconds: Option<i32>,
    pub declined_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
    pub callback_by: Option<UserId>,
    pub callback_done_at: Option<DateTime<Utc>>,
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

impl Call {
    pub fn told(&self) -> Told {
        Told { answered: self.answered_at, rejected: self.rejected_at, given_up: self.given_up_at }
    }

    /// Somebody outside called, and nobody spoke with them.
    pub fn is_missed(&self) -> bool {
        self.direction == CallDirection::Inbound && self.status == CallStatus::Failed
    }

    /// Missed, and nobody has called back.
    pub fn is_to_return(&self) -> bool {
        self.is_missed() && self.callback_done_at.is_none()
    }

    /// The users in it.
    pub fn users(&self) -> impl Iterator<Item = UserId> + use<> {
        [self.caller_id, self.receiver_id, self.callback_by, self.created_by].into_iter().flatten()
    }
}

/// Which calls a user may see: agents their own and those with customers that are nobody's, the others all.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    pub reader: UserId,
    pub sees_all: bool,
}

impl Scope {
    pub fn of(who: &SignedIn) -> Self {
        Self::new(who.user.into(), who.role, who.agents_see_all)
    }

    pub fn new(reader: UserId, role: Role, agents_see_all: bool) -> Self {
        Self { reader, sees_all: ViewAllCalls::ROLES.contains(&role) || agents_see_all }
    }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    calls::table.filter(calls::tenant_id.eq(tenant)).filter(calls::deleted_at.is_null())
}

#[auto_type]
pub(super) fn within(scope: Scope) -> _ {
    let sees_all: bool = scope.sees_all;
    let reader: UserId = scope.reader;
    let nobodys: nobodys = nobodys();
    sees_all
        .into_sql::<diesel::sql_types::Bool>()
        .or(nobodys)
        .or(calls::caller_id.is_not_distinct_from(reader))
        .or(calls::receiver_id.is_not_distinct_from(reader))
        .or(calls::callback_by.is_not_distinct_from(reader))
        .or(calls::created_by.is_not_distinct_from(reader))
}

/// With somebody outside, and no user has anything to do with it yet.
#[auto_type]
fn nobodys() -> _ {
    let internal: Literal<DirectionSql> = CallDirection::Internal.literal();
    calls::direction
        .ne(internal)
        .and(calls::caller_id.is_null())
        .and(calls::receiver_id.is_null())
        .and(calls::callback_by.is_null())
        .and(calls::created_by.is_null())
}

/// # Errors
/// `NotFound` for another tenant's call, a deleted one, and one outside `scope`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: CallId) -> Result<Call> {
    Ok(of(tenant).filter(calls::id.eq(id)).filter(within(scope)).select(Call::as_select()).first(conn)?)
}

/// The same for the desk itself; until the end of the transaction nobody else changes it.
///
/// # Errors
/// `NotFound`.
pub fn hold(conn: &mut PgConnection, tenant: TenantId, id: CallId) -> Result<Call> {
    Ok(of(tenant).filter(calls::id.eq(id)).select(Call::as_select()).for_no_key_update().first(conn)?)
}

/// Tells lists of calls, and the pages of the customer.
pub(super) fn announce(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CallId,
    customer: Option<CustomerId>,
) -> Result<()> {
    live::announce(conn, tenant, CHANGED, id.get())?;
    match customer {
        Some(customer) => live::announce(conn, tenant, crate::customers::states::CUSTOMER_CHANGED, customer.get()),
        None => Ok(()),
    }
}
