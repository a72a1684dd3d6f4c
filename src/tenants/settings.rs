//! What an organisation has decided for itself: a typed view of `tenants.settings`.

use crate::kit::access::Role;
use crate::kit::audit;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::tenants;
use chrono::Utc;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

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
            rest: Map::new(),
        }
    }
}

impl Settings {
    /// What stands in `tenants.settings`. A value of the wrong kind, which only a hand in the database can write, falls
    /// back to the defaults as a whole.
    pub fn of(value: Value) -> Self {
        serde_json::from_value(value).unwrap_or_default()
    }
}

/// The running tenant's own.
pub fn find(conn: &mut PgConnection, tenant: TenantId) -> Result<Settings> {
    let value: Value = tenants::table.filter(tenants::id.eq(tenant.get())).select(tenants::settings).first(conn)?;
    Ok(Settings::of(value))
}

/// Changes them, one change at a time, and answers what they are now.
pub fn change(
    conn: &mut PgConnection,
    tenant: TenantId,
    change: impl FnOnce(Settings) -> Settings,
) -> Result<Settings> {
    let own = || tenants::table.filter(tenants::id.eq(tenant.get()));
    let value: Value = own().select(tenants::settings).for_update().first(conn)?;
    let before = Settings::of(value);
    let after = change(before.clone());
    if after == before {
        return Ok(after);
    }
    let set = (tenants::settings.eq(serde_json::to_value(&after)?), tenants::updated_at.eq(Utc::now()));
    diesel::update(own()).set(set).execute(conn)?;
    let entry = audit::Entry::new("changed", "tenants", tenant.get());
    audit::record(conn, tenant, &entry.changed(&before, &after))?;
    Ok(after)
}

/// The tenants that give up audit entries after a time, also those that are deactivated. As the platform.
pub fn with_audit_retention(conn: &mut PgConnection) -> Result<Vec<Uuid>> {
    let days = tenants::settings.retrieve_as_text("audit_retention_days");
    let found = tenants::table.filter(days.is_not_null()).order(tenants::id).select(tenants::id).load(conn)?;
    Ok(found)
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
