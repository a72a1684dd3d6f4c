//! Teams and their SQL; who belongs to them is in `members`.

use super::members::{self, Membership};
use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::db::take_turns;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::teams;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};

ids! {
    /// A group of users.
    TeamId,
}

/// The kind of live event that says a team changed.
pub const TEAM_CHANGED: &str = "team";
/// A tenant has no more teams than its list shows.
pub const MOST: usize = 200;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = teams)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
    pub description: Option<String>,
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A validated form.
#[derive(Debug, Clone)]
pub struct TeamData {
    pub name: String,
    pub description: Option<String>,
    pub membership: Membership,
}

/// Also those that were deleted.
#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    teams::table.filter(teams::tenant_id.eq(tenant))
}

/// At most `MOST`, by name; those that were deleted by themselves.
pub fn list(conn: &mut PgConnection, tenant: TenantId, is_deleted: bool) -> Result<Vec<Team>> {
    let teams = ever_of(tenant)
        .filter(teams::deleted_at.is_not_null().eq(is_deleted))
        .order((teams::name, teams::id))
        .limit(MOST as i64)
        .select(Team::as_select())
        .load(conn)?;
    Ok(teams)
}

/// # Errors
/// `NotFound` for another tenant's; those that were deleted are found.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: TeamId) -> Result<Team> {
    Ok(ever_of(tenant).filter(teams::id.eq(id)).select(Team::as_select()).first(conn)?)
}

/// (team, its name) of those asked for, also of deleted ones.
pub fn names(conn: &mut PgConnection, tenant: TenantId, ids: &[TeamId]) -> Result<Vec<(TeamId, String)>> {
    Ok(ever_of(tenant).filter(teams::id.eq_any(ids)).select((teams::id, teams::name)).load(conn)?)
}

/// # Errors
/// `Taken("teams_name_taken")`; `Refused` when there are `MOST` already, or for somebody who is not here any more.
pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &TeamData) -> Result<TeamId> {
    let id = TeamId::new();
    has_room(conn, tenant)?;
    diesel::insert_into(teams::table)
        .values((
            teams::tenant_id.eq(tenant),
            teams::id.eq(id),
            teams::name.eq(&data.name),
            teams::description.eq(&data.description),
        ))
        .execute(conn)?;
    members::replace(conn, tenant, id, &data.membership)?;
    let team = find(conn, tenant, id)?;
    let after = facts(conn, tenant, &team)?;
    audit::record(conn, tenant, &Entry::new("created", "teams", id.get()).after(after))?;
    live::announce(conn, tenant, TEAM_CHANGED, id.get()).map(|()| id)
}

/// # Errors
/// As [`create`]; `Refused` for a deleted team.
pub fn edit(conn: &mut PgConnection, tenant: TenantId, id: TeamId, data: &TeamData) -> Result<()> {
    let team = locked(conn, tenant, id)?;
    if team.deleted_at.is_some() {
        return Err(Error::Refused(format!("The team {} was deleted. Restore it to change it.", team.name)));
    }
    let before = facts(conn, tenant, &team)?;
    members::replace(conn, tenant, id, &data.membership)?;
    let named =
        (teams::name.eq(&data.name), teams::description.eq(&data.description), teams::updated_at.eq(Utc::now()));
    let team: Team = diesel::update(ever_of(tenant).filter(teams::id.eq(id)))
        .set(named)
        .returning(Team::as_returning())
        .get_result(conn)?;
    let Some((before, after)) = audit::difference(&before, &facts(conn, tenant, &team)?)? else { return Ok(()) };
    audit::record(conn, tenant, &Entry::new("changed", "teams", id.get()).before(before).after(after))?;
    live::announce(conn, tenant, TEAM_CHANGED, id.get())
}

/// Takes the team off the lists; it can be restored with its members.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: TeamId) -> Result<()> {
    let team = locked(conn, tenant, id)?;
    if team.deleted_at.is_some() {
        return Ok(());
    }
    diesel::update(ever_of(tenant).filter(teams::id.eq(id)))
        .set((teams::deleted_at.eq(Utc::now()), teams::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let before = facts(conn, tenant, &team)?;
    audit::record(conn, tenant, &Entry::new("deleted", "teams", id.get()).before(before))?;
    live::announce(conn, tenant, TEAM_CHANGED, id.get())
}

/// # Errors
/// `Refused` when another team has its name by now, or there are `MOST`.
pub fn restore(conn: &mut PgConnection, tenant: TenantId, id: TeamId) -> Result<()> {
    let team = locked(conn, tenant, id)?;
    if team.deleted_at.is_none() {
        return Ok(());
    }
    has_room(conn, tenant)?;
    let restored = diesel::update(ever_of(tenant).filter(teams::id.eq(id)))
        .set((teams::deleted_at.eq(None::<DateTime<Utc>>), teams::updated_at.eq(Utc::now())))
        .execute(conn);
    restored.map_err(|cause| match Error::from(cause) {
        Error::Taken(_) => {
            Error::Refused(format!("Another team is called {} by now. Rename that one, then restore this.", team.name))
        }
        error => error,
    })?;
    let after = facts(conn, tenant, &team)?;
    audit::record(conn, tenant, &Entry::new("restored", "teams", id.get()).after(after))?;
    live::announce(conn, tenant, TEAM_CHANGED, id.get())
}

/// One change of a team at a time.
fn locked(conn: &mut PgConnection, tenant: TenantId, id: TeamId) -> Result<Team> {
    let row = ever_of(tenant).filter(teams::id.eq(id)).for_update();
    Ok(row.select(Team::as_select()).first(conn)?)
}

fn has_room(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    take_turns(conn, &format!("teams of {tenant}"))?;
    let count: i64 = ever_of(tenant).filter(teams::deleted_at.is_null()).count().get_result(conn)?;
    match count < MOST as i64 {
        true => Ok(()),
        false => Err(Error::Refused(format!("There are {MOST} teams already, and no more are possible."))),
    }
}

/// What is told of a team in audit entries.
fn facts(conn: &mut PgConnection, tenant: TenantId, team: &Team) -> Result<Value> {
    let members = members::of_teams(conn, tenant, &[team.id])?;
    let lead = members.iter().find(|member| member.is_lead).map(|member| member.name());
    let members: serde_json::Map<_, _> =
        members.iter().map(|member| (member.user_id.to_string(), json!(member.name()))).collect();
    Ok(json!({ "name": team.name, "description": team.description, "members": members, "lead": lead }))
}
