//! Two records become one.

use super::choice::Choice;
use super::model::MergeId;
use super::moving::{self, Move, STAYING};
use super::pairs::{self, PairState};
use super::person::{self, Pair};
use super::threads;
use crate::customers::changes::Record;
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::states::{self, CUSTOMER_CHANGED};
use crate::kit::audit::{self, Entry};
use crate::kit::db::again;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::customer_merges;
use crate::users::model::UserId;
use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use serde_json::json;

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Order {
    /// The record that stays.
    pub kept: CustomerId,
    /// The one that becomes part of it.
    pub lost: CustomerId,
    pub choice: Choice,
    /// `form`, `api` or `whatsapp`.
    pub source: &'static str,
    /// None: the desk itself.
    pub by: Option<UserId>,
}

/// Joins two records: everything that points at one points at the other from now on, and everything is written down so
/// that [`splitting::split`](super::splitting::split) can undo it. Where both have a conversation over one number, the
/// messages of the one move into the other.
///
/// # Errors
/// `NotFound` for a record that is not the tenant's; `Refused`, with a sentence, for one and the same record, for one
/// that was deleted or erased or whose use is restricted, and when the chosen values make no valid record.
pub fn merge(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, order: &Order) -> Result<MergeId> {
    // Messages come in meanwhile, each of which takes its rows in the order that suits it.
    again(conn, |conn| join(conn, tenant, vault, order))
}

fn join(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, order: &Order) -> Result<MergeId> {
    let Order { kept, lost, source, by, .. } = *order;
    let both = Pair::hold(conn, tenant, vault, kept, lost)?;
    if let Some(why) = hindrance(both.records()) {
        return Err(Error::Refused(why));
    }
    let merge = MergeId::new();
    diesel::insert_into(customer_merges::table)
        .values((
            customer_merges::tenant_id.eq(tenant),
            customer_merges::id.eq(merge),
            customer_merges::kept_id.eq(kept),
            customer_merges::lost_id.eq(lost),
            customer_merges::source.eq(source),
            customer_merges::lost_state.eq(both.lost_state()),
            customer_merges::merged_by.eq(by),
        ))
        .execute(conn)?;
    let ends = Move { merge, from: lost.get(), to: kept.get() };
    moving::all(conn, tenant, "customers", STAYING, ends)?;
    threads::join(conn, tenant, ends)?;
    let reason = format!("Joined with {}", both.kept_title());
    states::go(conn, tenant, lost, CustomerState::Deleted, Some(&cut(&reason)), by)?;
    let changes = person::join(conn, tenant, vault, merge, &both, &order.choice)?;
    threads::name(conn, tenant, merge, kept)?;
    count_consents(conn, tenant, [kept, lost])?;
    pairs::decide(conn, tenant, (kept, lost), PairState::Merged, by)?;
    let told = json!({ "merge": merge, "joined": lost, "source": source, "fields": changes.after });
    let entry = Entry::new("merged", "customers", kept.get()).before(json!({ "fields": changes.before }));
    audit::record(conn, tenant, &entry.after(told))?;
    for customer in [kept, lost] {
        live::announce(conn, tenant, CUSTOMER_CHANGED, customer.get())?;
    }
    Ok(merge)
}

/// Why two records cannot be joined, in a sentence.
pub fn hindrance(both: [&Record; 2]) -> Option<String> {
    person::hindrance(both)
}

fn cut(reason: &str) -> String {
    reason.chars().take(500).collect()
}

/// The newest word of each customer, purpose and channel, from the ledger as it stands now.
pub(super) fn count_consents(conn: &mut PgConnection, tenant: TenantId, customers: [CustomerId; 2]) -> Result<()> {
    let both = customers.map(CustomerId::get);
    diesel::sql_query("DELETE FROM consent_states WHERE tenant_id = $1 AND customer_id = ANY($2)")
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<SqlUuid>, _>(both.as_slice())
        .execute(conn)?;
    diesel::sql_query(
        "INSERT INTO consent_states (tenant_id, customer_id, purpose, channel, state, consent_id, occurred_at) \
         SELECT DISTINCT ON (customer_id, purpose, channel) tenant_id, customer_id, purpose, channel, state, id, occurred_at \
         FROM consents WHERE tenant_id = $1 AND customer_id = ANY($2) \
         ORDER BY customer_id, purpose, channel, occurred_at DESC, id DESC",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<Array<SqlUuid>, _>(both.as_slice())
    .execute(conn)?;
    Ok(())
}
