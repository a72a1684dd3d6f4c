//! Which labels stick to which customers.

use super::model::CustomerId;
use super::states::CUSTOMER_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as labels, Label, LabelId};
use crate::schema::customer_labels;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use std::collections::HashSet;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    customer_labels::table.filter(customer_labels::tenant_id.eq(tenant))
}

/// The labels of each of these customers, by name; deleted labels are out of sight.
pub fn of_customers(
    conn: &mut PgConnection,
    tenant: TenantId,
    customers: &[CustomerId],
) -> Result<Vec<(CustomerId, Label)>> {
    let pairs: Vec<(CustomerId, LabelId)> = of(tenant)
        .filter(customer_labels::customer_id.eq_any(customers))
        .select((customer_labels::customer_id, customer_labels::label_id))
        .load(conn)?;
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let known = labels::list(conn, tenant, false)?;
    let of_label = |label: &Label| {
        let on: Vec<CustomerId> = pairs.iter().filter(|(_, id)| *id == label.id).map(|(on, _)| *on).collect();
        on.into_iter().map(|customer| (customer, label.clone())).collect::<Vec<_>>()
    };
    Ok(known.iter().flat_map(of_label).collect())
}

/// Makes `wanted` the customer's labels.
pub fn replace(conn: &mut PgConnection, tenant: TenantId, id: CustomerId, wanted: &[LabelId]) -> Result<()> {
    let known = labels::list(conn, tenant, false)?;
    let now: Vec<LabelId> = of_customers(conn, tenant, &[id])?.into_iter().map(|(_, label)| label.id).collect();
    let is_wanted = |label: &&Label| wanted.contains(&label.id);
    let come: Vec<&Label> = known.iter().filter(|label| is_wanted(label) && !now.contains(&label.id)).collect();
    let go: Vec<&Label> = known.iter().filter(|label| !is_wanted(label) && now.contains(&label.id)).collect();
    if come.is_empty() && go.is_empty() {
        return Ok(());
    }
    let gone: Vec<LabelId> = go.iter().map(|label| label.id).collect();
    let theirs = of(tenant).filter(customer_labels::customer_id.eq(id).and(customer_labels::label_id.eq_any(gone)));
    diesel::delete(theirs).execute(conn)?;
    let row = |label: &&Label| {
        (
            customer_labels::tenant_id.eq(tenant),
            customer_labels::customer_id.eq(id),
            customer_labels::label_id.eq(label.id),
        )
    };
    let rows: Vec<_> = come.iter().map(row).collect();
    diesel::insert_into(customer_labels::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    let names = |labels: &[&Label]| labels.iter().map(|label| label.name.clone()).collect::<Vec<_>>();
    let entry = Entry::new("labelled", "customers", id.get());
    audit::record(
        conn,
        tenant,
        &entry.before(json!({ "labels": names(&go) })).after(json!({ "labels": names(&come) })),
    )?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())
}

/// Sticks the label to these customers; answers to whom it did not stick before.
pub fn stick(
    conn: &mut PgConnection,
    tenant: TenantId,
    customers: &[CustomerId],
    label: &Label,
) -> Result<HashSet<CustomerId>> {
    let row = |id: &CustomerId| {
        (
            customer_labels::tenant_id.eq(tenant),
            customer_labels::customer_id.eq(*id),
            customer_labels::label_id.eq(label.id),
        )
    };
    let rows: Vec<_> = customers.iter().map(row).collect();
    let changed: Vec<CustomerId> = diesel::insert_into(customer_labels::table)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(customer_labels::customer_id)
        .get_results(conn)?;
    for id in &changed {
        let entry = Entry::new("labelled", "customers", id.get());
        audit::record(conn, tenant, &entry.after(json!({ "labels": [label.name] })))?;
        live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())?;
    }
    Ok(changed.into_iter().collect())
}

/// Takes the label off these customers; answers to whom it stuck.
pub fn unstick(
    conn: &mut PgConnection,
    tenant: TenantId,
    customers: &[CustomerId],
    label: &Label,
) -> Result<HashSet<CustomerId>> {
    let theirs =
        of(tenant).filter(customer_labels::customer_id.eq_any(customers).and(customer_labels::label_id.eq(label.id)));
    let changed: Vec<CustomerId> = diesel::delete(theirs).returning(customer_labels::customer_id).get_results(conn)?;
    for id in &changed {
        let entry = Entry::new("labelled", "customers", id.get());
        audit::record(conn, tenant, &entry.before(json!({ "labels": [label.name] })))?;
        live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())?;
    }
    Ok(changed.into_iter().collect())
}
