//! Customers as their pages show them.

pub mod fields;
mod filled;
pub mod timeline;

pub use filled::{filled, form};

use super::form::AddressForm;
use super::record::Found;
use super::screens::{Address, Older, Show, StateLine, Step, Thread, Value};
use super::timeline::Window;
use crate::conversations::listing::Brief;
use crate::conversations::model::{self as conversations, Status};
use crate::customers::attributes::{AttributeKind, Definition, typed};
use crate::customers::changes::Record;
use crate::customers::model::{
    self as customers, CustomerId, CustomerState, CustomerType, Identity, IdentityKind, UNKNOWN,
};
use crate::customers::states::CUSTOMER_CHANGED;
use crate::kit::access::{Access, DeleteCustomers, EditCustomers, Permission, ViewAddresses, ViewPrivacy};
use crate::kit::html::{Avatar, Fact, Pill, Tone};
use crate::kit::locales::LOCALES;
use crate::kit::page::Cursor;
use crate::kit::words;
use crate::labels::view::tag;
use crate::users::model::UserId;
use actix_web::http::StatusCode;
use chrono::Utc;

pub const HERE: &str = "/customers";

/// The live events of a customer's change; threads bear the customer's name.
pub fn told(id: CustomerId) -> [String; 3] {
    [CUSTOMER_CHANGED.into(), format!("{CUSTOMER_CHANGED}:{id}"), conversations::CHANGED.into()]
}

/// What a customer is called: our own record, then WhatsApp's name, then an address.
pub fn name<P: Permission>(access: &Access<P>, record: &Record) -> String {
    let name = customers::name(&record.first_name, &record.last_name, &record.display_name);
    match (name, &record.phone, &record.email) {
        (Some(name), ..) => access.words(&name),
        (None, Some(digits), _) => access.phone(digits),
        (None, None, Some(address)) => access.email(address),
        (None, None, None) => UNKNOWN.into(),
    }
}

pub fn kind(kind: CustomerType) -> Pill {
    match kind {
        CustomerType::Regular => Pill::new(Tone::Good, "Regular"),
        CustomerType::Unregistered => Pill::new(Tone::Quiet, "Unregistered"),
        CustomerType::New => Pill::new(Tone::Accent, "New"),
        CustomerType::Anonymous => Pill::new(Tone::Quiet, "Anonymous"),
    }
}

pub fn state(state: CustomerState) -> Pill {
    match state {
        CustomerState::Active => Pill::new(Tone::Good, "Active"),
        CustomerState::Suspended => Pill::new(Tone::Warn, "Suspended"),
        CustomerState::Archived => Pill::new(Tone::Quiet, "Archived"),
        CustomerState::Deleted => Pill::new(Tone::Bad, "Deleted"),
        CustomerState::Erased => Pill::new(Tone::Bad, "Erased"),
    }
}

/// The page of a customer with that part of the timeline.
pub fn show<P: Permission>(access: &Access<P>, found: &Found, window: Window, was_saved: bool) -> Show {
    let record = &found.record;
    let href = format!("{HERE}/{}", record.id);
    let name = name(access, record);
    let is_deleted = record.deleted_at.is_some();
    let may_edit = access.may::<EditCustomers>() && !is_deleted;
    let last = found.happenings.last().filter(|_| found.has_older);
    let older = last.map(|last| Cursor { at: last.at, id: last.id }.to_string());
    let goes_on = match window {
        Window::Before(cursor) if access.target() == Some("timeline_older") => Some(cursor.at),
        _ => None,
    };
    Show {
        sections: access.customer_sections(HERE),
        id: record.id.to_string(),
        avatar: Avatar::of(&name),
        pills: pills(record.customer_type, record.restricted_at.is_some(), &found.conversations),
        state: state(record.state),
        labels: found.labels.iter().map(tag).collect(),
        facts: facts(access, found),
        values: values(access, found),
        note: found.opened.note.as_deref().map(|note| access.words(note)),
        addresses: found.identities.iter().map(|identity| address(access, &href, identity, may_edit)).collect(),
        threads: found.conversations.iter().map(|thread| self::thread(access, thread, &found.people)).collect(),
        states: states(access, found),
        steps: if access.may::<EditCustomers>() { steps(access, record.state) } else { Vec::new() },
        days: timeline::days(access, &found.happenings, &found.people, &name, goes_on),
        older: older.map(|cursor| Older { href: format!("{href}?before={cursor}"), cursor }),
        may_edit,
        may_delete: access.may::<DeleteCustomers>(),
        is_deleted,
        may_see_privacy: access.may::<ViewPrivacy>(),
        merged_href: record.merged_into_id.map(|other| format!("{HERE}/{other}")),
        was_saved,
        name,
        href,
        ..Show::default()
    }
}

