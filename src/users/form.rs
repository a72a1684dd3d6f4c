//! What the forms for people send.

use super::changes::UserDetails;
use super::directory::{Filter, Person, Sort, State};
use crate::kit::access::Role;
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::kit::page::TextCursor;
use serde::Deserialize;

/// What somebody in a tenant can be; platform administrators belong to none.
pub const ROLES: [Role; 4] = [Role::TenantAdmin, Role::Manager, Role::Agent, Role::Auditor];

/// The query of the list; what cannot be understood counts as not said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    pub q: String,
    pub role: String,
    pub state: String,
    pub sort: String,
    pub after: String,
    /// How many are shown, when the list is asked for anew.
    pub rows: String,
}

impl Look {
    /// With `by_address` also people are found whose address has the words in it.
    pub fn filter(&self, by_address: bool) -> Filter {
        Filter {
            role: Role::of_word(&self.role).filter(|role| ROLES.contains(role)),
            state: State::ALL.into_iter().find(|state| state.word() == self.state),
            // What PostgreSQL cannot hold finds nothing anyway.
            words: self.q.replace('\0', "").trim().chars().take(200).collect(),
            sort: Sort::ALL.into_iter().find(|sort| sort.word() == self.sort).unwrap_or_default(),
            by_address,
        }
    }

    pub fn after(&self) -> Option<TextCursor> {
        TextCursor::parse(&self.after)
    }

    pub fn rows(&self) -> usize {
        self.rows.parse().unwrap_or(0)
    }
}

/// The form of a new user, and of one who is changed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct UserForm {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    pub company_name: String,
    /// Empty: the tenant's.
    pub time_zone: String,
    pub locale: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for UserForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl UserForm {
    /// As it is shown before anybody has typed.
    pub fn of(person: &Person) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            email: person.email.clone(),
            first_name: person.first_name.clone(),
            last_name: person.last_name.clone(),
            role: person.role.word().to_owned(),
            company_name: text(&person.company_name),
            time_zone: text(&person.time_zone),
            locale: text(&person.locale),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<UserDetails, Self> {
        let errors = &mut self.errors;
        let email = fields::email(errors, &self.email);
        let first_name = fields::required(errors, "first_name", &self.first_name, 50, "Enter a first name.");
        let last_name = fields::required(errors, "last_name", &self.last_name, 50, "Enter a last name.");
        let role = Role::of_word(&self.role).filter(|role| ROLES.contains(role));
        if role.is_none() {
            errors.add("role", "Choose a role.");
        }
        let company_name = fields::line(errors, "company_name", &self.company_name, 100);
        let time_zone = fields::time_zone(errors, &self.time_zone);
        let locale = fields::locale(errors, &self.locale);
        match (role, self.errors.is_empty()) {
            (Some(role), true) => {
                Ok(UserDetails { email, first_name, last_name, role, company_name, time_zone, locale })
            }
            _ => Err(self),
        }
    }

    pub fn email_taken(self) -> Self {
        self.wrong("email", "Somebody in your organisation has this address.")
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> UserForm {
        UserForm {
            email: " Ada@Acme.Test ".into(),
            first_name: "Ada".into(),
            last_name: "Arnold".into(),
            role: "AGENT".into(),
            ..UserForm::default()
        }
    }

    #[test]
    fn a_whole_form_becomes_details() {
        let details = form().validate().unwrap();
        assert_eq!((details.email.as_str(), details.role), ("ada@acme.test", Role::Agent));
        assert_eq!((details.company_name, details.time_zone, details.locale), (None, None, None));
    }

    #[test]
    fn every_field_is_checked() {
        let bad = UserForm {
            email: "ada at acme".into(),
            first_name: "x".repeat(51),
            last_name: " ".into(),
            role: "PLATFORM_ADMIN".into(),
            company_name: "a\nb".into(),
            time_zone: "Europe/Atlantis".into(),
            locale: "xx".into(),
            errors: Errors::default(),
        };
        let form = bad.validate().unwrap_err();
        for field in ["email", "first_name", "last_name", "role", "company_name", "time_zone", "locale"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
    }
}
