//! Merges, as rows.

use crate::customers::model::CustomerId;
use crate::ids;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::customer_merges;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::Value;

ids! {
    /// Two records joined into one.
    MergeId,
}

/// Merges on a customer's page, newest first.
pub const SHOWN: usize = 50;

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    customer_merges::table.filter(customer_merges::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = customer_merges)]
pub struct Merge {
    pub id: MergeId,
    pub kept_id: CustomerId,
    pub lost_id: CustomerId,
    /// `form`, `api` or `whatsapp`.
    pub source: String,
    pub lost_state: crate::customers::model::CustomerState,
    /// Of [`Threads`].
    pub threads: Value,
    pub sealed_words: Option<Vec<u8>>,
    /// None: the desk itself.
    pub merged_by: Option<UserId>,
    pub split_by: Option<UserId>,
    pub split_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Two conversations over one number that became one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threads {
    pub lost: uuid::Uuid,
    pub kept: uuid::Uuid,
}

impl Merge {
    pub fn threads(&self) -> Vec<Threads> {
        serde_json::from_value(self.threads.clone()).unwrap_or_default()
    }
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: MergeId) -> Result<Merge> {
    Ok(of(tenant).filter(customer_merges::id.eq(id)).select(Merge::as_select()).first(conn)?)
}

/// What was joined into a customer, or the customer into; newest first, at most `size`, older than `after`.
pub fn of_customer(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    after: Option<MergeId>,
    size: usize,
) -> Result<Vec<Merge>> {
    let mut rows = of(tenant)
        .filter(customer_merges::kept_id.eq(id).or(customer_merges::lost_id.eq(id)))
        .order(customer_merges::id.desc())
        .limit(size as i64)
        .select(Merge::as_select())
        .into_boxed::<diesel::pg::Pg>();
    if let Some(after) = after {
        rows = rows.filter(customer_merges::id.lt(after));
    }
    Ok(rows.load(conn)?)
}

/// A later merge that stands on this one, so that it must be taken apart first.
pub fn later(conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<Option<Merge>> {
    let both = [merge.kept_id, merge.lost_id];
    let row = of(tenant)
        .filter(customer_merges::split_at.is_null().and(customer_merges::id.gt(merge.id)))
        .filter(customer_merges::kept_id.eq_any(both).or(customer_merges::lost_id.eq_any(both)))
        .order(customer_merges::id.desc())
        .select(Merge::as_select())
        .first(conn)
        .optional()?;
    Ok(row)
}

/// How much there is of a customer that a merge would move.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Belongings {
    #[diesel(sql_type = BigInt)]
    pub addresses: i64,
    #[diesel(sql_type = BigInt)]
    pub conversations: i64,
    #[diesel(sql_type = BigInt)]
    pub labels: i64,
    #[diesel(sql_type = BigInt)]
    pub consents: i64,
}

pub fn belongings(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Belongings> {
    let of = |table: &str, living: &str| {
        format!("(SELECT count(*) FROM {table} WHERE tenant_id = $1 AND customer_id = $2 {living})")
    };
    let sql = format!(
        "SELECT {} AS addresses, {} AS conversations, {} AS labels, {} AS consents",
        of("customer_identities", "AND deleted_at IS NULL"),
        of("conversations", "AND deleted_at IS NULL"),
        of("customer_labels", ""),
        of("consents", ""),
    );
    Ok(diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id).get_result(conn)?)
}
