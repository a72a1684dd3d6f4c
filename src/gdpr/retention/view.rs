//! Rules in words.

use super::form::RuleForm;
use super::model::{Action, Rule};
use super::screens::{Index, PreviewCard, RuleLine, Show};
use super::whom::COUNTED;
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::gdpr::cases::people::Named;
use crate::gdpr::view;
use crate::kit::access::{Access, EditPrivacy, Permission};
use crate::kit::html::{Choice, Pill, Tone, status_of_form};
use crate::kit::words;
use chrono::Utc;
use std::collections::HashMap;
use uuid::Uuid;

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr/retention";

/// What the page of one rule shows besides its form.
#[derive(Debug, Default)]
pub struct Found {
    pub rule: Option<Rule>,
    pub is_first: bool,
    pub labels: Vec<(Uuid, String)>,
    /// How many it would meet, and the first of them.
    pub preview: Option<(usize, Vec<CustomerId>)>,
    pub customers: HashMap<CustomerId, Named>,
}

pub fn index<P: Permission>(
    access: &Access<P>,
    rules: &[Rule],
    labels: &[(Uuid, String)],
    problem: Option<String>,
) -> Index {
    let line = |(at, rule): (usize, &Rule)| line(access, rule, labels, at == 0);
    Index {
        sections: access.privacy_sections(HERE),
        may_edit: access.may::<EditPrivacy>(),
        has_active: rules.iter().any(|rule| rule.is_active),
        rules: rules.iter().enumerate().map(line).collect(),
        status: status_of_form(problem.is_some()),
        problem,
    }
}

pub fn show<P: Permission>(access: &Access<P>, found: &Found, form: RuleForm) -> Show {
    let any = |label: &str, chosen: &str, offered: Vec<(String, String)>| {
        let offered = offered.iter().map(|(value, label)| (value.clone(), label.as_str()));
        view::choices(Some(label), offered, chosen)
    };
    let types = CustomerType::ALL.iter().map(|kind| (kind.word().to_owned(), capital(kind.word()))).collect();
    let states = CustomerState::ALL.iter().filter(|state| **state != CustomerState::Erased);
    let states = states.map(|state| (state.word().to_owned(), capital(state.word()))).collect();
    let labels = found.labels.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    Show {
        sections: access.privacy_sections(HERE),
        may_edit: access.may::<EditPrivacy>(),
        rule: found.rule.as_ref().map(|rule| line(access, rule, &found.labels, found.is_first)),
        name: form.name,
        actions: Action::ALL.iter().map(|action| choice(*action, &form.action)).collect(),
        types: any("Any type", &form.customer_type, types),
        states: any("Any state", &form.state, states),
        labels: any("With or without labels", &form.label, labels),
        idle_days: form.idle_days,
        preview: found.preview.as_ref().map(|preview| preview_card(access, found, preview)),
        errors: form.errors,
    }
}

fn choice(action: Action, chosen: &str) -> Choice {
    let label = match action {
        Action::Archive => "Archive: out of the lists, can be restored",
        Action::Delete => "Delete: can be restored",
        Action::Erase => "Erase: for good, with their messages",
    };
    Choice::of(action.word(), label, chosen)
}

fn preview_card<P: Permission>(
    access: &Access<P>,
    found: &Found,
    (count, met): &(usize, Vec<CustomerId>),
) -> PreviewCard {
    let shown = (*count).min(COUNTED) as i64;
    let counted = words::counted(shown, "customer", "customers");
    PreviewCard {
        count: if *count > COUNTED { format!("more than {counted}") } else { counted },
        is_nobody: *count == 0,
        sample: met.iter().map(|id| view::link(access, &found.customers, *id)).collect(),
        has_more: *count > met.len(),
    }
}

fn line<P: Permission>(access: &Access<P>, rule: &Rule, labels: &[(Uuid, String)], is_first: bool) -> RuleLine {
    let (verb, icon) = match rule.action {
        Action::Archive => ("Archives", "archive"),
        Action::Delete => ("Deletes", "trash"),
        Action::Erase => ("Erases", "eraser"),
    };
    let state = rule.state.map(|state| format!("{} ", state.word())).unwrap_or_default();
    let kind = rule.customer_type.map(|kind| format!("{} ", kind.word())).unwrap_or_default();
    let label = rule.label_id.map(|id| match labels.iter().find(|(known, _)| *known == id) {
        Some((_, name)) => format!(" labelled “{name}”"),
        None => " with a label that was removed".into(),
    });
    let days = words::counted(rule.idle_days.into(), "day", "days");
    RuleLine {
        id: rule.id.to_string(),
        name: rule.name.clone(),
        words: format!("{verb} {state}{kind}customers{} after {days} without contact", label.unwrap_or_default()),
        icon,
        state: if rule.is_active { Pill::new(Tone::Good, "On") } else { Pill::new(Tone::Quiet, "Off") },
        is_active: rule.is_active,
        is_first,
        last_run: rule.last_run_at.map(|at| words::when(at, access.who().time_zone, Utc::now())),
        last_count: words::counted(rule.last_count.into(), "customer", "customers"),
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
