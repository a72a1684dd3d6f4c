//! Restriction of processing (Article 18 of the GDPR): the data is kept and not used. A restricted customer is not
//! written to and stands in no export.

use super::model::CustomerId;
use super::states::{self, CUSTOMER_CHANGED};
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::customers;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

/// Restricts the use of a customer's data, or lifts that; what is so already stays as it is.
///
/// # Errors
/// `NotFound`; `Refused` for somebody who was erased.
pub fn set(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, is_restricted: bool, why: &str) -> Result<()> {
    states::refuse_erased(conn, tenant, id)?;
    let now = Utc::now();
    let this = ever_of(tenant).filter(customers::id.eq(id));
    let set = (customers::restricted_at.eq(is_restricted.then_some(now)), customers::updated_at.eq(now));
    let changed = match is_restricted {
        true => diesel::update(this.filter(customers::restricted_at.is_null())).set(set).execute(conn)?,
        false => diesel::update(this.filter(customers::restricted_at.is_not_null())).set(set).execute(conn)?,
    };
    if changed == 0 {
        return Ok(());
    }
    let action = if is_restricted { "restricted" } else { "unrestricted" };
    let entry = Entry { action, ..Entry::new("restricted", "customers", id.get()) };
    audit::record(conn, tenant, &entry.after(json!({ "reason": why })))?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())
}

/// Since when it is so.
pub fn since(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Option<DateTime<Utc>>> {
    Ok(ever_of(tenant).filter(customers::id.eq(id)).select(customers::restricted_at).first(conn)?)
}
