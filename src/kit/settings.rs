//! What an organisation has decided for itself: a typed view of `tenants.settings`, in the kit because sessions obey it.

use super::access::Role;
use super::phone::Region;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Missing values are the defaults; what an older or newer version wrote besides is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Agents see everybody's conversations, not only their own, unassigned ones and those of their teams.
    pub agents_see_all: bool,
    /// Hours without a request after which a session ends.
    pub session_idle_hours: u32,
    /// Days after which a session ends in any case, for those who stay signed in.
    pub session_days: u32,
    /// Whoever has one of these roles signs in with a second factor.
    pub second_factor_roles: Vec<Role>,
    /// None: audit entries are kept for ever.
    pub audit_retention_days: Option<u32>,
    /// Two letters of the country from which phone numbers without country code are dialled; None: they need one.
    pub phone_region: Option<String>,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            agents_see_all: false,
            session_idle_hours: 12,
            session_days: 30,
            second_factor_roles: Vec::new(),
            audit_retention_days: None,
            phone_region: None,
            rest: Map::new(),
        }
    }
}

impl Settings {
    /// The region that [`Self::phone_region`] names.
    pub fn region(&self) -> Option<Region> {
        self.phone_region.as_deref().and_then(Region::of)
    }

    /// What stands in `tenants.settings`. A value of the wrong kind, which only a hand in the database can write, falls
    /// back to the defaults as a whole.
    pub fn of(value: Value) -> Self {
        serde_json::from_value(value).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn missing_values_are_defaults_and_strange_ones_are_kept() {
        let settings = Settings::of(json!({ "agents_see_all": true, "tomorrow": 1 }));
        assert!(settings.agents_see_all && settings.session_idle_hours == 12 && settings.rest["tomorrow"] == 1);
        let again = Settings::of(serde_json::to_value(&settings).unwrap());
        assert_eq!(again, settings);
    }

    #[test]
    fn nonsense_falls_back_to_the_defaults() {
        assert_eq!(Settings::of(json!({ "session_idle_hours": "many" })), Settings::default());
    }
}
