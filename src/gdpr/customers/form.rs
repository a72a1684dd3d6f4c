//! Reasons: for a restriction and its end, for a hold and its release.

use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use chrono::NaiveDate;
use serde::Deserialize;

/// A form with a reason, and for a hold its last day.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ReasonForm {
    /// Two of these forms stand on one page, and no two of its fields have one name.
    #[serde(alias = "hold_reason")]
    pub reason: String,
    pub until: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ReasonForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ReasonForm {
    /// The reason, and the last day where one was typed. `today` is the first that it can be.
    pub fn validate(mut self, today: NaiveDate) -> Result<(String, Option<NaiveDate>), Self> {
        let reason = fields::required(&mut self.errors, "reason", &self.reason, 500, "Say why.");
        let until = Some(self.until.trim()).filter(|text| !text.is_empty());
        let until = until.map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
        let is_possible = |day: &NaiveDate| (today..today + chrono::Days::new(365 * 100)).contains(day);
        match until {
            Some(day) if !day.as_ref().is_some_and(is_possible) => {
                self.errors.add("until", "Enter a day that is not over, as 2027-11-21.");
                Err(self)
            }
            until if self.errors.is_empty() => Ok((reason, until.flatten())),
            _ => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(reason: &str, until: &str) -> ReasonForm {
        ReasonForm { reason: reason.into(), until: until.into(), errors: Errors::default() }
    }

    #[test]
    fn a_reason_is_asked_for_and_a_last_day_is_to_come() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        assert_eq!(form(" Claim 7 ", "").validate(today).unwrap(), ("Claim 7".into(), None));
        assert_eq!(form("x", "2026-11-21").validate(today).unwrap().1, Some(today));
        for until in ["2026-11-20", "0000-00-00", "9999-12-31", "soon"] {
            assert!(form("x", until).validate(today).unwrap_err().errors.of("until").is_some(), "{until}");
        }
        for reason in ["", " ", &"x".repeat(501)] {
            assert!(form(reason, "").validate(today).unwrap_err().errors.of("reason").is_some());
        }
    }
}
