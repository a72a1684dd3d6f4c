//! A customer's states, and the history of them. Which steps there are is the database's rule.

use super::addresses;
use super::holds;
use super::model::{CustomerId, CustomerState};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::{customer_state_changes, customers};
use crate::{ids, users::model::UserId};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;

ids! {
    /// A step from a state to another.
    StateChangeId,
}

/// The kind of the event that says that something about a customer changed.
pub const CUSTOMER_CHANGED: &str = "customer_changed";

impl CustomerState {
    /// Where one can go from here by hand; erasure is a case of the GDPR desk.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Active => &[Self::Suspended, Self::Archived, Self::Deleted],
            Self::Suspended => &[Self::Active, Self::Archived, Self::Deleted],
            Self::Archived => &[Self::Active, Self::Suspended, Self::Deleted],
            Self::Deleted => &[Self::Active],
            Self::Erased => &[],
        }
    }
}

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[auto_type]
fn changes_of(tenant: TenantId) -> _ {
    customer_state_changes::table.filter(customer_state_changes::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customer_state_changes)]
pub struct StateChange {
    pub id: StateChangeId,
    pub old_state: Option<CustomerState>,
    pub new_state: CustomerState,
    pub reason: Option<String>,
    pub user_id: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

/// Moves a customer to `state` and writes the step down; nothing happens where it stands there already. `by` is None
/// for jobs.
///
/// # Errors
/// `NotFound`; `Refused` for a step that there is not; `Taken` when a restored customer's phone, address or id belongs
/// to another by now.
pub fn go(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    state: CustomerState,
    reason: Option<&str>,
    by: Option<UserId>,
) -> Result<()> {
    let this = || ever_of(tenant).filter(customers::id.eq(id));
    let (old, deleted_at, merged_into): (CustomerState, Option<DateTime<Utc>>, Option<CustomerId>) = this()
        .select((customers::state, customers::deleted_at, customers::merged_into_id))
        .for_no_key_update()
        .first(conn)?;
    if old == state {
        return Ok(());
    }
    if state == CustomerState::Active && merged_into.is_some() {
        return Err(Error::Refused("This record was joined with another. Take the two apart to have it back.".into()));
    }
    let is_possible = old.next().contains(&state) || (old, state) == (CustomerState::Deleted, CustomerState::Erased);
    if !is_possible {
        return Err(Error::Refused(format!("A customer who is {} cannot become {}.", old.word(), state.word())));
    }
    let is_gone = matches!(state, CustomerState::Deleted | CustomerState::Erased);
    if is_gone && holds::is_held(conn, tenant, id)? {
        return Err(Error::Refused("A legal hold keeps this customer's data. The GDPR desk can release it.".into()));
    }
    let now = Utc::now();
    diesel::update(this())
        .set((
            customers::state.eq(state),
            customers::deleted_at.eq(is_gone.then_some(now)),
            customers::updated_at.eq(now),
        ))
        .execute(conn)?;
    match (is_gone, deleted_at) {
        (true, None) => addresses::rest(conn, tenant, id, now)?,
        (false, Some(at)) => addresses::wake(conn, tenant, id, at)?,
        _ => {}
    }
    keep(conn, tenant, id, Some(old), state, reason, by)?;
    let entry = Entry::new("moved", "customers", id.get());
    audit::record(
        conn,
        tenant,
        &entry.before(json!({ "state": old })).after(json!({ "state": state, "reason": reason })),
    )?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())
}

/// In which state each of these is, also of the deleted; nobody else moves them until the transaction ends.
pub fn of_all(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[CustomerId],
) -> Result<Vec<(CustomerId, CustomerState)>> {
    let rows = ever_of(tenant).filter(customers::id.eq_any(ids)).order(customers::id).for_no_key_update();
    Ok(rows.select((customers::id, customers::state)).load(conn)?)
}

/// Writes a step down that was taken otherwise: two records that were joined are apart again.
pub fn tell(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    old: CustomerState,
    new: CustomerState,
    reason: &str,
    by: Option<UserId>,
) -> Result<()> {
    keep(conn, tenant, id, Some(old), new, Some(reason), by)?;
    let entry = Entry::new("moved", "customers", id.get()).before(json!({ "state": old }));
    audit::record(conn, tenant, &entry.after(json!({ "state": new, "reason": reason })))
}

/// # Errors
/// `NotFound`; `Refused` for somebody of whom nothing is left.
pub fn refuse_erased(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<()> {
    let state: CustomerState = ever_of(tenant).filter(customers::id.eq(id)).select(customers::state).first(conn)?;
    match state {
        CustomerState::Erased => Err(Error::Refused("This customer was erased. Nothing is left of their data.".into())),
        _ => Ok(()),
    }
}

/// A row of the history.
pub(super) fn keep(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    old: Option<CustomerState>,
    new: CustomerState,
    reason: Option<&str>,
    by: Option<UserId>,
) -> Result<()> {
    diesel::insert_into(customer_state_changes::table)
        .values((
            customer_state_changes::tenant_id.eq(tenant),
            customer_state_changes::id.eq(StateChangeId::new()),
            customer_state_changes::customer_id.eq(id),
            customer_state_changes::old_state.eq(old),
            customer_state_changes::new_state.eq(new),
            customer_state_changes::reason.eq(reason),
            customer_state_changes::user_id.eq(by),
        ))
        .execute(conn)?;
    Ok(())
}

/// At most 100 steps, newest first.
pub fn history(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Vec<StateChange>> {
    let rows = changes_of(tenant)
        .filter(customer_state_changes::customer_id.eq(id))
        .order((customer_state_changes::created_at.desc(), customer_state_changes::id.desc()))
        .limit(100)
        .select(StateChange::as_select())
        .load(conn)?;
    Ok(rows)
}
