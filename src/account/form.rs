//! What one's own pages send.

use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::users::preferences::{Channel, Kind, Theme};
use crate::users::profile::Profile;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ThemeForm {
    pub theme: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ThemeForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// The profile as typed; `mention.email` and the like are the boxes that are ticked.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ProfileForm {
    pub first_name: String,
    pub last_name: String,
    /// Empty: the organisation's.
    pub time_zone: String,
    pub locale: String,
    pub theme: String,
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ProfileForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// What somebody wants their profile to be.
#[derive(Debug, Clone)]
pub struct ProfileData {
    first_name: String,
    last_name: String,
    time_zone: Option<String>,
    locale: Option<String>,
    theme: Theme,
    boxes: BTreeMap<String, String>,
}

impl ProfileData {
    /// `profile` as its owner wants it; what the form does not show stays.
    pub fn apply(self, profile: Profile) -> Profile {
        let mut preferences = profile.preferences;
        preferences.theme = self.theme;
        let is_ticked = |kind, channel| self.boxes.contains_key(&field(kind, channel));
        preferences.notifications = preferences.notifications.choosing(is_ticked);
        Profile {
            first_name: self.first_name,
            last_name: self.last_name,
            time_zone: self.time_zone,
            locale: self.locale,
            preferences,
        }
    }
}

/// The name of a box.
pub fn field(kind: Kind, channel: Channel) -> String {
    format!("{}.{}", kind.word(), channel.word())
}

impl ProfileForm {
    /// As it stands before anybody has typed.
    pub fn of(profile: Profile) -> Self {
        let notifications = &profile.preferences.notifications;
        let all = Kind::ALL.into_iter().flat_map(|kind| Channel::ALL.map(|channel| (kind, channel)));
        let ticked = all.filter(|(kind, channel)| notifications.channels(*kind).has(*channel));
        Self {
            boxes: ticked.map(|(kind, channel)| (field(kind, channel), "on".to_owned())).collect(),
            theme: profile.preferences.theme.word().to_owned(),
            first_name: profile.first_name,
            last_name: profile.last_name,
            time_zone: profile.time_zone.unwrap_or_default(),
            locale: profile.locale.unwrap_or_default(),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<ProfileData, Self> {
        let errors = &mut self.errors;
        let first_name = fields::required(errors, "first_name", &self.first_name, 50, "Enter your first name.");
        let last_name = fields::required(errors, "last_name", &self.last_name, 50, "Enter your last name.");
        let time_zone = fields::time_zone(errors, &self.time_zone);
        let locale = fields::locale(errors, &self.locale);
        let theme = Theme::of_word(&self.theme);
        if theme.is_none() {
            errors.add("theme", "Choose light, dark or system.");
        }
        match (theme, self.errors.is_empty()) {
            (Some(theme), true) => {
                Ok(ProfileData { first_name, last_name, time_zone, locale, theme, boxes: self.boxes })
            }
            _ => Err(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_checked() {
        let bad = ProfileForm {
            first_name: " ".into(),
            last_name: "x".repeat(51),
            time_zone: "Europe/Atlantis".into(),
            locale: "xx".into(),
            theme: "pink".into(),
            ..ProfileForm::default()
        };
        let form = bad.validate().unwrap_err();
        for field in ["first_name", "last_name", "time_zone", "locale", "theme"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
    }
}
