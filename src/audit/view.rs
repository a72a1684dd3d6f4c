//! Entries as the page shows them: rows become sentences and differences.

use super::form::{FilterForm, RetentionForm, value};
use super::model::{AuditEntry, Found};
use super::retention::{self, CHOICES};
use super::screens::{Day, Exports, FilterFields, Index, Keeping, Line};
use super::telling::{self, what, who};
use super::vocabulary::{self, ACTIONS, ENTITIES};
use crate::kit::access::{Access, EditAudit, ExportAudit, Permission, ViewAddresses};
use crate::kit::actor::ActorKind;
use crate::kit::html::{Avatar, Choice, Fact, status_of_form};
use crate::kit::masks::masked;
use crate::kit::words;
use actix_web::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// Its place among the pages of Settings.
pub const HERE: &str = "/audit";

/// What the page shows besides entries.
#[derive(Debug, Default)]
pub struct Around {
    /// Whoever may have done something, by name.
    pub people: Vec<(Uuid, String)>,
    pub kept_days: Option<u32>,
}

pub fn index<P: Permission>(
    access: &Access<P>,
    form: &FilterForm,
    around: &Around,
    found: Found,
    has_more: bool,
) -> Index {
    let last = found.entries.last().map(|entry| entry.id.to_string()).filter(|_| has_more);
    let exports = access.may::<ExportAudit>().then(|| Exports {
        csv_href: form.href("/audit/export", &[("format", "csv")]),
        jsonl_href: form.href("/audit/export", &[("format", "jsonl")]),
    });
    Index {
        sections: access.settings(HERE),
        filter: filter(form, &around.people),
        days: days(access, found),
        older_href: last.map(|last| form.href(HERE, &[("after", &last)])),
        newest_href: (!form.after.is_empty()).then(|| form.href(HERE, &[])),
        exports,
        kept: retention::in_words(around.kept_days),
        keeping: access.may::<EditAudit>().then(|| Keeping { choices: times(&value(around.kept_days)), error: None }),
        status: status_of_form(!form.errors.is_empty()),
    }
}

/// Puts back what was chosen, and says why it was refused.
pub fn reject(screen: &mut Index, form: &RetentionForm) {
    screen.status = StatusCode::UNPROCESSABLE_ENTITY;
    let error = form.errors.of("days").map(str::to_owned);
    screen.keeping = Some(Keeping { choices: times(&form.days), error });
}

fn times(chosen: &str) -> Vec<Choice> {
    let offered = CHOICES.iter().map(|(days, label)| (value(*days), (*label).to_owned()));
    choices(offered, chosen)
}

fn filter(form: &FilterForm, people: &[(Uuid, String)]) -> FilterFields {
    let kinds = ActorKind::ALL.iter().filter(|kind| **kind != ActorKind::User);
    let kinds = kinds.map(|kind| (kind.word().to_owned(), kind_name(*kind).to_owned()));
    let people = people.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let actions = ACTIONS.iter().map(|(word, label)| ((*word).to_owned(), (*label).to_owned()));
    let entities = ENTITIES.iter().map(|(word, _, label)| ((*word).to_owned(), (*label).to_owned()));
    let all = |label: &str| std::iter::once((String::new(), label.to_owned()));
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    FilterFields {
        actors: choices(all("Anybody").chain(people).chain(kinds), &form.by),
        actions: choices(all("Anything").chain(by_label(actions)), &form.action),
        entities: choices(all("Everything").chain(by_label(entities)), &form.entity),
        row: form.row.clone(),
        from: form.from.clone(),
        to: form.to.clone(),
        is_wrong: !form.errors.is_empty(),
        is_used: !form.href("", &[]).is_empty(),
        by_error: error("by"),
        action_error: error("action"),
        entity_error: error("entity"),
        row_error: error("row"),
        from_error: error("from"),
        to_error: error("to"),
        problem: error("after"),
    }
}

fn by_label(choices: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut choices: Vec<_> = choices.collect();
    choices.sort_by_key(|(_, label)| label.to_lowercase());
    choices
}

