//! Notifications in words.

use super::form::Look;
use super::model::Kind;
use super::reading::{Notification, place};
use super::screens::{Bell, Index, Line};
use crate::kit::access::{Access, Permission};
use crate::kit::words;
use chrono::Utc;

pub const HERE: &str = "/notifications";

pub fn index<P: Permission>(
    access: &Access<P>,
    look: &Look,
    found: &[Notification],
    has_more: bool,
    unread: i32,
) -> Index {
    let show = if look.is_unread() { "" } else { "all" };
    let href = |after: Option<String>| match (show, after) {
        ("", None) => HERE.to_owned(),
        (show, None) => format!("{HERE}?show={show}"),
        (show, Some(after)) => format!("{HERE}?show={show}&after={after}"),
    };
    Index {
        user: access.who().user.to_string(),
        is_unread: look.is_unread(),
        badge: words::badge(unread),
        lines: found.iter().map(|one| line(access, one)).collect(),
        older_href: found.last().filter(|_| has_more).map(|last| href(Some(place(last).to_string()))),
        refresh_href: href(look.after.map(|after| after.to_string())),
    }
}

pub fn bell<P: Permission>(access: &Access<P>, newest: &[Notification], unread: i32) -> Bell {
    let badge = words::badge(unread);
    Bell {
        unread,
        label: match (&badge, unread) {
            (None, _) => "No unread notifications".into(),
            (Some(_), 1) => "1 unread notification".into(),
            (Some(badge), _) => format!("{badge} unread notifications"),
        },
        badge,
        lines: newest.iter().map(|one| Line { reading: None, ..line(access, one) }).collect(),
    }
}

/// What it is about.
pub fn subject_href(one: &Notification) -> String {
    match one.kind {
        Kind::NewMessage | Kind::Mention | Kind::Assignment => format!("/inbox/{}", one.subject_id),
        Kind::MissedCall => format!("/calls/{}", one.subject_id),
        Kind::NumberTrouble => "/settings/numbers".into(),
        Kind::TaskDone => format!("/tasks/{}", one.subject_id),
    }
}

fn line<P: Permission>(access: &Access<P>, one: &Notification) -> Line {
    // A title may be a bare phone number.
    let digits = one.title.strip_prefix('+').filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    let name = digits.map_or_else(|| access.words(&one.title), |digits| access.phone(digits));
    let name = if name.is_empty() { "Somebody".to_owned() } else { name };
    let (icon, text, detail) = match one.kind {
        Kind::NewMessage if one.count > 1 => {
            ("message-2-down", format!("{} new messages from {name}", one.count), "In one of your conversations")
        }
        Kind::NewMessage => ("message-2-down", format!("New message from {name}"), "In one of your conversations"),
        Kind::Mention => ("at", format!("You were named in the conversation with {name}"), "In a note"),
        Kind::Assignment => ("user-check", format!("The conversation with {name} is yours now"), "It was given to you"),
        Kind::MissedCall => ("phone-x", format!("Missed call from {name}"), "Nobody has called back yet"),
        Kind::NumberTrouble => ("alert-triangle", format!("{name} stopped working"), "Messages wait until it is back"),
        Kind::TaskDone if one.state == "failed" => ("alert-circle", format!("{name}: failed"), "Background work"),
        Kind::TaskDone => ("circle-check", format!("{name}: done"), "Background work"),
    };
    let is_bad = matches!(one.kind, Kind::MissedCall | Kind::NumberTrouble) || one.state == "failed";
    Line {
        href: format!("{HERE}/{}", one.id),
        is_unread: one.read_at.is_none(),
        reading: one.read_at.is_none().then(|| format!("{HERE}/{}/reading", one.id)),
        icon,
        tone: if is_bad { "tone-bad" } else { "tone-accent" },
        text,
        detail,
        when: words::when(one.updated_at, access.who().time_zone, Utc::now()),
    }
}
