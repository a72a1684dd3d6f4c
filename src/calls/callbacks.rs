//! What happens to a call after it rang: it is given up, declined, or called back.

use super::incoming;
use super::model::{self, Call, CallId, CallStatus, Scope, of};
use super::told::Told;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::notifications::model::{self as notifications, Kind};
use crate::schema::calls;
use crate::users::model::UserId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde_json::json;

/// Stops waiting for more to be told, once it is time; before that says how long to wait.
pub fn give_up(conn: &mut PgConnection, tenant: TenantId, id: CallId) -> Result<Option<TimeDelta>> {
    let call = model::hold(conn, tenant, id)?;
    let Some(until) = call.told().patience_ends(call.started_at) else { return Ok(None) };
    let left = until - Utc::now();
    if left > TimeDelta::zero() {
        return Ok(Some(left));
    }
    let told = Told { given_up: Some(until), ..call.told() };
    incoming::settle(conn, tenant, &call, call.started_at, told)?;
    Ok(None)
}

/// The call while it rings; None once it was taken, refused or is over.
pub fn ringing(conn: &mut PgConnection, tenant: TenantId, id: CallId) -> Result<Option<Call>> {
    let call = model::hold(conn, tenant, id)?;
    let rings = call.status == CallStatus::Ongoing && call.answered_at.is_none();
    let is_now = call.told().patience_ends(call.started_at).is_some_and(|until| until > Utc::now());
    Ok((rings && is_now && call.declined_at.is_none()).then_some(call))
}

/// The desk has declined it. None: that was known.
pub fn declined(conn: &mut PgConnection, tenant: TenantId, id: CallId) -> Result<Option<Call>> {
    let call = model::hold(conn, tenant, id)?;
    if call.declined_at.is_some() {
        return Ok(None);
    }
    let now = Utc::now();
    diesel::update(of(tenant).filter(calls::id.eq(id)))
        .set((calls::declined_at.eq(now), calls::updated_at.eq(now)))
        .execute(conn)?;
    audit::record(conn, tenant, &Entry::new("declined", "calls", id.get()))?;
    let told = Told { rejected: call.rejected_at.or(Some(now)), ..call.told() };
    let call = Call { declined_at: Some(now), ..call };
    incoming::settle(conn, tenant, &call, call.started_at, told)?;
    Ok(Some(call))
}

/// Somebody takes it upon themselves to call back.
///
/// # Errors
/// `NotFound` out of scope; `Refused` where nobody was missed, or somebody else has done it or is about to.
pub fn take(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: CallId) -> Result<()> {
    let call = to_return(conn, tenant, scope, id)?;
    match call.callback_by {
        Some(user) if user == scope.reader => return Ok(()),
        Some(_) => return Err(Error::Refused("Somebody else calls back already.".into())),
        None => {}
    }
    set(conn, tenant, &call, Some(scope.reader), None, "assigned")
}

/// They cannot do it after all; whoever sees all calls may also take it from somebody else.
///
/// # Errors
/// `NotFound` out of scope; `Refused` where it is somebody else's.
pub fn release(conn: &mut PgConnection, tenant: TenantId, scope: Scope, may_all: bool, id: CallId) -> Result<()> {
    let call = to_return(conn, tenant, scope, id)?;
    match call.callback_by {
        None => Ok(()),
        Some(user) if user != scope.reader && !may_all => {
            Err(Error::Refused("Only who took this on, or a manager, can hand it back.".into()))
        }
        Some(_) => set(conn, tenant, &call, None, None, "handed_back"),
    }
}

/// Somebody has called back; whoever had not taken it on has done so by that.
///
/// # Errors
/// `NotFound` out of scope; `Refused` where nobody was missed.
pub fn finish(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: CallId) -> Result<()> {
    let call = model::find(conn, tenant, scope, id)?;
    if call.callback_done_at.is_some() {
        return Ok(());
    }
    let call = to_return(conn, tenant, scope, id)?;
    set(conn, tenant, &call, Some(call.callback_by.unwrap_or(scope.reader)), Some(Utc::now()), "called_back")
}

fn to_return(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: CallId) -> Result<Call> {
    model::find(conn, tenant, scope, id)?;
    let call = model::hold(conn, tenant, id)?;
    match (call.is_missed(), call.callback_done_at) {
        (true, None) => Ok(call),
        (true, Some(_)) => Err(Error::Refused("Somebody has called back already.".into())),
        (false, _) => Err(Error::Refused("This call was not missed.".into())),
    }
}

fn set(
    conn: &mut PgConnection,
    tenant: TenantId,
    call: &Call,
    by: Option<UserId>,
    done: Option<DateTime<Utc>>,
    action: &'static str,
) -> Result<()> {
    diesel::update(of(tenant).filter(calls::id.eq(call.id)))
        .set((calls::callback_by.eq(by), calls::callback_done_at.eq(done), calls::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = Entry::new(action, "calls", call.id.get());
    audit::record(conn, tenant, &entry.after(json!({ "callback_by": by })))?;
    if by.is_some() {
        notifications::settle(conn, tenant, Kind::MissedCall, call.id.get())?;
    }
    model::announce(conn, tenant, call.id, call.customer_id)
}
