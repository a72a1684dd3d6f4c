//! Tokens in words.

use super::form::{ApiTokenForm, OFFERED, ON_A_DATE};
use super::model::{ApiToken, ApiTokenId};
use super::screens::{Group, New, Row, Tick};
use crate::kit::access::{MEANINGS, PERMISSIONS, Role};
use crate::kit::html::{Choice, Pill, Sections, Tone};
use crate::kit::words;
use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// A token that ends within this time is marked.
const SOON: TimeDelta = TimeDelta::days(7);
/// What a new token's form has ticked already: without it a program cannot even ask who it is.
const USUAL: &str = "account:read";

/// `revocation` is the address below which the asker may revoke it.
pub fn row(token: &ApiToken, owner: String, revocation: Option<&str>, zone: Tz, now: DateTime<Utc>) -> Row {
    Row {
        id: token.id.to_string(),
        name: token.name.clone(),
        hint: token.hint.clone(),
        owner,
        scopes: token.scopes().map(str::to_owned).collect(),
        state: state(token.expires_at - now),
        expires: words::when(token.expires_at, zone, now),
        last_used: token.last_used_at.map(|at| words::when(at, zone, now)),
        last_used_ip: token.last_used_ip.clone().unwrap_or_default(),
        created: words::when(token.created_at, zone, now),
        revocation: revocation.map(|base| address(base, token.id)),
    }
}

fn address(base: &str, id: ApiTokenId) -> String {
    format!("{base}/{id}/revocation")
}

fn state(left: TimeDelta) -> Pill {
    match left {
        left if left <= TimeDelta::zero() => Pill::new(Tone::Bad, "Expired"),
        left if left < SOON => Pill::new(Tone::Warn, "Expires soon"),
        _ => Pill::new(Tone::Good, "Active"),
    }
}

/// The form with what `role` may choose from.
pub fn form(sections: Sections, form: ApiTokenForm, role: Role, status: StatusCode) -> New {
    let error = |field: &str| form.errors.of(field).map(str::to_owned);
    let is_fresh = status.is_success();
    New {
        sections,
        expiries: expiries(&form.expires),
        groups: groups(role, |name| form.ticked.contains_key(name) || (is_fresh && name == USUAL)),
        problem: error("problem"),
        name_error: error("name"),
        expires_error: error("expires"),
        expires_on_error: error("expires_on"),
        scopes_error: error("scopes"),
        name: form.name,
        expires_on: form.expires_on,
        status,
    }
}

fn expiries(chosen: &str) -> Vec<Choice> {
    let in_days = OFFERED.into_iter().map(|days| (days.to_string(), format!("In {days} days")));
    let on_a_date = (ON_A_DATE.to_owned(), "On a day that I choose".to_owned());
    let choice = |(value, label): (String, String)| Choice { is_chosen: value == chosen, value, label };
    in_days.chain([on_a_date]).map(choice).collect()
}

/// What `role` may do, by noun, in the table's order.
fn groups(role: Role, is_ticked: impl Fn(&str) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for ((name, _), meaning) in PERMISSIONS.iter().zip(MEANINGS).filter(|((name, _), _)| role.may(name)) {
        let label = label(name.split(':').next().unwrap_or_default());
        let tick = Tick { name, meaning: meaning.trim(), is_ticked: is_ticked(name) };
        match groups.iter_mut().find(|group| group.label == label) {
            Some(group) => group.scopes.push(tick),
            None => groups.push(Group { label, scopes: vec![tick] }),
        }
    }
    groups
}

/// "api_tokens" as a heading: "Api tokens" would read badly.
fn label(noun: &str) -> String {
    let words = noun.replace('_', " ");
    match words.strip_prefix("api ") {
        Some(rest) => format!("API {rest}"),
        None => words[..1].to_uppercase() + &words[1..],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_chooses_from_what_it_holds() {
        let names = |role| -> Vec<_> {
            groups(role, |_| false).into_iter().flat_map(|group| group.scopes).map(|tick| tick.name).collect()
        };
        assert_eq!(names(Role::Agent).len(), Role::Agent.permissions().count());
        assert!(names(Role::TenantAdmin).contains(&"numbers:write") && !names(Role::Agent).contains(&"numbers:write"));
        assert_eq!(label("api_tokens"), "API tokens");
        assert_eq!(label("users"), "Users");
    }

    #[test]
    fn an_end_that_is_near_is_seen() {
        assert_eq!(state(TimeDelta::days(8)).tone, Tone::Good);
        assert_eq!(state(TimeDelta::days(6)).tone, Tone::Warn);
        assert_eq!(state(TimeDelta::zero()).tone, Tone::Bad);
    }
}
