//! Organisations as programs see them.

use super::model::TenantKey;
use crate::kit::error::Result;
use crate::kit::page;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::tenants;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use uuid::Uuid;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub struct Brief {
    pub id: TenantKey,
    pub name: String,
    pub slug: String,
    pub status: TenantStatus,
    pub description: Option<String>,
    pub time_zone: String,
    pub locale: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[auto_type]
fn living() -> _ {
    tenants::table.filter(tenants::deleted_at.is_null())
}

/// Those of these ids, by name. As the platform.
pub fn of_ids(conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<Brief>> {
    let found = living().filter(tenants::id.eq_any(ids)).order((tenants::name, tenants::id)).limit(100);
    Ok(found.select(Brief::as_select()).load(conn)?)
}

/// All of them, the oldest first, and whether more follow. As the platform.
pub fn page(conn: &mut PgConnection, after: Option<Uuid>, size: usize) -> Result<(Vec<Brief>, bool)> {
    let after = after.unwrap_or(super::model::PLATFORM); // nil, which sorts before them all
    let rows = living().filter(tenants::id.gt(after)).order(tenants::id).limit(size as i64 + 1);
    Ok(page::cut(rows.select(Brief::as_select()).load(conn)?, size))
}

/// # Errors
/// `NotFound` for a deleted one, too. As the platform.
pub fn find(conn: &mut PgConnection, id: TenantKey) -> Result<Brief> {
    Ok(living().filter(tenants::id.eq(id)).select(Brief::as_select()).first(conn)?)
}

/// The running tenant itself.
pub fn own(conn: &mut PgConnection, tenant: TenantId) -> Result<Brief> {
    find(conn, tenant.get().into())
}
