//! Sessions of platform administrators inside a tenant, by its support access. As the platform.

use super::start::{Client, New, renewed};
use crate::kit::access::{SignedIn, Visit};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{support_grants, support_visits, tenants};
use chrono::Utc;
use diesel::prelude::*;
use uuid::Uuid;

/// A session inside `tenant`, in place of the one that `who` has.
///
/// # Errors
/// `NotFound` when the grant does not stand.
pub fn visiting(conn: &mut PgConnection, who: &SignedIn, tenant: TenantId, grant: Uuid) -> Result<(New, Client)> {
    let visit = of(conn, Some(tenant.get()), Some(grant))?.ok_or(Error::NotFound)?;
    renewed(conn, who, Some(visit))
}

/// A session of the platform's own, in place of the visit that `who` is on.
pub fn returning(conn: &mut PgConnection, who: &SignedIn) -> Result<(New, Client)> {
    renewed(conn, who, None)
}

/// The visit of a session, as long as its grant stands and its tenant is at work.
pub(super) fn of(conn: &mut PgConnection, tenant: Option<Uuid>, grant: Option<Uuid>) -> Result<Option<Visit>> {
    let (Some(tenant), Some(grant)) = (tenant, grant) else { return Ok(None) };
    let standing = support_grants::table
        .inner_join(tenants::table)
        .filter(support_grants::tenant_id.eq(tenant).and(support_grants::id.eq(grant)))
        .filter(support_grants::ended_at.is_null().and(support_grants::expires_at.gt(Utc::now())))
        .filter(tenants::status.eq(TenantStatus::Active).and(tenants::deleted_at.is_null()));
    let found = standing.select((support_grants::expires_at, tenants::name)).first(conn).optional()?;
    Ok(found.map(|(until, tenant_name)| Visit { grant, tenant, tenant_name, until }))
}

/// Marks the visit of a session as seen just now.
pub(super) fn seen(conn: &mut PgConnection, session: Uuid) -> Result<()> {
    let now = Utc::now();
    diesel::update(support_visits::table)
        .filter(support_visits::session_id.eq(session).and(support_visits::left_at.is_null()))
        .set((support_visits::seen_at.eq(now), support_visits::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}

/// A session that ends takes its visit along.
pub(super) fn over(conn: &mut PgConnection, session: Uuid) -> Result<()> {
    let now = Utc::now();
    diesel::update(support_visits::table)
        .filter(support_visits::session_id.eq(session).and(support_visits::left_at.is_null()))
        .set((support_visits::left_at.eq(now), support_visits::updated_at.eq(now)))
        .execute(conn)?;
    Ok(())
}
