//! Names in a note: `@Eve Evans` calls Eve, `@Workshop` everybody of that team.

use super::model::{Mention, Whom};
use crate::kit::access::{Permission, Role, ViewConversations};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::teams::members;
use crate::teams::model as teams;
use crate::users::directory::{self, Filter, Sort, State};
use crate::users::model::UserId;
use diesel::PgConnection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// People among whom one can choose; more are found by nobody in a menu.
const PEOPLE: usize = 500;

/// Whom a note can call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    pub name: String,
    pub whom: Whom,
}

/// Everybody active who may read conversations, and the teams; by name.
pub fn colleagues(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Colleague>> {
    let active = Filter { state: Some(State::Active), sort: Sort::Name, ..Filter::default() };
    let people = directory::page(conn, tenant, &active, None, PEOPLE)?;
    let reads = |role: Role| ViewConversations::ROLES.contains(&role);
    let people = people.into_iter().map(|(person, _)| person).filter(|person| reads(person.role));
    let mut all: Vec<Colleague> =
        people.map(|person| Colleague { name: person.name(), whom: Whom::User(person.id) }).collect();
    let teams = teams::list(conn, tenant, false)?;
    all.extend(teams.into_iter().map(|team| Colleague { name: team.name, whom: Whom::Team(team.id) }));
    Ok(all)
}

/// Whom `text` names. Where several have one name, those of them who were `chosen` from the menu, or else all.
pub fn mentions(text: &str, colleagues: &[Colleague], chosen: &[Uuid]) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    for (at, _) in text.match_indices('@') {
        let is_word = !text[..at].ends_with(char::is_alphanumeric);
        let after = &text[at + 1..];
        let named = |colleague: &&Colleague| is_word && begins_with(after, &colleague.name);
        let longest = colleagues.iter().filter(named).map(|colleague| colleague.name.chars().count()).max();
        let Some(length) = longest else { continue };
        let fits: Vec<&Colleague> =
            colleagues.iter().filter(named).filter(|colleague| colleague.name.chars().count() == length).collect();
        let is_chosen = |colleague: &&&Colleague| chosen.contains(&colleague.whom.id());
        let chosen_ones: Vec<&&Colleague> = fits.iter().filter(is_chosen).collect();
        let meant = if chosen_ones.is_empty() { fits.iter().collect() } else { chosen_ones };
        let name: String = after.chars().take(length).collect();
        for colleague in meant {
            let mention = Mention { name: name.clone(), whom: colleague.whom };
            if !found.contains(&mention) {
                found.push(mention);
            }
        }
    }
    found
}

/// Whether `text` begins with that name, whole and in whatever letters.
fn begins_with(text: &str, name: &str) -> bool {
    let mut rest = text.chars();
    let is_same =
        name.chars().all(|char| rest.next().is_some_and(|other| other.to_lowercase().eq(char.to_lowercase())));
    is_same && !name.is_empty() && !rest.as_str().starts_with(char::is_alphanumeric)
}

/// Everybody who is called, by themselves or with a team; not the writer.
pub(super) fn people(
    conn: &mut PgConnection,
    tenant: TenantId,
    mentions: &[Mention],
    colleagues: &[Colleague],
    writer: UserId,
) -> Result<Vec<UserId>> {
    let (mut called, mut of_teams) = (BTreeSet::new(), Vec::new());
    for mention in mentions {
        match mention.whom {
            Whom::User(id) => drop(called.insert(id)),
            Whom::Team(id) => of_teams.push(id),
        }
    }
    if !of_teams.is_empty() {
        let members = members::of_teams(conn, tenant, &of_teams)?;
        let reads = |id: UserId| colleagues.iter().any(|colleague| colleague.whom == Whom::User(id));
        called.extend(members.into_iter().map(|member| member.user_id).filter(|id| reads(*id)));
    }
    called.remove(&writer);
    Ok(called.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::teams::model::TeamId;

    fn eve() -> Colleague {
        Colleague { name: "Eve Evans".into(), whom: Whom::User(UserId::new()) }
    }

    #[test]
    fn a_name_is_found_whole_and_in_whatever_letters() {
        let all = [eve(), Colleague { name: "Eve".into(), whom: Whom::Team(TeamId::new()) }];
        let names = |text: &str| mentions(text, &all, &[]).into_iter().map(|mention| mention.name).collect::<Vec<_>>();

        assert_eq!(names("@eve evans, look"), ["eve evans"], "the longest name, as it was written");
        assert_eq!(names("ask (@Eve) and @Eve Evans."), ["Eve", "Eve Evans"]);
        assert!(names("eve@Eve.test @Evening @").is_empty());
    }

    #[test]
    fn of_two_with_one_name_the_chosen_one_is_meant() {
        let all = [eve(), eve()];
        assert_eq!(mentions("@Eve Evans", &all, &[]).len(), 2);

        let meant = mentions("@Eve Evans @Eve Evans", &all, &[all[1].whom.id()]);

        assert_eq!(meant, [Mention { name: "Eve Evans".into(), whom: all[1].whom }]);
    }
}
