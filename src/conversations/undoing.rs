//! Taking back what one has just done: each conversation gets back what it had, where it is still as the change left it.

use super::activities::{self, Activity, By, Change, ChangeId, Step};
use super::model::{Conversation, Status, get, hold, of};
use super::{holders, labelling, states, urgency};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use crate::users::model::UserId;
use diesel::prelude::*;

/// Undoes a change of this user's, also where it has taken a conversation out of their sight.
///
/// # Errors
/// `NotFound` for somebody else's; `Refused` when nothing of it is as it was left.
pub fn undo(conn: &mut PgConnection, tenant: TenantId, change: ChangeId, user: UserId) -> Result<usize> {
    let lines = activities::of_change(conn, tenant, change, user)?;
    let by = By::user(user);
    let mut undone = 0;
    for line in &lines {
        undone += usize::from(undo_line(conn, tenant, line, &by)?);
    }
    match undone {
        0 => Err(Error::Refused("This was changed again since. There is nothing to take back.".into())),
        undone => Ok(undone),
    }
}

fn undo_line(conn: &mut PgConnection, tenant: TenantId, line: &Activity, by: &By) -> Result<bool> {
    let held = match hold(conn, tenant, line.conversation_id) {
        Err(Error::NotFound) => return Ok(false),
        held => held.and_then(|_| get(conn, tenant, line.conversation_id))?,
    };
    match line.change() {
        Some(Change::Owner { from, to }) if held.assignee_id == to => {
            holders::set_owner(conn, tenant, &held, from, by)?;
        }
        Some(Change::Team { from, to }) if held.team_id == to => holders::set_team(conn, tenant, &held, from, by)?,
        Some(Change::Priority { from, to }) if held.priority == to => urgency::set(conn, tenant, &held, from, by)?,
        Some(Change::Label { label, is_added }) => {
            return labelling::set(conn, tenant, held.id, label, !is_added, by);
        }
        Some(Change::Status(step)) if held.status == step.to && held.snoozed_until == step.new_until => {
            return step_back(conn, tenant, &held, &step, line, by);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn step_back(
    conn: &mut PgConnection,
    tenant: TenantId,
    held: &Conversation,
    step: &Step,
    line: &Activity,
    by: &By,
) -> Result<bool> {
    // A moment that has passed meanwhile wakes it at once.
    let stepped = states::step(conn, tenant, held, &[step.to], step.from, step.old_until, by)?;
    let is_quiet = held.last_message_at.is_none_or(|newest| newest <= line.happened_at);
    if step.to == Status::Resolved && is_quiet {
        diesel::update(of(tenant).filter(conversations::id.eq(held.id)))
            .set(conversations::waiting_since.eq(step.waiting))
            .execute(conn)?;
    }
    Ok(stepped)
}
