//! What was chosen for a file with the same headings last time.

use super::choices::Choices;
use super::file::Heading;
use super::model::{self, Import};
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

/// Says what the columns of an import are, and for the next time what they were.
///
/// # Errors
/// `NotFound`; `Refused` unless they can be chosen.
pub fn choose(conn: &mut PgConnection, tenant: TenantId, import: &Import, choices: &Choices) -> Result<()> {
    model::choose(conn, tenant, import.id, choices)?;
    keep(conn, tenant, &Heading::signature(&import.headings()), choices)
}

/// For the next time. The label for all is not remembered: it says which file it was.
fn keep(conn: &mut PgConnection, tenant: TenantId, signature: &str, choices: &Choices) -> Result<()> {
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
