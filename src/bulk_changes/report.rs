//! What came of a change: how many of each outcome, and who was not changed, with why.

use super::model::{BulkChangeId, Outcome, rows_of};
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::bulk_change_rows;
use diesel::prelude::*;

/// Rows of a page.
pub const PAGE: usize = 100;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bulk_change_rows)]
pub struct Row {
    pub customer_id: CustomerId,
    pub outcome: Outcome,
    pub reason: Option<String>,
}

/// How many customers of each outcome there are.
pub fn counts(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<Vec<(Outcome, i64)>> {
    let rows = rows_of(tenant, id)
        .group_by(bulk_change_rows::outcome)
        .select((bulk_change_rows::outcome, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows)
}

/// Those who were skipped or kept, `size + 1` after `after`.
pub fn unchanged(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: BulkChangeId,
    after: Option<CustomerId>,
    size: usize,
) -> Result<Vec<Row>> {
    let mut rows = rows_of(tenant, id)
        .filter(bulk_change_rows::reason.is_not_null())
        .order(bulk_change_rows::customer_id)
        .limit(size as i64 + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(bulk_change_rows::customer_id.gt(after));
    }
    Ok(rows.load(conn)?)
}