/// The page with an address that was refused.
pub fn address_rejected<P: Permission>(access: &Access<P>, found: &Found, form: &AddressForm) -> Show {
    Show {
        address: form.address.clone(),
        address_error: form.errors.iter().next().map(|(_, why)| why.to_owned()),
        status: StatusCode::UNPROCESSABLE_ENTITY,
        ..show(access, found, Window::Newest, false)
    }
}

/// Type, first contact, restricted; `threads` are those that the reader may see.
pub fn pills(customer_type: CustomerType, is_restricted: bool, threads: &[Brief]) -> Vec<Pill> {
    let is_first = customer_type == CustomerType::New && threads.len() <= 1;
    let is_fresh = is_first && !threads.iter().any(|thread| thread.status == Status::Resolved);
    let first = is_fresh.then(|| Pill::new(Tone::Accent, "First contact"));
    let restricted = is_restricted.then(|| Pill::new(Tone::Warn, "Restricted"));
    [Some(kind(customer_type)), first, restricted].into_iter().flatten().collect()
}

fn facts<P: Permission>(access: &Access<P>, found: &Found) -> Vec<Fact> {
    let (record, zone, now) = (&found.record, access.who().time_zone, Utc::now());
    let moment = |at| words::when(at, zone, now).text;
    let language = record.locale.as_deref().and_then(|tag| LOCALES.iter().find(|(known, _)| *known == tag));
    let facts = [
        ("Phone", record.phone.as_deref().map(|digits| access.phone(digits))),
        ("Email", record.email.as_deref().map(|address| access.email(address))),
        ("Company", record.company.as_deref().map(|name| access.words(name))),
        ("WhatsApp name", record.display_name.as_deref().map(|name| access.words(name))),
        ("Language", language.map(|(_, name)| (*name).to_owned())),
        ("Time zone", record.time_zone.clone()),
        ("External id", record.external_id.clone()),
        ("Last wrote", record.last_seen_at.map(moment)),
        ("Customer since", Some(moment(record.created_at))),
    ];
    facts.into_iter().filter_map(|(label, value)| value.map(|value| Fact { label, value })).collect()
}

/// Sensitive values are for those who may see addresses.
fn values<P: Permission>(access: &Access<P>, found: &Found) -> Vec<Value> {
    let open = found.record.values();
    let value = |field: &Definition| {
        let known = if field.is_sensitive { found.opened.sensitive.get(&field.key) } else { open.get(&field.key) };
        let text = typed(known?);
        let is_hidden = field.is_sensitive && !access.may::<ViewAddresses>();
        Some(Value {
            label: field.name.clone(),
            href: (field.kind == AttributeKind::Link && !is_hidden && access.words(&text) == text)
                .then(|| text.clone()),
            text: if is_hidden { "•••".into() } else { access.words(&text) },
            is_sensitive: field.is_sensitive,
        })
    };
    found.definitions.iter().filter_map(value).collect()
}

