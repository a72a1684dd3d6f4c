//! Turns grants and visits into what their page shows.

use super::form::GrantForm;
use super::model::{End, Grant, Visit};
use super::screens::{GrantCard, Support, VisitLine};
use crate::kit::access::{Access, GrantSupport, Permission};
use crate::kit::html::{Pill, Tone, status_of_form};
use crate::kit::words;
use crate::users::model::UserId;
use chrono::{TimeDelta, Utc};

/// Its place among the pages of Settings.
pub const HERE: &str = "/settings/support";

/// Whoever asked for a page since then is inside.
const INSIDE: TimeDelta = TimeDelta::minutes(5);

pub struct Found {
    pub grants: Vec<Grant>,
    pub visits: Vec<Visit>,
    pub names: Vec<(UserId, String)>,
}

pub fn index<P: Permission>(access: &Access<P>, found: &Found, form: GrantForm, problem: Option<String>) -> Support {
    let is_rejected = problem.is_some() || form.errors != Default::default();
    let (open, past): (Vec<&Grant>, Vec<&Grant>) = found.grants.iter().partition(|grant| grant.is_open());
    Support {
        sections: access.settings(HERE),
        open: open.first().map(|grant| card(access, found, grant)),
        past: past.into_iter().map(|grant| card(access, found, grant)).collect(),
        may_grant: access.may::<GrantSupport>(),
        hours: form.hours,
        reason: form.reason,
        errors: form.errors,
        problem,
        status: status_of_form(is_rejected),
    }
}

fn card<P: Permission>(access: &Access<P>, found: &Found, grant: &Grant) -> GrantCard {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let by = found.names.iter().find(|(id, _)| Some(*id) == grant.granted_by);
    let visits = found.visits.iter().filter(|visit| visit.grant_id == grant.id);
    GrantCard {
        id: grant.id.to_string(),
        reason: grant.reason.clone(),
        by: by.map_or_else(|| "Somebody who has left".into(), |(_, name)| name.clone()),
        granted: words::when(grant.created_at, zone, now),
        until: words::moment(grant.ended_at.unwrap_or(grant.expires_at), zone, now),
        state: state(grant),
        visits: visits.map(|visit| visit_line(access, grant, visit)).collect(),
    }
}

fn state(grant: &Grant) -> Pill {
    match (grant.is_open(), grant.ended_by) {
        (true, _) => Pill::new(Tone::Good, "Open"),
        (false, Some(End::Tenant)) => Pill::new(Tone::Quiet, "Ended by you"),
        (false, Some(End::Platform)) => Pill::new(Tone::Quiet, "Ended by the platform"),
        (false, _) => Pill::new(Tone::Quiet, "Time was up"),
    }
}

fn visit_line<P: Permission>(access: &Access<P>, grant: &Grant, visit: &Visit) -> VisitLine {
    let (zone, now) = (access.who().time_zone, Utc::now());
    let told = |at| words::when(at, zone, now).text;
    let state = match (visit.left_at, grant.is_open()) {
        (Some(at), _) => Pill::new(Tone::Quiet, format!("left {}", told(at))),
        (None, true) if now - visit.seen_at < INSIDE => Pill::new(Tone::Busy, "inside now"),
        (None, true) => Pill::new(Tone::Warn, format!("last seen {}", told(visit.seen_at))),
        (None, false) => Pill::new(Tone::Quiet, "until its end"),
    };
    VisitLine { visitor: visit.visitor.clone(), entered: words::when(visit.entered_at, zone, now), state }
}
