//! How the desk's pages name customers and users.

use super::cases::people::Named;
use super::customers::model::Known;
use super::screens::{CustomerHead, CustomerLink, Pages, Tab};
use crate::customers::model::{CustomerId, CustomerState};
use crate::kit::access::{Access, Permission, ViewPrivacy};
use crate::kit::html::{Avatar, Choice, Pill, Tone, When};
use crate::users::model::UserId;
use chrono::NaiveDate;
use std::collections::HashMap;

pub fn name<P: Permission>(access: &Access<P>, customer: &Named) -> String {
    match (customer.state, customer.name(), &customer.phone, &customer.email) {
        (CustomerState::Erased, ..) => "Erased person".into(),
        (_, Some(name), ..) => access.words(&name),
        (_, None, Some(phone), _) => access.phone(phone),
        (_, None, None, Some(email)) => access.email(email),
        _ => "Unknown".into(),
    }
}

pub fn link<P: Permission>(access: &Access<P>, customers: &HashMap<CustomerId, Named>, id: CustomerId) -> CustomerLink {
    let name = customers.get(&id).map_or_else(|| "Unknown".to_owned(), |customer| name(access, customer));
    CustomerLink { avatar: Avatar::of(&name), href: format!("/customers/{id}/privacy"), name }
}

pub fn head<P: Permission>(access: &Access<P>, known: &Known, current: &str) -> CustomerHead {
    let customer = &known.customer;
    let name = name(access, customer);
    let id = customer.id.to_string();
    let phone = customer.phone.as_deref().map(|digits| access.phone(digits));
    let email = customer.email.as_deref().map(|email| access.email(email));
    let tab = |label: &'static str, part: &str| Tab {
        label,
        href: format!("/customers/{id}/{part}"),
        is_current: part == current,
    };
    let mut tabs = vec![tab("Consents", "consents")];
    if access.may::<ViewPrivacy>() {
        tabs.extend([tab("Privacy", "privacy"), tab("Who saw this", "accesses")]);
    }
    CustomerHead {
        sections: access.customer_sections("/customers"),
        avatar: Avatar::of(&name),
        detail: phone.into_iter().chain(email).collect::<Vec<_>>().join(" · "),
        pills: pills(known),
        tabs,
        name,
        id,
    }
}

fn pills(known: &Known) -> Vec<Pill> {
    let state = match known.customer.state {
        CustomerState::Active => None,
        CustomerState::Deleted => Some(Pill::new(Tone::Quiet, "Deleted")),
        CustomerState::Suspended => Some(Pill::new(Tone::Warn, "Suspended")),
        CustomerState::Archived => Some(Pill::new(Tone::Quiet, "Archived")),
        CustomerState::Erased => Some(Pill::new(Tone::Quiet, "Erased")),
    };
    let restricted = known.restricted_at.is_some().then(|| Pill::new(Tone::Warn, "Restricted"));
    let held = known.is_held.then(|| Pill::new(Tone::Accent, "Legal hold"));
    state.into_iter().chain(restricted).chain(held).collect()
}

/// The name of a user who may have left.
pub fn user(names: &[(UserId, String)], id: Option<UserId>) -> String {
    let known = id.and_then(|id| names.iter().find(|(known, _)| *known == id));
    known.map_or_else(|| "Somebody who has left".into(), |(_, name)| name.clone())
}

/// A day without a time.
pub fn day(date: NaiveDate) -> When {
    let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
    When {
        text: date.format("%-d %b %Y").to_string(),
        exact: date.format("%A, %-d %B %Y").to_string(),
        datetime: midnight.format("%Y-%m-%d").to_string(),
    }
}

/// Links of a list that was asked for from `after` on; `last` is its last row's id where more follow.
pub fn pages(path: &str, query: &str, after: &str, last: Option<String>) -> Pages {
    let with = |more: &str| match (query.is_empty(), more.is_empty()) {
        (true, true) => path.to_owned(),
        (false, true) => format!("{path}?{query}"),
        (true, false) => format!("{path}?{more}"),
        (false, false) => format!("{path}?{query}&{more}"),
    };
    Pages {
        newest_href: (!after.is_empty()).then(|| with("")),
        older_href: last.map(|last| with(&format!("after={last}"))),
    }
}

/// The options of a select, with what was chosen; `none` is the first, for nothing.
pub fn choices<'a>(
    none: Option<&str>,
    offered: impl IntoIterator<Item = (String, &'a str)>,
    chosen: &str,
) -> Vec<Choice> {
    let first = none.map(|label| Choice::of("", label, chosen));
    first.into_iter().chain(offered.into_iter().map(|(value, label)| Choice::of(&value, label, chosen))).collect()
}
