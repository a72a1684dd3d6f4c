//! Teams as their pages show them: rows become words.

use super::form::TeamForm;
use super::members::Member;
use super::model::Team;
use super::screens::{Candidate, Card, Index, Show};
use crate::kit::access::{Access, EditTeams, Permission};
use crate::kit::html::{Avatar, status_of_form};
use crate::users::directory::{Person, State};

pub const HERE: &str = "/settings/teams";
/// Faces on a card.
const FACES: usize = 6;

pub fn index<P: Permission>(access: &Access<P>, teams: &[Team], members: &[Member], is_deleted: bool) -> Index {
    let card = |team: &Team| {
        let own: Vec<&Member> = members.iter().filter(|member| member.team_id == team.id).collect();
        Card {
            href: format!("{HERE}/{}", team.id),
            name: team.name.clone(),
            description: team.description.clone(),
            lead: own.iter().find(|member| member.is_lead).map(|member| member.name()),
            avatars: own.iter().take(FACES).map(|member| Avatar::of(&member.name())).collect(),
            size: size(own.len()),
        }
    };
    Index {
        sections: access.settings(HERE),
        cards: teams.iter().map(card).collect(),
        is_deleted,
        may_edit: access.may::<EditTeams>(),
    }
}

fn size(members: usize) -> String {
    match members {
        0 => "No members".into(),
        1 => "1 member".into(),
        many => format!("{many} members"),
    }
}

/// The form as it stands in the database.
pub fn form(team: &Team, members: &[Member]) -> TeamForm {
    let lead = members.iter().find(|member| member.is_lead).map(|member| member.user_id.to_string());
    TeamForm {
        name: team.name.clone(),
        description: team.description.clone().unwrap_or_default(),
        lead: lead.unwrap_or_default(),
        boxes: members.iter().map(|member| (format!("member.{}", member.user_id), "on".to_owned())).collect(),
        ..TeamForm::default()
    }
}

/// The page of `team`, or of one that is to be.
pub fn show<P: Permission>(access: &Access<P>, team: Option<&Team>, form: TeamForm, people: &[Person]) -> Show {
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    let candidate = |person: &Person| Candidate {
        id: person.id.to_string(),
        name: person.name(),
        avatar: Avatar::of(&person.name()),
        role: person.role.label(),
        state: match person.state() {
            State::Invited => Some("invited"),
            State::Deactivated => Some("deactivated"),
            State::Active | State::Deleted => None,
        },
        is_member: form.is_ticked(person.id),
        is_lead: form.lead == person.id.to_string(),
    };
    Show {
        sections: access.settings(HERE),
        href: team.map(|team| format!("{HERE}/{}", team.id)),
        title: team.map_or("New team".into(), |team| team.name.clone()),
        people: people.iter().map(candidate).collect(),
        has_lead: !form.lead.is_empty(),
        may_edit: access.may::<EditTeams>(),
        is_deleted: team.is_some_and(|team| team.deleted_at.is_some()),
        problem: error(""),
        name_error: error("name"),
        description_error: error("description"),
        members_error: error("members"),
        status: status_of_form(!form.errors.is_empty()),
        name: form.name,
        description: form.description,
    }
}
