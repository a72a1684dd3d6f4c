//! Holds as their list shows them.

use super::screens::{HoldLine, Index, Release};
use crate::customers::holds::Hold;
use crate::customers::model::CustomerId;
use crate::gdpr::cases::people::Named;
use crate::gdpr::customers::form::ReasonForm;
use crate::gdpr::view;
use crate::kit::access::{Access, EditPrivacy, Permission};
use crate::kit::html::{Pill, Tone};
use crate::kit::words;
use crate::users::model::UserId;
use std::collections::HashMap;

/// Its place among the pages of the desk.
pub const HERE: &str = "/gdpr/holds";

/// A page of holds, with whatever they name.
#[derive(Debug, Default)]
pub struct Found {
    pub holds: Vec<Hold>,
    pub has_more: bool,
    pub customers: HashMap<CustomerId, Named>,
    pub users: Vec<(UserId, String)>,
}

pub fn index<P: Permission>(access: &Access<P>, are_over: bool, after: &str, found: &Found) -> Index {
    let last = found.holds.last().filter(|_| found.has_more).map(|hold| hold.id.to_string());
    let query = if are_over { "state=over" } else { "" };
    Index {
        sections: access.privacy_sections(HERE),
        may_edit: access.may::<EditPrivacy>(),
        are_over,
        holds: found.holds.iter().map(|hold| line(access, hold, &found.customers, &found.users)).collect(),
        pages: view::pages(HERE, query, after, last),
    }
}

pub fn release<P: Permission>(access: &Access<P>, found: &Found, form: ReasonForm) -> Release {
    let hold = found.holds.first().map(|hold| line(access, hold, &found.customers, &found.users));
    Release {
        sections: access.privacy_sections(HERE),
        hold: hold.unwrap_or_default(),
        reason: form.reason,
        errors: form.errors,
    }
}

pub fn line<P: Permission>(
    access: &Access<P>,
    hold: &Hold,
    customers: &HashMap<CustomerId, Named>,
    users: &[(UserId, String)],
) -> HoldLine {
    let zone = access.who().time_zone;
    HoldLine {
        id: hold.id.to_string(),
        customer: view::link(access, customers, hold.customer_id),
        reason: access.words(&hold.reason),
        state: match (hold.is_standing(), hold.ended_at) {
            (true, _) => Pill::new(Tone::Accent, "Stands"),
            (false, Some(_)) => Pill::new(Tone::Quiet, "Released"),
            (false, None) => Pill::new(Tone::Quiet, "Time is up"),
        },
        is_standing: hold.is_standing(),
        placed: words::date(hold.created_at, zone),
        by: view::user(users, hold.placed_by),
        until: hold.until.map(view::day),
        ended: hold.ended_at.map(|at| words::date(at, zone)),
        end_reason: hold.end_reason.as_deref().map(|reason| access.words(reason)),
        ended_by: view::user(users, hold.ended_by),
    }
}
