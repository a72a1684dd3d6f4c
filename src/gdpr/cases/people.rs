//! Finding the customer whom somebody names, and the names of customers on a page.

use crate::customers::addresses;
use crate::customers::model::{self as customer, CustomerId, IdentityKind};
use crate::kit::email::Email;
use crate::kit::error::Result;
use crate::kit::phone::{Phone, Region};
use crate::kit::tenant::TenantId;
use crate::schema::customers;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::HashMap;

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

/// The customer whose id, phone number or email address this is; also a deleted one by their id.
pub fn named(
    conn: &mut PgConnection,
    tenant: TenantId,
    words: &str,
    region: Option<Region>,
) -> Result<Option<CustomerId>> {
    let words = words.trim();
    if let Ok(id) = words.parse::<CustomerId>() {
        return Ok(ever_of(tenant).filter(customers::id.eq(id)).select(customers::id).first(conn).optional()?);
    }
    if let Ok(phone) = Phone::parse(words, region)
        && let Some(found) = addresses::holder(conn, tenant, IdentityKind::Phone, phone.digits())?
    {
        return Ok(Some(found));
    }
    match Email::parse(words) {
        Ok(email) => addresses::holder(conn, tenant, IdentityKind::Email, email.as_str()),
        Err(_) => Ok(None),
    }
}

/// A customer as far as pages of the desk name them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Named {
    pub id: CustomerId,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub state: crate::customers::model::CustomerState,
}

impl Named {
    /// Their name; None where none is known.
    pub fn name(&self) -> Option<String> {
        customer::name(&self.first_name, &self.last_name, &self.display_name)
    }
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Named> {
    Ok(ever_of(tenant).filter(customers::id.eq(id)).select(Named::as_select()).first(conn)?)
}

/// Those of a page.
pub fn several(conn: &mut PgConnection, tenant: TenantId, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Named>> {
    let rows: Vec<Named> = ever_of(tenant).filter(customers::id.eq_any(ids)).select(Named::as_select()).load(conn)?;
    Ok(rows.into_iter().map(|named| (named.id, named)).collect())
}
