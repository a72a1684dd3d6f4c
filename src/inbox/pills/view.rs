//! Pills and their menus in words.

use super::form::{SnoozeForm, preset};
use super::model::{Found, Pill};
use super::screens::{Group, Item, Menu, Moment, PillButton};
use crate::conversations::model::{Conversation, Priority, Status};
use crate::inbox::model::Opened;
use crate::inbox::thread_view::title;
use crate::inbox::view::lines::{name, priority};
use crate::kit::access::{Access, Permission, WorkConversations};
use crate::kit::html::{Avatar, Tone, status_of_form};
use crate::kit::words;
use crate::labels::model::Label;
use crate::labels::view::tag;
use crate::users::directory::Person;
use chrono::Utc;

/// Labels that the header shows; the others are counted.
const TAGS: usize = 3;

/// The pills of an open thread.
pub fn buttons<P: Permission>(access: &Access<P>, opened: &Opened) -> Vec<PillButton> {
    let id = opened.conversation.id;
    let may_work = access.may::<WorkConversations>() && opened.conversation.status != Status::Archived;
    let button = |pill: Pill| {
        let href = may_work.then(|| format!("/conversations/{id}/{}", pill.word()));
        PillButton { href, key: key(pill), ..look(access, opened, pill) }
    };
    Pill::ALL.into_iter().map(button).collect()
}

fn key(pill: Pill) -> char {
    match pill {
        Pill::Owner => 'a',
        Pill::Team => 't',
        Pill::Status => 's',
        Pill::Priority => 'p',
        Pill::Labels => 'l',
    }
}

fn look<P: Permission>(access: &Access<P>, opened: &Opened, pill: Pill) -> PillButton {
    let conversation = &opened.conversation;
    let (icon, tone, label, hint) = match pill {
        Pill::Owner => match conversation.assignee_id.and_then(|id| name(&opened.people, id)) {
            Some(name) => ("user", Tone::Quiet, name.to_owned(), format!("Owner: {name}")),
            None => ("user-question", Tone::Warn, "Unassigned".into(), "Nobody has this yet".into()),
        },
        Pill::Team => match conversation.team_id.and_then(|id| name(&opened.teams, id)) {
            Some(name) => ("users-group", Tone::Quiet, name.to_owned(), format!("Team: {name}")),
            None => ("users-group", Tone::Quiet, "No team".into(), "It is no team's".into()),
        },
        Pill::Status => status(access, conversation),
        Pill::Priority => {
            let label = priority(conversation.priority);
            ("flag", urgency(conversation.priority), label.to_owned(), format!("Priority: {}", label.to_lowercase()))
        }
        Pill::Labels => return labels(&opened.tags),
    };
    PillButton { icon, tone, label, hint, ..PillButton::default() }
}

fn status<P: Permission>(access: &Access<P>, conversation: &Conversation) -> (&'static str, Tone, String, String) {
    let zone = access.who().time_zone;
    match (conversation.status, conversation.snoozed_until) {
        (Status::Open, _) => ("inbox", Tone::Accent, "Open".into(), "Status: open".into()),
        (Status::Snoozed, Some(until)) => {
            let until = words::moment(until, zone, Utc::now());
            ("zzz", Tone::Warn, format!("Until {}", until.text), format!("Snoozed until {}", until.exact))
        }
        (Status::Snoozed, None) => {
            ("zzz", Tone::Warn, "Until reply".into(), "Snoozed until the customer writes".into())
        }
        (Status::Resolved, _) => ("circle-check", Tone::Good, "Resolved".into(), "Status: resolved".into()),
        (Status::Archived, _) => ("archive", Tone::Quiet, "Archived".into(), "Status: archived".into()),
    }
}

pub fn urgency(priority: Priority) -> Tone {
    match priority {
        Priority::None | Priority::Low => Tone::Quiet,
        Priority::Medium => Tone::Busy,
        Priority::High => Tone::Warn,
        Priority::Urgent => Tone::Bad,
    }
}

fn labels(stuck: &[Label]) -> PillButton {
    let names: Vec<&str> = stuck.iter().map(|label| label.name.as_str()).collect();
    let others = stuck.len().saturating_sub(TAGS);
    PillButton {
        icon: "tag",
        label: match (stuck.is_empty(), others) {
            (true, _) => "Label".into(),
            (false, 0) => String::new(),
            (false, others) => format!("+{others}"),
        },
        hint: if stuck.is_empty() { "No labels".into() } else { format!("Labels: {}", names.join(", ")) },
        tags: stuck.iter().take(TAGS).map(tag).collect(),
        ..PillButton::default()
    }
}

/// The menu behind a pill.
pub fn menu<P: Permission>(access: &Access<P>, pill: Pill, found: &Found) -> Menu {
    let conversation = &found.conversation;
    let menu = Menu {
        conversation: title(access, &conversation.title),
        back_href: format!("/inbox/{}", conversation.id),
        action: format!("/conversations/{}/{}", conversation.id, pill.word()),
        key: key(pill),
        ..Menu::default()
    };
    match pill {
        Pill::Owner => Menu {
            heading: "Assign",
            search: Some("Find somebody"),
            seen: Some(conversation.assignee_id.map(|id| id.to_string()).unwrap_or_default()),
            groups: owners(access, found),
            ..menu
        },
        Pill::Team => Menu {
            heading: "Give to a team",
            search: Some("Find a team"),
            seen: Some(conversation.team_id.map(|id| id.to_string()).unwrap_or_default()),
            groups: teams(found),
            nothing: "There are no teams yet. An administrator makes them under Settings → Teams.",
            ..menu
        },
        Pill::Status => statuses(access, conversation, menu, SnoozeForm::default()),
        Pill::Priority => Menu {
            heading: "Priority",
            seen: Some(conversation.priority.word().into()),
            groups: vec![Group { label: "Priority".into(), options: priorities(conversation.priority) }],
            ..menu
        },
        Pill::Labels => Menu {
            heading: "Labels",
            search: Some("Find a label"),
            groups: all_labels(found),
            nothing: "There are no labels yet. An administrator makes them under Settings → Labels.",
            ..menu
        },
    }
}

