//! Reading and changing what an organisation has decided for itself.

use crate::kit::audit;
use crate::kit::error::Result;
pub use crate::kit::settings::Settings;
use crate::kit::tenant::TenantId;
use crate::schema::tenants;
use chrono::Utc;
use diesel::prelude::*;
use serde_json::Value;

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
    let value: Value = own().select(tenants::settings).for_no_key_update().first(conn)?;
    let before = Settings::of(value);
    let after = change(before.clone());
    let set = (tenants::settings.eq(serde_json::to_value(&after)?), tenants::updated_at.eq(Utc::now()));
    diesel::update(own()).set(set).execute(conn)?;
    let entry = audit::Entry::new("changed", "tenants", tenant.get());
    audit::record(conn, tenant, &entry.before(&before).after(&after))?;
    Ok(after)
}
