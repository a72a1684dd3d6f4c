//! What the sign-in pages send.

use crate::kit::email::Email;
use crate::kit::form::{Errors, Typed};
use crate::users::password::{self, MAX_LENGTH};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct LoginForm {
    pub email: String,
    pub password: String,
    /// "on" when the browser is to keep the session.
    pub stay: String,
    /// Where to go afterwards.
    pub next: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for LoginForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl LoginForm {
    /// The address as accounts have it.
    pub fn validate(mut self) -> Result<Self, Self> {
        self.email = address(&self.email, &mut self.errors);
        if self.password.is_empty() {
            self.errors.add("password", "Enter your password.");
        } else if self.password.len() > MAX_LENGTH {
            self.errors.add("password", format!("A password has at most {MAX_LENGTH} characters."));
        }
        if self.errors.is_empty() { Ok(self) } else { Err(self) }
    }

    pub fn stays(&self) -> bool {
        !self.stay.is_empty()
    }
}

fn address(typed: &str, errors: &mut Errors) -> String {
    let email = Email::canonical(typed);
    if email.is_empty() {
        errors.add("email", "Enter your email address.");
    } else if email.len() > 255 {
        errors.add("email", "An email address has at most 255 characters.");
    }
    email
}

/// A path of ours to go to after sign-in; anything else leads to the dashboard.
pub fn safe_next(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//");
    // Nothing else can stand in a header; browsers take a backslash for a slash.
    let is_text = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_plain = is_text && next.len() <= 2000 && !next.starts_with("/login");
    if is_path && is_plain { next } else { "/" }
}

/// The organisation, where one password fits several.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ChoiceForm {
    /// What was sealed when the password fitted.
    pub choice: String,
    pub tenant: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ChoiceForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// Whose password is to be reset.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    pub email: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ResetForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ResetForm {
    pub fn validate(mut self) -> Result<String, Self> {
        let email = address(&self.email, &mut self.errors);
        if self.errors.is_empty() { Ok(email) } else { Err(self) }
    }
}

/// A new password, by a one-time link.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct WelcomeForm {
    pub password: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for WelcomeForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl WelcomeForm {
    /// `obvious` is what a guesser would try first.
    pub fn validate(mut self, obvious: &[String]) -> Result<Self, Self> {
        let obvious: Vec<&str> = obvious.iter().map(String::as_str).collect();
        if let Some(problem) = password::problem(&self.password, &obvious) {
            self.errors.add("password", problem);
        }
        if self.errors.is_empty() { Ok(self) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_followed() {
        assert_eq!(safe_next("/inbox?queue=open"), "/inbox?queue=open");
        for bad in [
            "",
            "https://evil.test",
            "//evil.test",
            "/\\evil.test",
            "javascript:alert(1)",
            "/a\r\nb",
            "/login?next=/",
            "/ü",
            "/\0",
            "/\t/evil.test",
        ] {
            assert_eq!(safe_next(bad), "/", "{bad}");
        }
    }

    #[test]
    fn an_incomplete_form_names_its_fields() {
        let form = LoginForm::default().validate().unwrap_err();
        assert!(form.errors.of("email").is_some() && form.errors.of("password").is_some());
    }
}