/// The status menu with what was typed into it, and what is wrong with that.
pub fn rejected<P: Permission>(access: &Access<P>, found: &Found, form: SnoozeForm) -> Menu {
    let menu = menu(access, Pill::Status, found);
    statuses(access, &found.conversation, menu, form)
}

fn owners<P: Permission>(access: &Access<P>, found: &Found) -> Vec<Group> {
    let (owner, me) = (found.conversation.assignee_id, access.who().user);
    let item = |person: &Person| Item {
        name: "to",
        value: person.id.to_string(),
        label: person.name(),
        avatar: Some(Avatar::of(&person.name())),
        is_current: owner == Some(person.id),
        ..Item::default()
    };
    let mut first = Vec::new();
    if owner.is_none_or(|owner| owner.get() != me) {
        let label = "Take it yourself".into();
        first.push(Item { name: "to", value: me.to_string(), label, icon: "hand-stop", ..Item::default() });
    }
    if owner.is_some() {
        first.push(Item { name: "to", label: "Nobody".into(), icon: "user-off", ..Item::default() });
    }
    let (members, others): (Vec<&Person>, Vec<&Person>) =
        found.people.iter().partition(|person| found.members.contains(&person.id));
    let groups = [
        ("Quickly", first),
        ("In its team", members.into_iter().map(item).collect()),
        ("Everybody", others.into_iter().map(item).collect()),
    ];
    let groups = groups.map(|(label, options)| Group { label: label.into(), options });
    groups.into_iter().filter(|group| !group.options.is_empty()).collect()
}

fn teams(found: &Found) -> Vec<Group> {
    let current = found.conversation.team_id;
    let item = |team: &crate::teams::model::Team| Item {
        name: "to",
        value: team.id.to_string(),
        label: team.name.clone(),
        icon: "users-group",
        is_current: current == Some(team.id),
        ..Item::default()
    };
    let mut options: Vec<Item> = found.teams.iter().map(item).collect();
    if current.is_some() {
        options.insert(0, Item { name: "to", label: "No team".into(), icon: "user-off", ..Item::default() });
    }
    if options.is_empty() { Vec::new() } else { vec![Group { label: "Teams".into(), options }] }
}

fn priorities(current: Priority) -> Vec<Item> {
    let item = |one: &Priority| Item {
        name: "to",
        value: one.word().into(),
        label: priority(*one).into(),
        icon: "flag",
        is_current: *one == current,
        ..Item::default()
    };
    Priority::ALL.iter().rev().map(item).collect()
}

fn all_labels(found: &Found) -> Vec<Group> {
    let item = |label: &Label| {
        let is_stuck = found.stuck.contains(&label.id);
        Item {
            name: if is_stuck { "remove" } else { "add" },
            value: label.id.to_string(),
            label: label.name.clone(),
            tag: Some(tag(label)),
            is_current: is_stuck,
            ..Item::default()
        }
    };
    let options: Vec<Item> = found.labels.iter().map(item).collect();
    if options.is_empty() { Vec::new() } else { vec![Group { label: "Labels".into(), options }] }
}

fn statuses<P: Permission>(access: &Access<P>, conversation: &Conversation, menu: Menu, form: SnoozeForm) -> Menu {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let step = |label: &str, icon, noun: &str| Item {
        label: label.into(),
        icon,
        name: "step",
        action: Some(format!("/conversations/{}/{noun}", conversation.id)),
        ..Item::default()
    };
    let steps = match conversation.status {
        Status::Open => vec![step("Resolve", "circle-check", "resolution")],
        Status::Snoozed => {
            vec![step("Wake it now", "bell", "reopening"), step("Resolve", "circle-check", "resolution")]
        }
        Status::Resolved => vec![step("Re-open", "rotate", "reopening")],
        Status::Archived => Vec::new(),
    };
    let mut groups = vec![Group { label: "Status".into(), options: steps }];
    let may_snooze = matches!(conversation.status, Status::Open | Status::Snoozed);
    if may_snooze {
        let snooze = |(word, label, icon): (&str, &str, &'static str)| Item {
            name: "until",
            value: word.into(),
            label: label.into(),
            icon,
            detail: preset(word, zone, now).map(|at| words::moment(at, zone, now).text).unwrap_or_default(),
            ..Item::default()
        };
        let words = [
            ("hour", "In an hour", "clock"),
            ("tomorrow", "Tomorrow morning", "clock-hour-9"),
            ("week", "Next week", "calendar-week"),
            ("reply", "Until the customer writes", "message-circle"),
        ];
        groups.push(Group { label: "Snooze".into(), options: words.map(snooze).into() });
    }
    let is_wrong = !form.errors.is_empty();
    Menu {
        heading: "Status",
        action: format!("/conversations/{}/snooze", conversation.id),
        groups,
        moment: may_snooze.then(|| Moment {
            date: form.date,
            time: if form.time.is_empty() && !is_wrong { "09:00".into() } else { form.time },
            today: now.with_timezone(&zone).date_naive().to_string(),
            zone: zone.name().into(),
            is_wrong,
        }),
        problem: form.errors.of("date").map(str::to_owned),
        status: status_of_form(is_wrong),
        ..menu
    }
}
