//! Tenants and their SQL. Only the platform's role reaches across them.

use crate::ids;
use crate::kit::error::Result;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::tenants;
use diesel::prelude::*;
use uuid::Uuid;

ids! {
    /// A tenant as data; the right to work in it is `kit::tenant::TenantId`.
    TenantKey,
}

/// The tenant that platform administrators belong to; it owns nothing else. Made by a migration.
pub const PLATFORM: Uuid = Uuid::nil();

#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = tenants)]
pub struct TenantData {
    pub name: String,
    /// Lower-case words joined by hyphens.
    pub slug: String,
    /// IANA name.
    pub time_zone: String,
}

/// Creates an active tenant, as the platform.
///
/// # Errors
/// `Taken("tenants_name_taken")` or `Taken("tenants_slug_taken")`.
pub fn create(conn: &mut PgConnection, data: &TenantData) -> Result<TenantKey> {
    let id = TenantKey::new();
    diesel::insert_into(tenants::table).values((tenants::id.eq(id), data)).execute(conn)?;
    Ok(id)
}

/// The tenant of that slug, if it is not deleted.
pub fn by_slug(conn: &mut PgConnection, slug: &str) -> Result<Option<TenantKey>> {
    let found = tenants::table
        .filter(tenants::slug.eq(slug).and(tenants::deleted_at.is_null()))
        .select(tenants::id)
        .first(conn)
        .optional()?;
    Ok(found)
}

/// Whether the tenant is at work: one that was deactivated or deleted still receives, and sends nothing.
pub fn is_active(conn: &mut PgConnection, tenant: TenantId) -> Result<bool> {
    let at_work = tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null());
    let row = tenants::table.filter(tenants::id.eq(tenant.get()).and(at_work));
    Ok(diesel::select(diesel::dsl::exists(row)).get_result(conn)?)
}

/// Every tenant, the platform's own among them, oldest first.
pub fn every_with_platform(conn: &mut PgConnection) -> Result<Vec<TenantKey>> {
    Ok(tenants::table.order(tenants::id).select(tenants::id).load(conn)?)
}

/// Every tenant but the platform's own, oldest first: those that were deactivated or deleted still receive, so what is
/// received is counted and cleared up in them, too.
pub fn every(conn: &mut PgConnection) -> Result<Vec<TenantKey>> {
    Ok(tenants::table.filter(tenants::id.ne(PLATFORM)).order(tenants::id).select(tenants::id).load(conn)?)
}
