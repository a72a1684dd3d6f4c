//! Cases in words.

use super::form::{CaseForm, Look, WordsForm};
use super::history::{CaseEvent, Step};
use super::model::{Case, Kind, State};
use super::people::Named;
use super::reading::{Found, Opened};
use super::screens::{CaseLine, Event, Index, KindChoice, New, PackageCard, Show};
use crate::customers::model::CustomerId;
use crate::gdpr::packages::model::is_there;
use crate::gdpr::view;
use crate::kit::access::{Access, EditPrivacy, Permission, Role};
use crate::kit::html::{Choice, Pill, Stat, Tone, status_of_form};
use crate::kit::page::Cursor;
use crate::kit::words;
use crate::tasks::model::{Task, TaskState};
use crate::users::directory::Person;
use crate::users::model::UserId;
use chrono::{NaiveDate, Utc};
use std::collections::HashMap;

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr";

pub fn today<P: Permission>(access: &Access<P>) -> NaiveDate {
    Utc::now().with_timezone(&access.who().time_zone).date_naive()
}

pub fn index<P: Permission>(access: &Access<P>, look: &Look, found: &Found) -> Index {
    let last = found.cases.last().filter(|_| found.has_more).map(|case| place(case, &look.state));
    let query = if look.state.is_empty() { String::new() } else { format!("state={}", look.state) };
    Index {
        sections: access.privacy_sections(HERE),
        may_edit: access.may::<EditPrivacy>(),
        stats: stats(found.counts),
        state: look.state.clone(),
        cases: found.cases.iter().map(|case| line(access, case, &found.customers, &found.users)).collect(),
        pages: view::pages(HERE, &query, &look.after, last),
    }
}

/// A case's place in its list, as the address of the next page has it.
fn place(case: &Case, state: &str) -> String {
    match (state, case.closed_at) {
        ("closed", Some(at)) => Cursor { at, id: case.id.get() }.to_string(),
        _ => format!("{}_{}", case.due_on, case.id),
    }
}

fn stats((pending, soon, overdue): (i64, i64, i64)) -> Vec<Stat> {
    let shown = |count: i64| if count >= 100 { "99+".to_owned() } else { count.to_string() };
    let stat = |label: &str, count: i64, detail: &str, icon, tone| Stat {
        label: label.into(),
        value: shown(count),
        detail: detail.into(),
        icon,
        tone: if count > 0 { tone } else { Tone::Quiet },
        href: None,
    };
    vec![
        stat("Pending", pending, "open or in progress", "mail-question", Tone::Quiet),
        stat("Due soon", soon, "within seven days", "clock-hour-4", Tone::Warn),
        stat("Overdue", overdue, "past their day", "alert-circle", Tone::Bad),
    ]
}

pub fn line<P: Permission>(
    access: &Access<P>,
    case: &Case,
    customers: &HashMap<CustomerId, Named>,
    users: &[(UserId, String)],
) -> CaseLine {
    let customer = case.customer_id.and_then(|id| customers.get(&id)).map(|customer| view::name(access, customer));
    CaseLine {
        href: format!("/gdpr/requests/{}", case.id),
        kind: kind_words(case.kind).0,
        icon: icon(case.kind),
        who: customer.unwrap_or_else(|| access.words(&case.requester)),
        due: due(case, today(access)),
        state: state(case.state),
        assignee: match case.assignee_id {
            Some(_) => view::user(users, case.assignee_id),
            None => "Nobody yet".into(),
        },
        received: view::day(case.received_on),
    }
}

pub fn due(case: &Case, today: NaiveDate) -> Pill {
    let days = case.days_left(today);
    let counted = |days: i64| words::counted(days, "day", "days");
    match (case.closed_at, days) {
        (Some(at), _) => Pill::new(Tone::Quiet, format!("Closed {}", at.format("%-d %b %Y"))),
        (None, ..=-1) => Pill::new(Tone::Bad, format!("Overdue by {}", counted(-days))),
        (None, 0) => Pill::new(Tone::Bad, "Due today"),
        (None, 1..=7) => Pill::new(Tone::Warn, format!("Due in {}", counted(days))),
        (None, _) => Pill::new(Tone::Quiet, format!("Due in {}", counted(days))),
    }
}

fn state(state: State) -> Pill {
    match state {
        State::Open => Pill::new(Tone::Accent, "Open"),
        State::InProgress => Pill::new(Tone::Busy, "In progress"),
        State::Done => Pill::new(Tone::Good, "Done"),
        State::Refused => Pill::new(Tone::Bad, "Refused"),
    }
}

/// (name, what it means)
pub fn kind_words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Access => ("Access", "They want to know or to take along what is held about them. Articles 15 and 20."),
        Kind::Erasure => ("Erasure", "They want to be forgotten. Article 17."),
        Kind::Rectification => ("Rectification", "Something about them is wrong. Article 16."),
        Kind::Restriction => ("Restriction", "Their data is to be kept and not used. Article 18."),
        Kind::Objection => ("Objection", "They object to what their data is used for. Article 21."),
    }
}

fn icon(kind: Kind) -> &'static str {
    match kind {
        Kind::Access => "file-zip",
        Kind::Erasure => "eraser",
        Kind::Rectification => "edit",
        Kind::Restriction => "hand-stop",
        Kind::Objection => "ban",
    }
}