fn address<P: Permission>(access: &Access<P>, href: &str, identity: &Identity, may_edit: bool) -> Address {
    let (kind, icon, value) = match identity.kind {
        IdentityKind::Phone => ("Phone", "phone", access.phone(&identity.value)),
        IdentityKind::Email => ("Email", "mail", access.email(&identity.value)),
        IdentityKind::ChatId => ("WhatsApp chat", "brand-whatsapp", chat(access, &identity.value)),
        IdentityKind::Lid => ("WhatsApp, hidden number", "brand-whatsapp", chat(access, &identity.value)),
    };
    let when = words::when(identity.learnt_at, access.who().time_zone, Utc::now()).text;
    Address {
        kind,
        icon,
        value,
        learnt: format!("{} · {when}", source(&identity.source)),
        is_primary: identity.is_primary,
        is_verified: identity.is_verified,
        removal: (may_edit && !identity.is_primary).then(|| format!("{href}/addresses/{}/removal", identity.id)),
    }
}

/// A chat's id begins with the phone.
fn chat<P: Permission>(access: &Access<P>, id: &str) -> String {
    match id.split_once('@') {
        Some((digits, at)) if !access.may::<ViewAddresses>() => format!("{}@{at}", words::masked_phone(digits)),
        _ => id.to_owned(),
    }
}

fn source(word: &str) -> String {
    match word {
        "message" => "From a message".into(),
        "form" => "Typed in".into(),
        "import" => "From an import".into(),
        "api" => "From a program".into(),
        "lookup" | "whatsapp" => "From WhatsApp".into(),
        "merge" => "From a merged customer".into(),
        other => other.to_owned(),
    }
}

fn thread<P: Permission>(access: &Access<P>, thread: &Brief, people: &[(UserId, String)]) -> Thread {
    Thread {
        href: format!("/inbox/{}", thread.id),
        state: match thread.status {
            Status::Open => Pill::new(Tone::Accent, "Open"),
            Status::Snoozed => Pill::new(Tone::Warn, "Snoozed"),
            Status::Resolved => Pill::new(Tone::Good, "Resolved"),
            Status::Archived => Pill::new(Tone::Quiet, "Archived"),
        },
        preview: access.words(thread.last_message_preview.as_deref().unwrap_or_default()),
        when: words::when(thread.last_message_at.unwrap_or(thread.created_at), access.who().time_zone, Utc::now()),
        assignee: thread.assignee.and_then(|id| called(people, id)).unwrap_or_default(),
    }
}

pub(super) fn called(people: &[(UserId, String)], user: UserId) -> Option<String> {
    people.iter().find(|(id, _)| *id == user).map(|(_, name)| name.clone())
}

fn states<P: Permission>(access: &Access<P>, found: &Found) -> Vec<StateLine> {
    let line = |change: &crate::customers::states::StateChange| StateLine {
        text: match change.old_state {
            None => "Made".into(),
            Some(old) => format!("{} → {}", state(old).label, state(change.new_state).label),
        },
        reason: access.words(change.reason.as_deref().unwrap_or_default()),
        when: words::when(change.created_at, access.who().time_zone, Utc::now()),
        by: change.user_id.and_then(|id| called(&found.people, id)).unwrap_or_else(|| "The desk".into()),
    };
    found.states.iter().map(line).collect()
}

fn steps<P: Permission>(access: &Access<P>, now: CustomerState) -> Vec<Step> {
    let step = |next: &CustomerState| {
        let (verb, icon, about) = match (now, next) {
            (CustomerState::Deleted, _) => ("Restore", "restore", "Back in the lists, with addresses and labels."),
            (_, CustomerState::Active) => ("Activate", "player-play", "In use again."),
            (_, CustomerState::Suspended) => ("Suspend", "player-pause", "Nobody writes to them until then."),
            (_, CustomerState::Archived) => ("Archive", "archive", "Out of the way, and found by search."),
            _ => ("Delete", "trash", "Out of the lists; can be restored."),
        };
        Step { state: next.word(), verb, icon, about, is_destructive: *next == CustomerState::Deleted }
    };
    let wants_right = |next: &&CustomerState| now == CustomerState::Deleted || **next == CustomerState::Deleted;
    let may = |next: &&CustomerState| access.may::<DeleteCustomers>() || !wants_right(next);
    now.next().iter().filter(may).map(step).collect()
}
