//! What platform administrators do with tenants. Each function begins as the platform's role, inside
//! `PlatformDb::administer`, and steps down to write its entry into the tenant's own log.

use super::limits::Limits;
use super::model::{PLATFORM, TenantKey};
use crate::kit::audit::{self, Entry};
use crate::kit::db::step_down;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::{TenantId, TenantStatus};
use crate::schema::{tenants, user_sessions};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

/// What the form of a tenant says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tenants, treat_none_as_null = true)]
pub struct TenantDetails {
    pub name: String,
    /// Lower-case words joined by hyphens.
    pub slug: String,
    pub description: Option<String>,
    /// IANA name.
    pub time_zone: String,
    pub locale: String,
    #[diesel(embed)]
    #[serde(flatten)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tenants)]
pub struct Tenant {
    pub id: TenantKey,
    pub status: TenantStatus,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    pub details: TenantDetails,
}

impl Tenant {
    pub fn is_at_work(&self) -> bool {
        self.status == TenantStatus::Active && self.deleted_at.is_none()
    }
}

/// Deleted ones as well; never the platform's own.
#[auto_type]
fn of(tenant: TenantId) -> _ {
    let (id, platform): (Uuid, Uuid) = (tenant.get(), PLATFORM);
    tenants::table.filter(tenants::id.eq(id)).filter(tenants::id.ne(platform))
}

#[auto_type]
fn sessions_of(tenant: TenantId) -> _ {
    user_sessions::table.filter(user_sessions::tenant_id.eq(tenant))
}

/// # Errors
/// `NotFound` for an id that is nobody's, and for the platform's own tenant.
pub fn find(conn: &mut PgConnection, tenant: TenantId) -> Result<Tenant> {
    Ok(of(tenant).select(Tenant::as_select()).first(conn)?)
}

/// # Errors
/// `Taken("tenants_name_taken")` or `Taken("tenants_slug_taken")`.
pub fn create(conn: &mut PgConnection, tenant: TenantId, details: &TenantDetails) -> Result<()> {
    diesel::insert_into(tenants::table).values((tenants::id.eq(tenant.get()), details)).execute(conn)?;
    step_down(conn)?;
    audit::record(conn, tenant, &Entry::new("created", "tenants", tenant.get()).after(details))
}

/// # Errors
/// As [`create`]; `Refused` for a deleted one.
pub fn edit(conn: &mut PgConnection, tenant: TenantId, details: &TenantDetails) -> Result<()> {
    let before = held(conn, tenant)?;
    if before.deleted_at.is_some() {
        return Err(Error::Refused(format!("{} was deleted. Restore it to change it.", before.details.name)));
    }
    let Some((before, after)) = audit::difference(&before.details, details)? else { return Ok(()) };
    diesel::update(of(tenant)).set((details, tenants::updated_at.eq(Utc::now()))).execute(conn)?;
    step_down(conn)?;
    let entry = Entry::new("changed", "tenants", tenant.get());
    audit::record(conn, tenant, &entry.before(before).after(after))?;
    live::announce(conn, tenant, crate::kit::sessions::USER_CHANGED, tenant.get())
}

/// Its users are signed out at once; what customers write is still taken in, and nothing is sent.
pub fn deactivate(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    set_status(conn, tenant, TenantStatus::Inactive)?;
    shut_out(conn, tenant)
}

pub fn activate(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    set_status(conn, tenant, TenantStatus::Active)
}

fn set_status(conn: &mut PgConnection, tenant: TenantId, status: TenantStatus) -> Result<()> {
    let before = held(conn, tenant)?;
    if before.status != status {
        diesel::update(of(tenant))
            .set((tenants::status.eq(status), tenants::updated_at.eq(Utc::now())))
            .execute(conn)?;
    }
    step_down(conn)?;
    if before.status == status {
        return Ok(()); // asked twice
    }
    let action = if status == TenantStatus::Active { "activated" } else { "deactivated" };
    let entry = Entry::new(action, "tenants", tenant.get());
    audit::record(conn, tenant, &entry.before(json!({ "status": before.status })).after(json!({ "status": status })))
}

/// Takes it off every list but that of the deleted; all its rows stay, and it can be restored.
///
/// # Errors
/// `Refused` unless `name` is its name.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, name: &str) -> Result<()> {
    let before = held(conn, tenant)?;
    if before.details.name != name {
        return Err(Error::Refused(format!("Type the name “{}” to delete it.", before.details.name)));
    }
    set_deleted(conn, tenant, before.deleted_at, Some(Utc::now()))?;
    shut_out(conn, tenant)
}

/// Brings it back as it was, at work or not; its users sign in anew.
///
/// # Errors
/// `Refused` when another tenant has its name or slug by now.
pub fn restore(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let before = held(conn, tenant)?;
    set_deleted(conn, tenant, before.deleted_at, None).map_err(|error| match error {
        Error::Taken(_) => Error::Refused(format!(
            "Another tenant is called “{}” or has the short name “{}” by now. Rename that one first.",
            before.details.name, before.details.slug
        )),
        error => error,
    })
}

fn set_deleted(
    conn: &mut PgConnection,
    tenant: TenantId,
    before: Option<DateTime<Utc>>,
    at: Option<DateTime<Utc>>,
) -> Result<()> {
    let is_news = before.is_some() != at.is_some();
    if is_news {
        diesel::update(of(tenant))
            .set((tenants::deleted_at.eq(at), tenants::updated_at.eq(Utc::now())))
            .execute(conn)?;
    }
    step_down(conn)?;
    if !is_news {
        return Ok(()); // asked twice
    }
    let action = if at.is_some() { "deleted" } else { "restored" };
    audit::record(conn, tenant, &Entry::new(action, "tenants", tenant.get()))
}

/// The row, and until the end of the transaction nobody else changes it.
fn held(conn: &mut PgConnection, tenant: TenantId) -> Result<Tenant> {
    Ok(of(tenant).select(Tenant::as_select()).for_no_key_update().first(conn)?)
}

/// Ends every session of the tenant's users, and with it their streams; the entry is that of the change.
fn shut_out(conn: &mut PgConnection, tenant: TenantId) -> Result<()> {
    let ended: Vec<Uuid> = diesel::update(sessions_of(tenant))
        .filter(user_sessions::is_revoked.eq(false))
        .set((user_sessions::is_revoked.eq(true), user_sessions::updated_at.eq(Utc::now())))
        .returning(user_sessions::id)
        .get_results(conn)?;
    for session in ended {
        live::announce(conn, tenant, live::SESSION_ENDED, session)?;
    }
    Ok(())
}
