//! Calls that people write down: made, changed and deleted by whoever wrote them, or by those who may change all.

use super::model::{self, Call, CallDirection, CallId, CallStatus, Scope, of};
use super::{callbacks, parties};
use crate::customers::model::{self as customers, CustomerId};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::calls;
use crate::tenants::settings;
use crate::users::model::{self as users, UserId};
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

/// A call as somebody tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallData {
    pub direction: CallDirection,
    /// None with calls between users.
    pub customer: Option<CustomerId>,
    /// Who of us spoke; with calls between users, who called.
    pub user: UserId,
    /// Who was called, with calls between users.
    pub colleague: Option<UserId>,
    pub is_video: bool,
    pub started: DateTime<Utc>,
    /// Seconds; None: nobody answered.
    pub duration: Option<i32>,
    #[serde(skip)]
    pub note: Option<String>,
}

impl CallData {
    fn parties(&self) -> (Option<UserId>, Option<UserId>) {
        match self.direction {
            CallDirection::Inbound => (None, Some(self.user)),
            CallDirection::Outbound => (Some(self.user), None),
            CallDirection::Internal => (Some(self.user), self.colleague),
        }
    }

    fn status(&self) -> CallStatus {
        if self.duration.is_some() { CallStatus::Completed } else { CallStatus::Failed }
    }

    fn ended(&self) -> DateTime<Utc> {
        self.started + TimeDelta::seconds(self.duration.unwrap_or_default().into())
    }

    /// What the log of the desk keeps of it: not the note, which is about somebody.
    fn facts(&self) -> Value {
        json!({ "call": self, "has_note": self.note.is_some() })
    }
}

/// Who changes something.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    pub scope: Scope,
    /// May change what others have written, and write for others.
    pub may_all: bool,
}

impl Writer {
    /// Whether this call is theirs to change: one that was written down, by themselves or anybody.
    pub fn may_change(&self, call: &Call) -> bool {
        let is_own = call.created_by == Some(self.scope.reader);
        call.waha_call_id.is_none() && call.created_by.is_some() && (self.may_all || is_own)
    }
}

