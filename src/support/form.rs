//! What the form of support access sends.

use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct GrantForm {
    pub hours: String,
    pub reason: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for GrantForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl GrantForm {
    /// Hours, and the reason.
    pub fn validate(mut self) -> Result<(i64, String), Self> {
        let hours = self.hours.trim().parse().ok().filter(|hours| (1..=72).contains(hours));
        if hours.is_none() {
            self.errors.add("hours", "Enter a whole number of hours from 1 to 72.");
        }
        let reason = self.reason.trim().to_owned();
        match reason.chars().count() {
            0 => self.errors.add("reason", "Say what support is to look at."),
            1..=500 => {}
            _ => self.errors.add("reason", "A reason has at most 500 characters."),
        }
        match (hours, self.errors.is_empty()) {
            (Some(hours), true) => Ok((hours, reason)),
            _ => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(hours: &str, reason: &str) -> GrantForm {
        GrantForm { hours: hours.into(), reason: reason.into(), errors: Errors::default() }
    }

    #[test]
    fn a_grant_lasts_one_to_72_hours_and_has_a_reason() {
        assert_eq!(form(" 72 ", " Help ").validate().unwrap(), (72, "Help".into()));
        for hours in ["", "0", "73", "-1", "1.5", "many"] {
            assert!(form(hours, "Help").validate().unwrap_err().errors.of("hours").is_some(), "{hours}");
        }
        for reason in ["", " \n", &"x".repeat(501)] {
            assert!(form("1", reason).validate().unwrap_err().errors.of("reason").is_some());
        }
    }
}
