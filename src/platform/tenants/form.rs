//! What the form of a tenant sends.

use crate::kit::access::Role;
use crate::kit::email::Email;
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::kit::locales;
use crate::tenants::administration::{Tenant, TenantDetails};
use crate::tenants::limits::Limits;
use crate::users::model::UserData;
use serde::Deserialize;

/// A tenant as typed; the last three fields belong to a new one only.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct TenantForm {
    pub name: String,
    pub slug: String,
    pub description: String,
    pub time_zone: String,
    pub locale: String,
    pub max_users: String,
    pub max_numbers: String,
    pub max_messages_per_day: String,
    /// In gigabytes.
    pub max_storage: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for TenantForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

const GIGABYTE: i64 = 1_000_000_000;

impl TenantForm {
    /// A new one's, as it is first shown.
    pub fn empty() -> Self {
        Self { time_zone: "UTC".into(), locale: "en".into(), ..Self::default() }
    }

    pub fn of(tenant: &Tenant) -> Self {
        let details = tenant.details.clone();
        let text = |limit: Option<i32>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        Self {
            name: details.name,
            slug: details.slug,
            description: details.description.unwrap_or_default(),
            time_zone: details.time_zone,
            locale: details.locale,
            max_users: text(details.limits.max_users),
            max_numbers: text(details.limits.max_numbers),
            max_messages_per_day: text(details.limits.max_messages_per_day),
            max_storage: details.limits.max_storage_bytes.map(gigabytes).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// A tenant that is there already.
    pub fn validate(mut self) -> Result<TenantDetails, Self> {
        let details = self.details();
        if self.errors.is_empty() { Ok(details) } else { Err(self) }
    }

    /// A new one, with its first administrator.
    pub fn validate_new(mut self) -> Result<(TenantDetails, UserData), Self> {
        let details = self.details();
        let errors = &mut self.errors;
        let first_name = fields::required(errors, "first_name", &self.first_name, 50, "Enter the first name.");
        let last_name = fields::required(errors, "last_name", &self.last_name, 50, "Enter the last name.");
        let email = Email::canonical(&self.email);
        if email.len() > 255 || email.parse::<lettre::Address>().is_err() {
            self.errors.add("email", "Enter an email address, as ada@example.org.");
        }
        let administrator = UserData { email, first_name, last_name, role: Role::TenantAdmin, password_hash: None };
        if self.errors.is_empty() { Ok((details, administrator)) } else { Err(self) }
    }

    /// The constraint says which field to blame.
    pub fn taken(mut self, constraint: &str) -> Self {
        match constraint {
            "tenants_slug_taken" => {
                if self.slug.trim().is_empty() {
                    self.slug = slug(&self.name);
                }
                self.errors.add("slug", "Another tenant has this short name. Choose another one.");
            }
            _ => self.errors.add("name", "Another tenant has this name."),
        }
        self
    }

    /// What was typed as far as it can be read; the rest is told in `errors`.
    fn details(&mut self) -> TenantDetails {
        let missing = "Enter the organisation's name.";
        let name = fields::required(&mut self.errors, "name", &self.name, 100, missing);
        let slug = self.slug();
        let description = Some(self.description.trim().to_owned()).filter(|text| !text.is_empty());
        if description.as_ref().is_some_and(|text| text.chars().count() > 2000) {
            self.errors.add("description", "A description has at most 2,000 characters.");
        }
        if !locales::is_time_zone(&self.time_zone) {
            self.errors.add("time_zone", "Choose a time zone from the list.");
        }
        if !locales::is_locale(&self.locale) {
            self.errors.add("locale", "Choose a language from the list.");
        }
        let limits = Limits {
            max_users: self.limit("max_users", self.max_users.clone(), 1..=1_000_000),
            max_numbers: self.limit("max_numbers", self.max_numbers.clone(), 0..=1_000_000),
            max_messages_per_day: self.limit(
                "max_messages_per_day",
                self.max_messages_per_day.clone(),
                0..=1_000_000_000,
            ),
            max_storage_bytes: self.storage(),
        };
        let (time_zone, locale) = (self.time_zone.clone(), self.locale.clone());
        TenantDetails { name, slug, description, time_zone, locale, limits }
    }

    fn slug(&mut self) -> String {
        let typed = self.slug.trim();
        let slug = if typed.is_empty() { slug(&self.name) } else { typed.to_owned() };
        let is_words = slug.split('-').all(|word| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        });
        if !is_words || slug.len() > 63 {
            let message = "Use small letters and digits, words joined by hyphens: acme-bikes. 63 characters at most.";
            self.errors.add("slug", message);
        }
        slug
    }

    fn limit(&mut self, field: &str, typed: String, range: std::ops::RangeInclusive<i32>) -> Option<i32> {
        let digits: String = typed.chars().filter(|char| !char.is_whitespace() && *char != ',').collect();
        if digits.is_empty() {
            return None;
        }
        let limit = digits.parse().ok().filter(|limit| range.contains(limit));
        if limit.is_none() {
            let (least, most) = (range.start(), crate::kit::words::number(i64::from(*range.end())));
            self.errors.add(field, format!("Enter a whole number from {least} to {most}, or nothing for no limit."));
        }
        limit
    }

    fn storage(&mut self) -> Option<i64> {
        let typed = self.max_storage.trim().replace(',', ".");
        if typed.is_empty() {
            return None;
        }
        let read = typed.parse::<f64>().ok().filter(|gigabytes| (0.0..=1_000_000.0).contains(gigabytes));
        if read.is_none() {
            self.errors.add("max_storage", "Enter gigabytes, as 5 or 0.5, or nothing for no limit.");
        }
        read.map(|gigabytes| (gigabytes * GIGABYTE as f64).round() as i64)
    }
}

/// As it is typed: "0.5".
fn gigabytes(bytes: i64) -> String {
    format!("{}", bytes as f64 / GIGABYTE as f64)
}

/// "Müller & Sons" becomes "m-ller-sons": something to begin with.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    slug.chars().take(63).collect::<String>().trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> TenantForm {
        TenantForm {
            name: " Acme  Bikes ".into(),
            first_name: "Ada".into(),
            last_name: "Arnold".into(),
            email: "Ada@Acme.test".into(),
            max_users: "1,200".into(),
            max_storage: "0.5".into(),
            ..TenantForm::empty()
        }
    }

    #[test]
    fn a_whole_form_becomes_a_tenant_and_its_administrator() {
        let (details, administrator) = form().validate_new().unwrap();
        assert_eq!((details.slug.as_str(), details.limits.max_users), ("acme-bikes", Some(1200)));
        assert_eq!((details.limits.max_numbers, details.limits.max_storage_bytes), (None, Some(500_000_000)));
        assert_eq!((administrator.email.as_str(), administrator.role), ("ada@acme.test", Role::TenantAdmin));
    }

    #[test]
    fn every_field_is_checked() {
        let bad = TenantForm {
            name: "x".repeat(101),
            slug: "Not a slug".into(),
            description: "x".repeat(2001),
            time_zone: "Europe/Atlantis".into(),
            locale: "xx".into(),
            max_users: "0".into(),
            max_numbers: "-1".into(),
            max_messages_per_day: "many".into(),
            max_storage: "NaN".into(),
            first_name: "\u{7}".into(),
            last_name: String::new(),
            email: "nobody".into(),
            ..TenantForm::default()
        };
        let form = bad.validate_new().unwrap_err();
        for field in [
            "name",
            "slug",
            "description",
            "time_zone",
            "locale",
            "max_users",
            "max_numbers",
            "max_messages_per_day",
            "max_storage",
            "first_name",
            "last_name",
            "email",
        ] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_name_without_latin_letters_needs_a_short_name() {
        let greek = TenantForm { name: "Ποδήλατα".into(), ..form() };
        assert!(greek.validate_new().unwrap_err().errors.of("slug").is_some());
        assert_eq!(slug("Müller & Sons"), "m-ller-sons");
    }
}
