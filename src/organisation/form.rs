//! What the form of an organisation sends.

use crate::kit::form::{Errors, Typed};
use crate::kit::locales;
use crate::kit::phone::Region;
use crate::tenants::profile::{Decisions, Profile};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct OrganisationForm {
    pub description: String,
    pub time_zone: String,
    pub locale: String,
    /// "own" or "all".
    pub agents_see: String,
    /// Two letters of a country, or nothing.
    pub phone_region: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for OrganisationForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl OrganisationForm {
    pub fn of(profile: Profile, decided: Decisions) -> Self {
        Self {
            description: profile.description.unwrap_or_default(),
            time_zone: profile.time_zone,
            locale: profile.locale,
            agents_see: if decided.agents_see_all { "all" } else { "own" }.into(),
            phone_region: decided.phone_region.unwrap_or_default(),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<(Profile, Decisions), Self> {
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
        let region = Some(self.phone_region.trim()).filter(|code| !code.is_empty()).map(Region::of);
        if region == Some(None) {
            self.errors.add("phone_region", "Enter the two letters of a country, as DE or PT.");
        }
        match self.errors.is_empty() {
            true => {
                let profile = Profile { description, time_zone: self.time_zone, locale: self.locale };
                let phone_region = region.flatten().map(Region::code);
                Ok((profile, Decisions { agents_see_all: self.agents_see == "all", phone_region }))
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
            phone_region: "pt".into(),
            ..OrganisationForm::default()
        };
        let (profile, decided) = good.validate().unwrap();
        assert_eq!((profile.description, profile.time_zone.as_str()), (None, "Europe/Lisbon"));
        assert_eq!(decided, Decisions { agents_see_all: true, phone_region: Some("PT".into()) });

        let bad = OrganisationForm {
            description: "x".repeat(2001),
            phone_region: "Q1".into(),
            ..OrganisationForm::default()
        };
        let form = bad.validate().unwrap_err();
        for field in ["description", "time_zone", "locale", "agents_see", "phone_region"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
    }
}