/// What was chosen is among them even if nobody knows it.
fn choices(offered: impl Iterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): (String, String)| Choice { is_chosen: value == chosen, value, label };
    let mut choices: Vec<Choice> = offered.map(choice).collect();
    if choices.iter().all(|choice| !choice.is_chosen) {
        let label = vocabulary::label(chosen);
        choices.push(Choice { value: chosen.to_owned(), label, is_chosen: true });
    }
    choices
}

fn days<P: Permission>(access: &Access<P>, found: Found) -> Vec<Day> {
    let zone = access.who().time_zone;
    let today = Utc::now().with_timezone(&zone).date_naive();
    let hides = !access.may::<ViewAddresses>();
    let mut days: Vec<(NaiveDate, Day)> = Vec::new();
    for entry in found.entries {
        let date = entry.created_at.with_timezone(&zone).date_naive();
        if days.last().is_none_or(|(last, _)| *last != date) {
            days.push((date, Day { name: words::day(date, today), lines: Vec::new() }));
        }
        if let Some((_, day)) = days.last_mut() {
            day.lines.push(line(entry, &found.names, zone, hides));
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

/// `hides`: the reader sees addresses masked.
pub fn line(entry: AuditEntry, names: &HashMap<Uuid, String>, zone: Tz, hides: bool) -> Line {
    let who = who(&entry, names);
    let is_person = matches!(entry.actor_kind, ActorKind::User | ActorKind::ApiToken) && entry.actor_id.is_some();
    let seen = |value: Option<Value>| if hides { value.map(masked) } else { value };
    let row_href =
        entry.entity_id.map(|id| FilterForm { row: id.to_string(), ..FilterForm::default() }.href(HERE, &[]));
    Line {
        id: entry.id.to_string(),
        avatar: is_person.then(|| Avatar::of(&who)),
        icon: icon(entry.actor_kind),
        what: what(&entry, names),
        at: words::time_of_day(entry.created_at, zone),
        ip: entry.ip_address.clone(),
        request: entry.request_id.map(|id| id.to_string().chars().take(8).collect()),
        facts: facts(&entry, &who, entry.created_at, zone),
        page_href: page_href(&entry),
        changes: telling::changes(seen(entry.before), seen(entry.after), names),
        row_href,
        who,
    }
}

fn kind_name(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "Users",
        ActorKind::Support => "Support (platform)",
        ActorKind::Job => "Jobs",
        ActorKind::ApiToken => "API tokens",
        ActorKind::Webhook => "WhatsApp gateway",
        ActorKind::Desk => "The desk itself",
    }
}

fn icon(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::User => "user",
        ActorKind::Support => "lifebuoy",
        ActorKind::Job => "clock-hour-4",
        ActorKind::ApiToken => "key",
        ActorKind::Webhook => "webhook",
        ActorKind::Desk => "building",
    }
}

fn facts(entry: &AuditEntry, who: &str, at: DateTime<Utc>, zone: Tz) -> Vec<Fact> {
    let fact = |label, value: Option<String>| value.map(|value| Fact { label, value });
    let via = match entry.actor_kind {
        ActorKind::Support => "Access granted",
        _ => "API token",
    };
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let facts = [
        fact("When", Some(words::time_of_day(at, zone).exact)),
        fact("Who", Some(who.to_owned())),
        fact(via, id(entry.via)),
        fact("Address", entry.ip_address.clone()),
        fact("Request", id(entry.request_id)),
        fact("Kind of row", Some(vocabulary::label(&entry.entity))),
        fact("Row", id(entry.entity_id)),
    ];
    facts.into_iter().flatten().collect()
}

/// Where the row can be seen itself.
fn page_href(entry: &AuditEntry) -> Option<String> {
    let id = entry.entity_id?;
    match &*entry.entity {
        "conversations" => Some(format!("/inbox/{id}")),
        "calls" if entry.action != "deleted" => Some(format!("/calls/{id}")),
        "users" => Some(format!("/settings/users/{id}")),
        "teams" => Some(format!("/settings/teams/{id}")),
        "user_sessions" => Some("/settings/sessions".into()),
        "waha_sessions" if entry.action != "deleted" => Some("/settings/numbers".into()),
        _ => None,
    }
}
