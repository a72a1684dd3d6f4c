//! A link in words.

use super::model::{Link, Shown};
use super::screens::{Linked, Section};
use crate::kit::words::when;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The section of one's own account, in the user's time zone.
pub fn section(shown: &Shown, is_configured: bool, zone: Tz, now: DateTime<Utc>) -> Section {
    let link = shown.link.as_ref().map(|link| linked(link, zone, now));
    Section { is_configured, link, has_password: shown.has_password, problem: None }
}

fn linked(link: &Link, zone: Tz, now: DateTime<Utc>) -> Linked {
    let at = |moment: DateTime<Utc>| when(moment, zone, now);
    Linked {
        address: link.address.clone(),
        since: at(link.created_at),
        last_used: link.last_used_at.map(at),
        ended: link.ended_at.map(at),
    }
}
