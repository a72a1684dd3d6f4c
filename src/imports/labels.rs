//! Labels that rows bring along.

use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{customer_labels, labels};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[auto_type]
fn labels_of(tenant: TenantId) -> _ {
    labels::table.filter(labels::tenant_id.eq(tenant)).filter(labels::deleted_at.is_null())
}

#[auto_type]
fn stuck_of(tenant: TenantId) -> _ {
    customer_labels::table.filter(customer_labels::tenant_id.eq(tenant))
}

/// (id, name), by name: at most 1,000.
pub fn all(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<(Uuid, String)>> {
    let every = labels_of(tenant).order((labels::name, labels::id)).limit(1000);
    Ok(every.select((labels::id, labels::name)).load(conn)?)
}

/// The same as they are looked up: without regard to capitals.
pub fn by_name(all: &[(Uuid, String)]) -> HashMap<String, Uuid> {
    all.iter().map(|(id, name)| (name.to_lowercase(), *id)).collect()
}

/// Which labels these customers carry.
pub fn carried(
    conn: &mut PgConnection,
    tenant: TenantId,
    customers: &[CustomerId],
) -> Result<HashMap<CustomerId, HashSet<Uuid>>> {
    let these = stuck_of(tenant).filter(customer_labels::customer_id.eq_any(customers));
    let rows: Vec<(CustomerId, Uuid)> =
        these.select((customer_labels::customer_id, customer_labels::label_id)).load(conn)?;
    let mut carried: HashMap<CustomerId, HashSet<Uuid>> = HashMap::new();
    for (customer, label) in rows {
        carried.entry(customer).or_default().insert(label);
    }
    Ok(carried)
}

/// Sticks labels to customers; the caller writes it down.
pub(super) fn stick(conn: &mut PgConnection, tenant: TenantId, pairs: &[(CustomerId, Uuid)]) -> Result<()> {
    // Three values each; a statement takes 65,535.
    for some in pairs.chunks(10_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|(customer, label)| {
                (
                    customer_labels::tenant_id.eq(tenant),
                    customer_labels::customer_id.eq(*customer),
                    customer_labels::label_id.eq(*label),
                )
            })
            .collect();
        diesel::insert_into(customer_labels::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    }
    Ok(())
}
