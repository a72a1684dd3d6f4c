//! Who has a conversation: a person, a team, or nobody yet.

use super::activities::{self, By, Change};
use super::model::{self, Conversation, ConversationId, Scope, find, of};
use super::readers;
use crate::kit::access::{Permission, WorkConversations};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::notifications::model::{Kind, To, notify};
use crate::schema::conversations;
use crate::teams::model::{self as teams, Team, TeamId};
use crate::users::directory::{self, Person, State};
use crate::users::model::{self as users, UserId};
use chrono::Utc;
use diesel::prelude::*;

/// Those to whom a conversation can be given, by name.
pub fn people(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Person>> {
    let everybody = directory::everybody(conn, tenant)?;
    Ok(everybody.into_iter().filter(can_hold).collect())
}

fn can_hold(person: &Person) -> bool {
    person.state() == State::Active && WorkConversations::ROLES.contains(&person.role)
}

/// Gives a conversation to somebody, or to nobody. `seen` is who had it when the wish was made. Answers whether that
/// changed anything.
///
/// # Errors
/// `NotFound` out of scope; `Refused` when somebody else has it by now, and for people who cannot answer customers.
pub fn assign(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    to: Option<UserId>,
    seen: Option<Option<UserId>>,
    by: &By,
) -> Result<bool> {
    let held = held(conn, tenant, scope, id)?;
    if held.assignee_id == to {
        return Ok(false);
    }
    if seen.is_some_and(|seen| seen != held.assignee_id) {
        return Err(has_it(conn, tenant, held.assignee_id)?);
    }
    if let Some(to) = to {
        let person = directory::find(conn, tenant, to)?;
        if !can_hold(&person) {
            return Err(Error::Refused(format!("{} cannot answer customers. Choose somebody else.", person.name())));
        }
    }
    set_owner(conn, tenant, &held, to, by)?;
    Ok(true)
}

/// Gives a conversation to a team, or to none; whoever has it keeps it. `seen` as in [`assign`].
///
/// # Errors
/// `NotFound` out of scope, and for a team that is not there; `Refused` when it is another team's by now, or the team was
/// deleted.
pub fn give_to_team(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    to: Option<TeamId>,
    seen: Option<Option<TeamId>>,
    by: &By,
) -> Result<bool> {
    let held = held(conn, tenant, scope, id)?;
    if held.team_id == to {
        return Ok(false);
    }
    if seen.is_some_and(|seen| seen != held.team_id) {
        return Err(Error::Refused("Somebody else has just given this to another team. Look again.".into()));
    }
    if let Some(to) = to {
        let team: Team = teams::find(conn, tenant, to)?;
        if team.deleted_at.is_some() {
            return Err(Error::Refused(format!("The team {} was deleted. Choose another.", team.name)));
        }
    }
    set_team(conn, tenant, &held, to, by)?;
    Ok(true)
}

/// Whoever has opened it before is told who has it now; to others what is a colleague's is not there.
fn held(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<Conversation> {
    match model::find_held(conn, tenant, scope, id) {
        Err(Error::NotFound) if readers::has_opened(conn, tenant, id, scope.reader)? => {
            let owner = model::get(conn, tenant, id)?.assignee_id;
            Err(has_it(conn, tenant, owner)?)
        }
        held => held,
    }
}

fn has_it(conn: &mut PgConnection, tenant: TenantId, owner: Option<UserId>) -> Result<Error> {
    let names = users::names(conn, tenant, &Vec::from_iter(owner))?;
    Ok(Error::Refused(match names.first() {
        Some((_, name)) => format!("{name} has this conversation now."),
        None => "This conversation has changed hands meanwhile. Look again.".into(),
    }))
}

pub(super) fn set_owner(
    conn: &mut PgConnection,
    tenant: TenantId,
    held: &Conversation,
    to: Option<UserId>,
    by: &By,
) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(held.id)))
        .set((conversations::assignee_id.eq(to), conversations::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let told: Vec<UserId> = to.into_iter().filter(|to| by.user != Some(*to)).collect();
    notify(conn, tenant, To::Users(&told), Kind::Assignment, held.id.get())?;
    activities::write(conn, tenant, held.id, &Change::Owner { from: held.assignee_id, to }, by)
}

pub(super) fn set_team(
    conn: &mut PgConnection,
    tenant: TenantId,
    held: &Conversation,
    to: Option<TeamId>,
    by: &By,
) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(held.id)))
        .set((conversations::team_id.eq(to), conversations::updated_at.eq(Utc::now())))
        .execute(conn)?;
    activities::write(conn, tenant, held.id, &Change::Team { from: held.team_id, to }, by)
}

/// Whether this reader sees it still: whoever gives something away may not.
pub fn is_seen(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<bool> {
    match find(conn, tenant, scope, id) {
        Err(Error::NotFound) => Ok(false),
        found => found.map(|_| true),
    }
}
