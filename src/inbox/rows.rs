//! The list of the inbox with whatever its rows name, and how much is open in each team.

use super::model::{Found, List};
use crate::conversations::filter::Owner;
use crate::conversations::labelling;
use crate::conversations::listing;
use crate::conversations::model::{ConversationId, Scope};
use crate::kit::error::Result;
use crate::kit::page::cut;
use crate::kit::tenant::TenantId;
use crate::teams::members;
use crate::teams::model::{self as teams, Team, TeamId};
use crate::users::model::{self as users, UserId};
use diesel::PgConnection;

/// Teams beside the queues; the filter has the others.
const TEAMS: usize = 30;

/// A page of the list, with whatever its rows name.
pub(super) fn read(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    list: &List,
    found: &mut Found,
) -> Result<()> {
    let size = list.rows.clamp(listing::PAGE, listing::MOST);
    let rows = listing::page(conn, tenant, scope, &list.filter, &list.search, list.after, size)?;
    (found.rows, found.has_more) = cut(rows, size);
    let ids: Vec<ConversationId> = found.rows.iter().map(|row| row.id).collect();
    found.tags = labelling::of_conversations(conn, tenant, &ids)?;
    let mut people: Vec<UserId> = found.rows.iter().filter_map(|row| row.owner).collect();
    people.extend(match list.filter.owner {
        Some(Owner::User(user)) => Some(user),
        _ => None,
    });
    people.sort();
    people.dedup();
    found.people = if people.is_empty() { Vec::new() } else { users::names(conn, tenant, &people)? };
    let named: Vec<TeamId> = found.rows.iter().filter_map(|row| row.team).collect();
    found.team_names = if named.is_empty() { Vec::new() } else { teams::names(conn, tenant, &named)? };
    Ok(())
}

/// How much is open in each team whose conversations somebody looks after.
pub(super) fn of_teams(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    all: &[Team],
) -> Result<Vec<(TeamId, i32)>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let own = members::of_user(conn, tenant, scope.reader)?;
    let shown = all.iter().map(|team| team.id).filter(|team| scope.sees_all || own.contains(team));
    let shown: Vec<TeamId> = shown.take(TEAMS).collect();
    let counts = listing::team_counts(conn, tenant, &shown)?;
    Ok(shown.into_iter().zip(counts).collect())
}