/// Those who may work on cases, for a select.
fn assignees(people: &[Person], chosen: &str) -> Vec<Choice> {
    let may = people.iter().filter(|person| person.role == Role::TenantAdmin && person.is_active);
    let names: Vec<(String, String)> = may.map(|person| (person.id.to_string(), person.name())).collect();
    view::choices(Some("Nobody yet"), names.iter().map(|(id, name)| (id.clone(), name.as_str())), chosen)
}

pub fn new<P: Permission>(access: &Access<P>, people: &[Person], form: CaseForm) -> New {
    let kind = |kind: &Kind| {
        let (label, about) = kind_words(*kind);
        KindChoice { value: kind.word(), label, about, is_chosen: form.kind == kind.word() }
    };
    New {
        sections: access.privacy_sections(HERE),
        kinds: Kind::ALL.iter().map(kind).collect(),
        assignees: assignees(people, &form.assignee),
        customer: form.customer,
        requester: form.requester,
        details: form.details,
        received_on: form.received_on,
        errors: form.errors,
    }
}

pub fn show<P: Permission>(access: &Access<P>, opened: &Opened, rejected: Option<(&'static str, WordsForm)>) -> Show {
    let case = &opened.case;
    let status = status_of_form(rejected.is_some());
    let (refused, form) = rejected.unwrap_or_default();
    let customer = opened.customer.as_ref().map(|named| HashMap::from([(named.id, named.clone())]));
    let chosen = case.assignee_id.map(|id| id.to_string()).unwrap_or_default();
    Show {
        sections: access.privacy_sections(HERE),
        id: case.id.to_string(),
        kind: kind_words(case.kind).0,
        kind_word: case.kind.word(),
        may_edit: access.may::<EditPrivacy>(),
        is_closed: case.is_closed(),
        is_begun: case.state != State::Open,
        state: state(case.state),
        due: due(case, today(access)),
        requester: access.words(&case.requester),
        details: case.details.as_deref().map(|words| access.words(words)),
        customer: customer.zip(case.customer_id).map(|(known, id)| view::link(access, &known, id)),
        customer_id: case.customer_id.map(|id| id.to_string()).unwrap_or_default(),
        received: view::day(case.received_on),
        due_on: view::day(case.due_on),
        extension: case.extension_reason.as_deref().map(|words| access.words(words)),
        outcome: case.outcome.as_deref().map(|words| access.words(words)),
        assignee: case.assignee_id.map_or_else(|| "Nobody yet".into(), |id| view::user(&opened.users, Some(id))),
        assignees: assignees(&opened.people, &chosen),
        package: opened.package.as_ref().map(|task| package(access, task)),
        erasure_href: opened.erasure.map(|id| format!("/gdpr/erasures/{id}")),
        history: opened.history.iter().map(|event| history(access, event, &opened.users)).collect(),
        refused,
        typed: form.words,
        problem: form.errors.of("words").map(str::to_owned),
        status,
    }
}

fn package<P: Permission>(access: &Access<P>, task: &Task) -> PackageCard {
    let until = task.file_expires_at.filter(|_| is_there(task));
    let (state, words) = match (task.state, until) {
        (TaskState::Queued, _) => (Pill::new(Tone::Quiet, "Waits its turn"), String::new()),
        (TaskState::Running, _) => {
            let so_far = words::counted(task.done, "message", "messages");
            (Pill::new(Tone::Busy, "Being made"), format!("{so_far} so far."))
        }
        (TaskState::Completed, Some(_)) => (Pill::new(Tone::Good, "Ready"), String::new()),
        (TaskState::Completed, None) => {
            (Pill::new(Tone::Quiet, "Time is up"), "Make it again where it is needed.".into())
        }
        (TaskState::Failed, _) => (Pill::new(Tone::Bad, "Failed"), task.error_message.clone().unwrap_or_default()),
        (TaskState::Cancelled, _) => (Pill::new(Tone::Quiet, "Cancelled"), String::new()),
    };
    PackageCard {
        state,
        words,
        is_going_on: !task.is_over(),
        task_href: format!("/tasks/{}", task.id),
        until: until.map(|at| words::moment(at, access.who().time_zone, Utc::now())),
    }
}

fn history<P: Permission>(access: &Access<P>, event: &CaseEvent, users: &[(UserId, String)]) -> Event {
    let (what, icon) = match event.step {
        Step::Opened => ("opened the request", "mail-question"),
        Step::Identified => ("said which customer it is about", "user-check"),
        Step::Assigned => ("gave it to", "user"),
        Step::Noted => ("wrote", "file-text"),
        Step::Started => ("began to work on it", "player-play"),
        Step::Extended => ("extended it by two months", "calendar-plus"),
        Step::Packaged => ("asked for the file", "file-zip"),
        Step::Downloaded => ("fetched the file", "download"),
        Step::Erased => ("had the customer erased", "eraser"),
        Step::Restricted => ("restricted the use of the data", "hand-stop"),
        Step::Done => ("closed it as done", "circle-check"),
        Step::Refused => ("refused it", "ban"),
        Step::Reopened => ("re-opened it", "arrow-back-up"),
    };
    Event {
        at: words::when(event.created_at, access.who().time_zone, Utc::now()),
        who: view::user(users, event.user_id),
        what,
        icon,
        words: event.words.as_deref().map(|words| access.words(words)),
    }
}
