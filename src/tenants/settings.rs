//! Reading and changing what an organisation has decided for itself.

use crate::kit::audit;
use crate::kit::error::Result;
pub use crate::kit::settings::Settings;
use crate::kit::tenant::TenantId;
use crate::schema::tenants;
use chrono::Utc;
use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

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
