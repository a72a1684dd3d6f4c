//! What was chosen for a file with the same headings last time.

use super::choices::Choices;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::import_mappings;
use chrono::Utc;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::Value;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    import_mappings::table.filter(import_mappings::tenant_id.eq(tenant))
}

/// None where no such file has come yet.
pub fn find(conn: &mut PgConnection, tenant: TenantId, signature: &str) -> Result<Option<Choices>> {
    let this = of(tenant).filter(import_mappings::signature.eq(signature));
    let found: Option<Value> = this.select(import_mappings::choices).first(conn).optional()?;
    Ok(found.and_then(|value| serde_json::from_value(value).ok()))
}

/// For the next time. The label for all is not remembered: it says which file it was.
pub fn keep(conn: &mut PgConnection, tenant: TenantId, signature: &str, choices: &Choices) -> Result<()> {
    let value = serde_json::to_value(Choices { label: None, ..choices.clone() })?;
    diesel::insert_into(import_mappings::table)
        .values((
            import_mappings::tenant_id.eq(tenant),
            import_mappings::signature.eq(signature),
            import_mappings::choices.eq(&value),
        ))
        .on_conflict((import_mappings::tenant_id, import_mappings::signature))
        .do_update()
        .set((import_mappings::choices.eq(&value), import_mappings::updated_at.eq(Utc::now())))
        .execute(conn)?;
    Ok(())
}