/// Writes a call down; `returns` is the missed one that was returned by it. The id comes from the form, so that a form
/// sent twice is one call.
///
/// # Errors
/// `Refused` for somebody else's name, and where a party is not there (any more).
pub fn create(
    conn: &mut PgConnection,
    tenant: TenantId,
    writer: Writer,
    id: CallId,
    data: &CallData,
    returns: Option<CallId>,
) -> Result<()> {
    must_fit(conn, tenant, writer, data, None)?;
    let (caller, receiver) = data.parties();
    let inserted = diesel::insert_into(calls::table)
        .values((
            (
                calls::tenant_id.eq(tenant),
                calls::id.eq(id),
                calls::direction.eq(data.direction),
                calls::status.eq(data.status()),
                calls::is_video.eq(data.is_video),
                calls::customer_id.eq(data.customer),
                calls::caller_id.eq(caller),
                calls::receiver_id.eq(receiver),
            ),
            (
                calls::started_at.eq(data.started),
                calls::answered_at.eq(data.duration.map(|_| data.started)),
                calls::ended_at.eq(data.ended()),
                calls::duration_seconds.eq(data.duration),
                calls::note.eq(&data.note),
                calls::created_by.eq(writer.scope.reader),
            ),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 0 {
        return Ok(()); // the same form a second time
    }
    audit::record(conn, tenant, &Entry::new("created", "calls", id.get()).after(data.facts()))?;
    if let Some(missed) = returns {
        callbacks::finish(conn, tenant, writer.scope, missed)?;
    }
    model::announce(conn, tenant, id, data.customer)
}

/// # Errors
/// `NotFound` out of scope; `Forbidden` for one that is not theirs to change; `Refused` as in [`create`].
pub fn edit(conn: &mut PgConnection, tenant: TenantId, writer: Writer, id: CallId, data: &CallData) -> Result<()> {
    let before = theirs(conn, tenant, writer, id)?;
    let known = data_of(&before);
    if known.as_ref() == Some(data) {
        return Ok(());
    }
    must_fit(conn, tenant, writer, data, Some(&before))?;
    let (caller, receiver) = data.parties();
    diesel::update(of(tenant).filter(calls::id.eq(id)))
        .set((
            calls::direction.eq(data.direction),
            calls::status.eq(data.status()),
            calls::is_video.eq(data.is_video),
            calls::customer_id.eq(data.customer),
            calls::caller_id.eq(caller),
            calls::receiver_id.eq(receiver),
            calls::started_at.eq(data.started),
            calls::answered_at.eq(data.duration.map(|_| data.started)),
            calls::ended_at.eq(data.ended()),
            calls::duration_seconds.eq(data.duration),
            calls::note.eq(&data.note),
            calls::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let entry =
        Entry::new("changed", "calls", id.get()).changed(&known.map(|known| known.facts()), &Some(data.facts()));
    audit::record(conn, tenant, &entry)?;
    model::announce(conn, tenant, id, data.customer)
}

/// # Errors
/// As [`edit`].
pub fn delete(conn: &mut PgConnection, tenant: TenantId, writer: Writer, id: CallId) -> Result<()> {
    let call = theirs(conn, tenant, writer, id)?;
    let now = Utc::now();
    diesel::update(of(tenant).filter(calls::id.eq(id)))
        .set((calls::deleted_at.eq(now), calls::updated_at.eq(now)))
        .execute(conn)?;
    let facts = data_of(&call).map(|data| data.facts());
    audit::record(conn, tenant, &Entry::new("deleted", "calls", id.get()).before(facts))?;
    model::announce(conn, tenant, id, call.customer_id)
}

/// The same with the customer whom `words` mean: a phone number, an address or an id. None: nobody is known by them.
pub fn with_customer(
    conn: &mut PgConnection,
    tenant: TenantId,
    words: &str,
    data: CallData,
) -> Result<Option<CallData>> {
    if data.direction == CallDirection::Internal {
        return Ok(Some(data));
    }
    let region = settings::find(conn, tenant)?.region();
    let customer = parties::meant(conn, tenant, words, region)?;
    Ok(customer.map(|customer| CallData { customer: Some(customer), ..data }))
}

/// A call as its form shows it. None where the user is gone who spoke.
pub fn data_of(call: &Call) -> Option<CallData> {
    let (user, colleague) = match call.direction {
        CallDirection::Inbound => (call.receiver_id?, None),
        CallDirection::Outbound => (call.caller_id?, None),
        CallDirection::Internal => (call.caller_id?, call.receiver_id),
    };
    Some(CallData {
        direction: call.direction,
        customer: call.customer_id,
        user,
        colleague,
        is_video: call.is_video,
        started: call.started_at,
        duration: call.duration_seconds,
        note: call.note.clone(),
    })
}

fn theirs(conn: &mut PgConnection, tenant: TenantId, writer: Writer, id: CallId) -> Result<Call> {
    model::find(conn, tenant, writer.scope, id)?;
    let call = model::hold(conn, tenant, id)?;
    if writer.may_change(&call) { Ok(call) } else { Err(Error::Forbidden) }
}

/// Whoever is in the call `before` may have left since.
fn must_fit(
    conn: &mut PgConnection,
    tenant: TenantId,
    writer: Writer,
    data: &CallData,
    before: Option<&Call>,
) -> Result<()> {
    let own = writer.scope.reader;
    let (_, receiver) = data.parties();
    let is_in_it = data.user == own || data.direction == CallDirection::Internal && receiver == Some(own);
    if !writer.may_all && !is_in_it {
        return Err(Error::Refused("You can write down your own calls only.".into()));
    }
    let was_in_it =
        |user: &UserId| before.is_some_and(|call| [call.caller_id, call.receiver_id].contains(&Some(*user)));
    for user in [Some(data.user), data.colleague].into_iter().flatten().filter(|user| !was_in_it(user)) {
        match users::active_role(conn, tenant, user) {
            Err(Error::NotFound) => return Err(Error::Refused("Somebody you chose is not here any more.".into())),
            role => role.map(drop)?,
        }
    }
    match data.customer.filter(|_| before.is_none_or(|call| call.customer_id != data.customer)) {
        Some(customer) => match customers::find(conn, tenant, customer) {
            Err(Error::NotFound) => Err(Error::Refused("There is no such customer.".into())),
            found => found.map(drop),
        },
        None => Ok(()),
    }
}
