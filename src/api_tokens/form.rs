//! What the form of a new token sends.

use super::model::ApiTokenData;
use crate::kit::access::{PERMISSIONS, Role};
use crate::kit::form::{Errors, Typed};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How far away an expiry may be chosen.
const LONGEST: Days = Days::new(730);
/// Days that are offered.
pub const OFFERED: [u32; 3] = [30, 90, 365];
/// Instead of one of them.
pub const ON_A_DATE: &str = "date";

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ApiTokenForm {
    pub name: String,
    /// Days from now, or `date`.
    pub expires: String,
    pub expires_on: String,
    #[serde(skip)]
    pub errors: Errors,
    /// A ticked box is a field named like its permission.
    #[serde(flatten)]
    pub ticked: BTreeMap<String, String>,
}

impl Typed for ApiTokenForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ApiTokenForm {
    /// As it is shown before anybody has typed.
    pub fn fresh() -> Self {
        Self { expires: OFFERED[1].to_string(), ..Self::default() }
    }

    /// `role` and `zone` are the asker's: a token carries no more than its user may do, and a date ends at their midnight.
    pub fn validate(mut self, role: Role, zone: Tz, now: DateTime<Utc>) -> Result<ApiTokenData, Self> {
        let name = self.name.trim().to_owned();
        match name.chars().count() {
            0 => self.errors.add("name", "Enter a name, such as the program that uses this token."),
            1..=100 => {}
            _ => self.errors.add("name", "A name has at most 100 characters."),
        }
        if name.chars().any(char::is_control) {
            self.errors.add("name", "A name is one line of text.");
        }
        let scopes = self.scopes(role);
        let expires_at = self.expires_at(zone, now);
        match (expires_at, self.errors.is_empty()) {
            (Some(expires_at), true) => Ok(ApiTokenData { name, scopes, expires_at }),
            _ => Err(self),
        }
    }

    fn scopes(&mut self, role: Role) -> Vec<&'static str> {
        let ticked = |(name, _): &&(&'static str, &[Role])| self.ticked.contains_key(*name);
        let chosen: Vec<&'static str> = PERMISSIONS.iter().filter(ticked).map(|(name, _)| *name).collect();
        if let Some(name) = chosen.iter().find(|name| !role.may(name)) {
            self.errors.add("scopes", format!("Your role does not hold {name}, so a token of yours cannot either."));
        }
        if chosen.is_empty() {
            self.errors.add("scopes", "Choose at least one thing that the token may do.");
        }
        chosen
    }

    fn expires_at(&mut self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if let Some(days) = self.expires.parse().ok().filter(|days| OFFERED.contains(days)) {
            return Some(now + TimeDelta::days(days.into()));
        }
        if self.expires != ON_A_DATE {
            self.errors.add("expires", "Choose when the token expires.");
            return None;
        }
        let today = now.with_timezone(&zone).date_naive();
        let Ok(date) = NaiveDate::parse_from_str(self.expires_on.trim(), "%Y-%m-%d") else {
            self.errors.add("expires_on", "Choose the last day on which the token counts.");
            return None;
        };
        if date < today || date > today + LONGEST {
            self.errors.add("expires_on", "Choose a day from today to two years ahead.");
            return None;
        }
        midnight_after(date, zone)
    }
}

/// When `date` ends where the user lives. Where clocks skip midnight, an hour later.
fn midnight_after(date: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let end = date.succ_opt()?.and_time(NaiveTime::MIN);
    let local = end.and_local_timezone(zone).earliest();
    let local = local.or_else(|| (end + TimeDelta::hours(1)).and_local_timezone(zone).earliest());
    local.map(|end| end.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-21T12:00:00Z";

    fn form(ticked: &[&str]) -> ApiTokenForm {
        let ticked = ticked.iter().map(|name| ((*name).to_owned(), "yes".to_owned())).collect();
        ApiTokenForm { name: " Export ".into(), ticked, ..ApiTokenForm::fresh() }
    }

    fn validate(form: ApiTokenForm, role: Role) -> Result<ApiTokenData, ApiTokenForm> {
        form.validate(role, chrono_tz::Europe::Berlin, NOW.parse().unwrap())
    }

    #[test]
    fn a_whole_form_becomes_data() {
        let data = validate(form(&["account:read", "conversations:read"]), Role::Agent).unwrap();
        assert_eq!(
            (data.name.as_str(), data.scopes.as_slice()),
            ("Export", ["account:read", "conversations:read"].as_slice())
        );
        assert_eq!(data.expires_at.to_rfc3339(), "2027-02-19T12:00:00+00:00");
    }

    #[test]
    fn a_token_holds_no_more_than_its_user() {
        let form = validate(form(&["account:read", "numbers:write"]), Role::Agent).unwrap_err();
        assert!(form.errors.of("scopes").unwrap().contains("numbers:write"));
        assert!(validate(super::tests::form(&[]), Role::Agent).unwrap_err().errors.of("scopes").is_some());
        assert!(validate(super::tests::form(&["no:such"]), Role::Agent).unwrap_err().errors.of("scopes").is_some());
    }

    #[test]
    fn a_date_ends_at_midnight_where_the_user_lives() {
        let on = |date: &str| {
            let form = ApiTokenForm { expires: ON_A_DATE.into(), expires_on: date.into(), ..form(&["account:read"]) };
            validate(form, Role::Agent).map(|data| data.expires_at.to_rfc3339())
        };
        assert_eq!(on("2026-11-21").unwrap(), "2026-11-21T23:00:00+00:00");
        assert_eq!(on("2027-07-01").unwrap(), "2027-07-01T22:00:00+00:00");
        for bad in ["", "2026-11-20", "2029-01-01", "2026-02-30", "tomorrow", "10000-01-01", "0000-00-00"] {
            assert!(on(bad).unwrap_err().errors.of("expires_on").is_some(), "{bad}");
        }
        let form = ApiTokenForm { expires: "31".into(), ..form(&["account:read"]) };
        assert!(validate(form, Role::Agent).unwrap_err().errors.of("expires").is_some());
    }
}
