//! Who belongs to which team.

use super::model::TeamId;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::{team_members, teams, users};
use crate::users::directory;
use crate::users::model::UserId;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Who shall belong to a team; the lead is always one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Membership {
    pub members: BTreeSet<UserId>,
    pub lead: Option<UserId>,
}

#[derive(Debug, Clone, Queryable)]
pub struct Member {
    pub team_id: TeamId,
    pub user_id: UserId,
    pub is_lead: bool,
    pub first_name: String,
    pub last_name: String,
}

impl Member {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

#[auto_type]
fn members_of(tenant: TenantId) -> _ {
    team_members::table.filter(team_members::tenant_id.eq(tenant))
}

/// The members of these teams who were not deleted: leads first, then by name.
pub fn of_teams(conn: &mut PgConnection, tenant: TenantId, ids: &[TeamId]) -> Result<Vec<Member>> {
    let of_member = users::tenant_id.eq(team_members::tenant_id).and(users::id.eq(team_members::user_id));
    let members = members_of(tenant)
        .inner_join(users::table.on(of_member))
        .filter(team_members::team_id.eq_any(ids).and(users::deleted_at.is_null()))
        .order((
            team_members::team_id,
            team_members::is_lead.desc(),
            users::first_name,
            users::last_name,
            team_members::user_id,
        ))
        .select((
            team_members::team_id,
            team_members::user_id,
            team_members::is_lead,
            users::first_name,
            users::last_name,
        ))
        .load(conn)?;
    Ok(members)
}

/// The teams that somebody belongs to, without those that were deleted.
pub fn of_user(conn: &mut PgConnection, tenant: TenantId, user: UserId) -> Result<Vec<TeamId>> {
    let of_team = teams::tenant_id.eq(team_members::tenant_id).and(teams::id.eq(team_members::team_id));
    let ids = members_of(tenant)
        .inner_join(teams::table.on(of_team))
        .filter(team_members::user_id.eq(user).and(teams::deleted_at.is_null()))
        .order(team_members::team_id)
        .select(team_members::team_id)
        .load(conn)?;
    Ok(ids)
}

/// Makes these the team's members. Those who were deleted keep their places, unseen.
pub(super) fn replace(conn: &mut PgConnection, tenant: TenantId, team: TeamId, wanted: &Membership) -> Result<()> {
    let mut chosen = wanted.members.clone();
    chosen.extend(wanted.lead);
    let ids: Vec<UserId> = chosen.iter().copied().collect();
    if directory::count_present(conn, tenant, &ids)? < ids.len() {
        return Err(Error::Refused(
            "Somebody you chose is not here any more. Please look through the list again.".into(),
        ));
    }
    let there = of_teams(conn, tenant, &[team])?;
    let gone: Vec<UserId> = there.iter().map(|member| member.user_id).filter(|user| !chosen.contains(user)).collect();
    let rows = || members_of(tenant).filter(team_members::team_id.eq(team));
    diesel::delete(rows().filter(team_members::user_id.eq_any(&gone))).execute(conn)?;
    diesel::update(rows().filter(team_members::is_lead.eq(true))).set(team_members::is_lead.eq(false)).execute(conn)?;
    let values: Vec<_> = ids
        .iter()
        .map(|user| {
            (team_members::tenant_id.eq(tenant), team_members::team_id.eq(team), team_members::user_id.eq(*user))
        })
        .collect();
    diesel::insert_into(team_members::table).values(values).on_conflict_do_nothing().execute(conn)?;
    if let Some(lead) = wanted.lead {
        diesel::update(rows().filter(team_members::user_id.eq(lead)))
            .set(team_members::is_lead.eq(true))
            .execute(conn)?;
    }
    Ok(())
}
