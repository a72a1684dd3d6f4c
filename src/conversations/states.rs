//! The states of a conversation. Each step is an UPDATE that names the states it may start from, so the database refuses
//! an illegal one.

use super::activities::{self, By, Change, Step};
use super::jobs::Wake;
use super::model::{Conversation, ConversationId, NEVER, Scope, Status, find_held, of};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Options, enqueue_with};
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;

/// Nothing is snoozed for longer.
pub const LONGEST: TimeDelta = TimeDelta::days(366);

/// open or snoozed → resolved. Answers whether that changed anything.
///
/// # Errors
/// `NotFound` out of scope; `Refused` from any other state.
pub fn resolve(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId, by: &By) -> Result<bool> {
    let held = find_held(conn, tenant, scope, id)?;
    step(conn, tenant, &held, &[Status::Open, Status::Snoozed], Status::Resolved, None, by)
}

/// resolved or snoozed → open.
///
/// # Errors
/// As [`resolve`].
pub fn reopen(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId, by: &By) -> Result<bool> {
    let held = find_held(conn, tenant, scope, id)?;
    step(conn, tenant, &held, &[Status::Resolved, Status::Snoozed], Status::Open, None, by)
}

/// open or snoozed → snoozed, until a moment or, with None, until the customer writes.
///
/// # Errors
/// As [`resolve`]; `Refused` for a moment that is past or too far away.
pub fn snooze(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    until: Option<DateTime<Utc>>,
    by: &By,
) -> Result<bool> {
    let now = Utc::now();
    if until.is_some_and(|until| until <= now || until > now + LONGEST) {
        return Err(Error::Refused("Choose a moment that is still to come, within a year.".into()));
    }
    let held = find_held(conn, tenant, scope, id)?;
    step(conn, tenant, &held, &[Status::Open, Status::Snoozed], Status::Snoozed, until, by)
}

/// Its time has come: snoozed → open. Does nothing where somebody was faster, or it was snoozed anew.
pub fn wake(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<bool> {
    let due = of(tenant).filter(conversations::id.eq(id).and(conversations::snoozed_until.le(Utc::now())));
    let due: Option<Conversation> = due.select(Conversation::as_select()).for_no_key_update().first(conn).optional()?;
    let Some(held) = due else { return Ok(false) };
    step(conn, tenant, &held, &[Status::Snoozed], Status::Open, None, &By::clock())
}

/// Asks for the waking of a conversation that is snoozed until a moment; for others it does nothing.
pub fn wake_in_time(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<()> {
    let snoozed = of(tenant).filter(conversations::id.eq(id)).select(conversations::snoozed_until);
    let until: Option<Option<DateTime<Utc>>> = snoozed.first(conn).optional()?;
    match until.flatten() {
        Some(until) => wake_at(conn, tenant, id, until),
        None => Ok(()),
    }
}

fn wake_at(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, at: DateTime<Utc>) -> Result<()> {
    let options = Options { key: Some(format!("wake/{id}")), run_at: Some(at), ..Options::default() };
    enqueue_with(conn, tenant, &Wake { conversation: id }, options)
}

/// One step of a row that is held. A second click changes nothing and is no mistake.
pub(super) fn step(
    conn: &mut PgConnection,
    tenant: TenantId,
    held: &Conversation,
    from: &[Status],
    to: Status,
    until: Option<DateTime<Utc>>,
    by: &By,
) -> Result<bool> {
    if held.status == to && held.snoozed_until == until {
        return Ok(false);
    }
    let now = Utc::now();
    let was_resolved = held.status == Status::Resolved;
    // Whoever is only set aside goes on waiting.
    let settles = (to == Status::Resolved || was_resolved).then(|| conversations::waiting_since.eq(NEVER));
    let allowed = of(tenant).filter(conversations::id.eq(held.id)).filter(conversations::status.eq_any(from));
    let stepped = diesel::update(allowed)
        .set((
            conversations::status.eq(to),
            conversations::snoozed_until.eq(until),
            (to == Status::Resolved).then(|| conversations::resolved_at.eq(now)),
            settles,
            conversations::updated_at.eq(now),
        ))
        .execute(conn)?;
    if stepped == 0 {
        let (is, becomes) = (held.status.word(), to.word());
        return Err(Error::Refused(format!("A conversation that is {is} cannot become {becomes}.")));
    }
    let step =
        Step { from: held.status, to, old_until: held.snoozed_until, new_until: until, waiting: held.waiting_since };
    activities::write(conn, tenant, held.id, &Change::Status(step), by)?;
    if let Some(until) = until {
        wake_at(conn, tenant, held.id, until)?;
    }
    Ok(true)
}
