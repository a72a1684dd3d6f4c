//! The states of a conversation. Each step is an UPDATE that names the states it may start from, so the database refuses
//! an illegal one.

use super::model::{CHANGED, ConversationId, Scope, Status, find, of};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

/// open or snoozed → resolved.
///
/// # Errors
/// `NotFound` out of scope; `Refused` from any other state.
pub fn resolve(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<()> {
    step(conn, tenant, scope, id, &[Status::Open, Status::Snoozed], Status::Resolved)
}

/// resolved → open.
///
/// # Errors
/// As [`resolve`].
pub fn reopen(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<()> {
    step(conn, tenant, scope, id, &[Status::Resolved, Status::Snoozed], Status::Open)
}

fn step(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    from: &[Status],
    to: Status,
) -> Result<()> {
    let before = find(conn, tenant, scope, id)?;
    let resolved_at = (to == Status::Resolved).then(|| conversations::resolved_at.eq(Utc::now()));
    let allowed = of(tenant).filter(conversations::id.eq(id)).filter(conversations::status.eq_any(from));
    let stepped = diesel::update(allowed)
        .set((
            conversations::status.eq(to),
            resolved_at,
            conversations::waiting_since.eq(None::<DateTime<Utc>>),
            conversations::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    if stepped == 0 {
        // Read again: somebody else may have taken the same step in the meantime.
        let before = find(conn, tenant, scope, id)?;
        return match before.status == to {
            true => Ok(()), // a second click
            false => Err(Error::Refused(format!(
                "A conversation that is {} cannot become {}.",
                before.status.word(),
                to.word()
            ))),
        };
    }
    let entry = audit::Entry::new(to.word(), "conversations", id.get()).before(json!({ "status": before.status }));
    audit::record(conn, tenant, &entry.after(json!({ "status": to })))?;
    live::announce(conn, tenant, CHANGED, id.get())
}
