//! How urgent a conversation is.

use super::activities::{self, By, Change};
use super::model::{Conversation, ConversationId, Priority, Scope, find_held, of};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use chrono::Utc;
use diesel::prelude::*;

/// Answers whether that changed anything. `seen` is what it was when the wish was made.
///
/// # Errors
/// `NotFound` out of scope; `Refused` when somebody else has changed it since.
pub fn set_priority(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    to: Priority,
    seen: Option<Priority>,
    by: &By,
) -> Result<bool> {
    let held = find_held(conn, tenant, scope, id)?;
    if held.priority == to {
        return Ok(false);
    }
    if seen.is_some_and(|seen| seen != held.priority) {
        return Err(Error::Refused("Somebody else has just changed the priority. Look again.".into()));
    }
    set(conn, tenant, &held, to, by)?;
    Ok(true)
}

pub(super) fn set(conn: &mut PgConnection, tenant: TenantId, held: &Conversation, to: Priority, by: &By) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(held.id)))
        .set((conversations::priority.eq(to), conversations::updated_at.eq(Utc::now())))
        .execute(conn)?;
    activities::write(conn, tenant, held.id, &Change::Priority { from: held.priority, to }, by)
}
