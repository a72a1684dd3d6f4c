//! What the form of an organisation sends.

use crate::kit::form::{Errors, Typed};
use crate::kit::locales;
use crate::tenants::profile::Profile;
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct OrganisationForm {
    pub description: String,
    pub time_zone: String,
    pub locale: String,
    /// "own" or "all".
    pub agents_see: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for OrganisationForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl OrganisationForm {
    pub fn of(profile: Profile, agents_see_all: bool) -> Self {
        Self {
            description: profile.description.unwrap_or_default(),
            time_zone: profile.time_zone,
            locale: profile.locale,
            agents_see: if agents_see_all { "all" } else { "own" }.into(),
            errors: Errors::default(),
        }
    }

    /// The profile, and whether agents see all conversations.
    pub fn validate(mut self) -> Result<(Profile, bool), Self> {
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
        if !["own", "all"].contains(&self.agents_see.as_str()) {
            self.errors.add("agents_see", "Choose which conversations agents see.");
        }
        match self.errors.is_empty() {
            true => {
                let profile = Profile { description, time_zone: self.time_zone, locale: self.locale };
                Ok((profile, self.agents_see == "all"))
            }
            false => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_whole_or_every_field_is_told() {
        let good = OrganisationForm {
            description: " ".into(),
            time_zone: "Europe/Lisbon".into(),
            locale: "pt".into(),
            agents_see: "all".into(),
            ..OrganisationForm::default()
        };
        let (profile, sees_all) = good.validate().unwrap();
        assert_eq!((profile.description, profile.time_zone.as_str(), sees_all), (None, "Europe/Lisbon", true));

        let bad = OrganisationForm { description: "x".repeat(2001), ..OrganisationForm::default() };
        let form = bad.validate().unwrap_err();
        for field in ["description", "time_zone", "locale", "agents_see"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
    }
}
