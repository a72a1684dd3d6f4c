//! One record becomes two again.

use super::merging::count_consents;
use super::model::{self, Merge, MergeId};
use super::pairs::{self, PairState};
use super::person::{self, Pair};
use super::{moving, parting, record, threads};
use crate::customers::model::CustomerState;
use crate::customers::states::{self, CUSTOMER_CHANGED};
use crate::kit::audit::{self, Entry};
use crate::kit::db::again;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::customer_merges;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use serde_json::json;

/// Takes a merge back, at any time: every row that it moved goes back, and so does every field that nobody has changed
/// since. Messages that came in since go with the address that they came from or went to; all else that is new stays with
/// the kept record. From then on the two count as told apart: they are not proposed again, nor joined by WhatsApp.
///
/// # Errors
/// `NotFound`; `Refused`, with a sentence, when they are apart already, when a later merge stands on this one, when either
/// has been deleted or erased since or is restricted, and when an address of the other record belongs to a third by now.
pub fn split(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: MergeId,
    by: Option<UserId>,
) -> Result<Merge> {
    // As in merging::merge.
    again(conn, |conn| take_apart(conn, tenant, vault, id, by))
}

fn take_apart(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: MergeId,
    by: Option<UserId>,
) -> Result<Merge> {
    let merge = model::find(conn, tenant, id)?;
    let both = Pair::hold(conn, tenant, vault, merge.kept_id, merge.lost_id)?;
    // Two who ask at once take turns at the records.
    let merge = model::find(conn, tenant, id)?;
    must_be_possible(conn, tenant, &merge, &both)?;
    person::part(conn, tenant, vault, &merge, &both)?;
    forget_kept(conn, tenant, &merge)?;
    let noted = parting::take_notes(conn, tenant, &merge)?;
    moving::back(conn, tenant, id, &[])?;
    record::revive(conn, tenant, &merge).map_err(explain)?;
    states::tell(conn, tenant, merge.lost_id, CustomerState::Deleted, merge.lost_state, "Taken apart again", by)?;
    parting::part(conn, tenant, &merge, &noted)?;
    for customer in [merge.kept_id, merge.lost_id] {
        threads::name(conn, tenant, id, customer)?;
    }
    count_consents(conn, tenant, [merge.kept_id, merge.lost_id])?;
    pairs::decide(conn, tenant, (merge.kept_id, merge.lost_id), PairState::Dismissed, by)?;
    close(conn, tenant, &merge, by)?;
    let entry = Entry::new("split", "customers", merge.kept_id.get());
    audit::record(conn, tenant, &entry.after(json!({ "merge": id, "taken_apart": merge.lost_id })))?;
    for customer in [merge.kept_id, merge.lost_id] {
        live::announce(conn, tenant, CUSTOMER_CHANGED, customer.get())?;
    }
    Ok(merge)
}

fn must_be_possible(conn: &mut PgConnection, tenant: TenantId, merge: &Merge, both: &Pair) -> Result<()> {
    if merge.split_at.is_some() {
        return Err(Error::Refused("These two were taken apart already.".into()));
    }
    if model::later(conn, tenant, merge)?.is_some() {
        return Err(Error::Refused(
            "One of them was joined with somebody else since. Take that apart first: merges are undone in reverse order."
                .into(),
        ));
    }
    both.must_be_splittable()
}

fn explain(error: Error) -> Error {
    match error {
        Error::Taken(index) => {
            let what = match index.as_str() {
                "customers_phone_taken" => "phone number",
                "customers_email_taken" => "email address",
                _ => "external id",
            };
            Error::Refused(format!(
                "The other record's {what} belongs to another customer by now. Change it there first; nothing was changed."
            ))
        }
        error => error,
    }
}

/// The kept record's own fields are back already.
fn forget_kept(conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<()> {
    diesel::sql_query(
        "DELETE FROM customer_merge_rows WHERE tenant_id = $1 AND merge_id = $2 AND relation = 'customers' \
         AND row_key ->> 'id' = $3",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(merge.id)
    .bind::<Text, _>(merge.kept_id.to_string())
    .execute(conn)?;
    Ok(())
}

/// What was written down has served.
fn close(conn: &mut PgConnection, tenant: TenantId, merge: &Merge, by: Option<UserId>) -> Result<()> {
    diesel::sql_query("DELETE FROM customer_merge_rows WHERE tenant_id = $1 AND merge_id = $2")
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(merge.id)
        .execute(conn)?;
    let now = Utc::now();
    diesel::update(model::of(tenant).filter(customer_merges::id.eq(merge.id)))
        .set((
            customer_merges::split_at.eq(now),
            customer_merges::split_by.eq(by),
            customer_merges::sealed_words.eq(None::<Vec<u8>>),
            customer_merges::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
