//! Types of many customers at once.

use super::model::{CustomerId, CustomerType, of};
use super::states::CUSTOMER_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::customers;
use chrono::Utc;
use diesel::prelude::*;
use serde_json::json;

/// What decides which type somebody can be of.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct Known {
    pub id: CustomerId,
    pub customer_type: CustomerType,
    first_name: Option<String>,
    last_name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

impl Known {
    /// Why not, if not.
    pub fn refuses(&self, wanted: CustomerType) -> Option<&'static str> {
        let is_somebody =
            [&self.first_name, &self.last_name, &self.phone, &self.email].into_iter().any(Option::is_some);
        match wanted {
            _ if wanted == self.customer_type => Some("This customer is of that type already."),
            CustomerType::Regular if self.phone.is_none() || self.email.is_none() => {
                Some("A regular customer needs a phone number and an email address.")
            }
            CustomerType::Regular | CustomerType::Anonymous => None,
            _ if is_somebody => None,
            _ => Some("Without name, phone number and email address one can only be anonymous."),
        }
    }
}

/// Those of them who were not deleted; nobody else changes them until the transaction ends.
pub fn present(conn: &mut PgConnection, tenant: TenantId, ids: &[CustomerId]) -> Result<Vec<Known>> {
    let rows = of(tenant).filter(customers::id.eq_any(ids)).order(customers::id).for_no_key_update();
    Ok(rows.select(Known::as_select()).load(conn)?)
}

/// Makes them of that type.
pub fn set(conn: &mut PgConnection, tenant: TenantId, all: &[&Known], wanted: CustomerType) -> Result<()> {
    let ids: Vec<CustomerId> = all.iter().map(|known| known.id).collect();
    diesel::update(of(tenant).filter(customers::id.eq_any(&ids)))
        .set((customers::customer_type.eq(wanted), customers::updated_at.eq(Utc::now())))
        .execute(conn)?;
    for known in all {
        let entry = Entry::new("changed", "customers", known.id.get());
        let (before, after) = (json!({ "customer_type": known.customer_type }), json!({ "customer_type": wanted }));
        audit::record(conn, tenant, &entry.before(before).after(after))?;
        live::announce(conn, tenant, CUSTOMER_CHANGED, known.id.get())?;
    }
    Ok(())
}
