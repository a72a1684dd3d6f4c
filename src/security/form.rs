//! What the forms about security send. No password and no code is ever sent back.

use super::organisation::Rules;
use crate::kit::access::Role;
use crate::kit::form::{Errors, Typed};
use crate::kit::secret::Secret;
use crate::users::password;
use serde::Deserialize;

/// Hours; a week at most.
const IDLE: std::ops::RangeInclusive<u32> = 1..=168;
/// Days; a year at most.
const DAYS: std::ops::RangeInclusive<u32> = 1..=365;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    pub current: String,
    pub password: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for PasswordForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl PasswordForm {
    /// The current and the new password. `about` is what a guesser would try first; without `has_one` no current one is
    /// asked for.
    pub fn validate(mut self, about: &[&str], has_one: bool) -> Result<(Secret<String>, Secret<String>), Self> {
        if has_one && self.current.is_empty() {
            self.errors.add("current", "Enter your current password.");
        }
        if let Some(problem) = password::problem(&self.password, about) {
            self.errors.add("password", problem);
        }
        match self.errors.is_empty() {
            true => Ok((Secret::new(self.current), Secret::new(self.password))),
            false => Err(self),
        }
    }

    pub fn wrong(mut self) -> Self {
        self.errors.add("current", "This is not your current password.");
        self
    }
}

/// A one-time code, a recovery code, or the password before a step that matters.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ProofForm {
    pub code: String,
    pub password: String,
    /// Where to go afterwards.
    pub next: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ProofForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ProofForm {
    pub fn code(mut self) -> Result<String, Self> {
        let code = self.code.trim().to_owned();
        match code.len() {
            0 => self.errors.add("code", "Enter the code that your app shows."),
            1..=40 => {}
            _ => self.errors.add("code", "A code is shorter."),
        }
        if self.errors.is_empty() { Ok(code) } else { Err(self) }
    }
}

/// Settings → Security, as typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RulesForm {
    pub session_idle_hours: String,
    pub session_days: String,
    // One box per role that an organisation has.
    pub tenant_admin: String,
    pub manager: String,
    pub agent: String,
    pub auditor: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for RulesForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl RulesForm {
    pub fn validate(mut self) -> Result<Rules, Self> {
        let hours = within(&self.session_idle_hours, &IDLE);
        if hours.is_none() {
            self.errors.add("session_idle_hours", "Enter a number of hours from 1 to 168.");
        }
        let days = within(&self.session_days, &DAYS);
        if days.is_none() {
            self.errors.add("session_days", "Enter a number of days from 1 to 365.");
        }
        match (hours, days, self.errors.is_empty()) {
            (Some(session_idle_hours), Some(session_days), true) => {
                Ok(Rules { session_idle_hours, session_days, second_factor_roles: self.roles() })
            }
            _ => Err(self),
        }
    }

    pub fn roles(&self) -> Vec<Role> {
        let boxes = [
            (Role::TenantAdmin, &self.tenant_admin),
            (Role::Manager, &self.manager),
            (Role::Agent, &self.agent),
            (Role::Auditor, &self.auditor),
        ];
        boxes.into_iter().filter(|(_, ticked)| !ticked.is_empty()).map(|(role, _)| role).collect()
    }
}

fn within(text: &str, range: &std::ops::RangeInclusive<u32>) -> Option<u32> {
    text.trim().parse().ok().filter(|number| range.contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_numbers_within_reason() {
        let form = |hours: &str, days: &str| RulesForm {
            session_idle_hours: hours.into(),
            session_days: days.into(),
            agent: "on".into(),
            ..RulesForm::default()
        };
        let rules = form(" 8 ", "14").validate().unwrap();
        assert_eq!((rules.session_idle_hours, rules.session_days), (8, 14));
        assert_eq!(rules.second_factor_roles, [Role::Agent]);
        for (hours, days) in [("0", "1"), ("169", "1"), ("x", "1"), ("1", "0"), ("1", "366"), ("1", "-1"), ("", "")] {
            assert!(form(hours, days).validate().is_err(), "{hours} {days}");
        }
    }
}
