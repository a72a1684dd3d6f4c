//! What can be done with many, and what came of it, in words.

use super::screens::{Offers, Report};
use crate::conversations::activities::ChangeId;
use crate::conversations::many::Outcome;
use crate::conversations::model::Priority;
use crate::inbox::model::Found;
use crate::inbox::view::lines::priority;
use crate::kit::access::{Access, Permission, WorkConversations};
use crate::kit::html::Choice;
use crate::kit::words;

/// What the bar above the list offers; nothing to those who only read.
pub fn offers<P: Permission>(access: &Access<P>, found: &Found) -> Offers {
    if !access.may::<WorkConversations>() {
        return Vec::new();
    }
    let choice = |what: &str, value: &str, label: &str| Choice::of(&format!("{what}:{value}"), label, "");
    let me = access.who().user;
    let mut owners = vec![choice("owner", &me.to_string(), "Take them"), choice("owner", "", "Nobody")];
    let others = found.holders.iter().filter(|person| person.id.get() != me);
    owners.extend(others.map(|person| choice("owner", &person.id.to_string(), &person.name())));
    let mut teams: Vec<Choice> =
        found.teams.iter().map(|team| choice("team", &team.id.to_string(), &team.name)).collect();
    if !teams.is_empty() {
        teams.push(choice("team", "", "No team"));
    }
    let labels = |what: &'static str| {
        found.labels.iter().map(move |label| choice(what, &label.id.to_string(), &label.name)).collect::<Vec<_>>()
    };
    let statuses = [("resolved", "Resolve"), ("open", "Re-open")].map(|(word, label)| choice("status", word, label));
    let snoozes = [
        ("hour", "for an hour"),
        ("tomorrow", "until tomorrow morning"),
        ("week", "until next week"),
        ("reply", "until the customer writes"),
    ];
    let snoozes = snoozes.map(|(word, label)| choice("snooze", word, label));
    let priorities = Priority::ALL.iter().rev().map(|one| choice("priority", one.word(), priority(*one))).collect();
    let offers = vec![
        ("Status", statuses.into()),
        ("Snooze", snoozes.into()),
        ("Assign to", owners),
        ("Give to the team", teams),
        ("Add the label", labels("add")),
        ("Take the label off", labels("remove")),
        ("Priority", priorities),
    ];
    offers.into_iter().filter(|(_, choices): &(_, Vec<Choice>)| !choices.is_empty()).collect()
}

pub fn result(outcome: &Outcome, change: ChangeId) -> Report {
    let count =
        |count: usize| words::counted(i64::try_from(count).unwrap_or(i64::MAX), "conversation", "conversations");
    let mut told = format!("{} changed.", count(outcome.changed));
    if outcome.same > 0 {
        told.push_str(&format!(
            " {} so before.",
            match outcome.same {
                1 => "1 was".into(),
                same => format!("{same} were"),
            }
        ));
    }
    let refused: usize = outcome.refused.iter().map(|(_, count)| count).sum();
    if let [(why, _), ..] = outcome.refused.as_slice() {
        told.push_str(&format!(" {} not: {why}", count(refused)));
    }
    Report {
        told,
        refused: outcome.refused.clone(),
        undo: (outcome.changed > 0).then(|| format!("/activities/{change}/undoing")),
        ..Report::default()
    }
}
