//! A record's row, read and written as a whole.

use super::model::Merge;
use crate::customers::attributes::Values;
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::note;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use serde_json::{Map, Value};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    row: Value,
}

/// Every column by its name.
pub(super) fn row(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<Map<String, Value>> {
    let sql = "SELECT to_jsonb(c) AS row FROM customers c WHERE tenant_id = $1 AND id = $2";
    let found: Row = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id).get_result(conn)?;
    Ok(found.row.as_object().cloned().unwrap_or_default())
}

const COLUMNS: &str = "first_name, last_name, display_name, phone, email, company, customer_type, locale, time_zone, \
                       external_id, last_seen_at, attributes";

/// Writes columns of a record; those that `values` does not name stay.
pub(super) fn write(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    values: &Map<String, Value>,
) -> Result<()> {
    let sql = format!(
        "UPDATE customers c SET ({COLUMNS}, updated_at) = (SELECT {new}, now() FROM jsonb_populate_record(c, $3) AS n) \
         WHERE c.tenant_id = $1 AND c.id = $2",
        new = COLUMNS.split(", ").map(|column| format!("n.{}", column.trim())).collect::<Vec<_>>().join(", "),
    );
    let query = diesel::sql_query(sql).bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(id);
    query.bind::<Jsonb, _>(Value::Object(values.clone())).execute(conn)?;
    Ok(())
}

pub(super) fn seal(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: CustomerId,
    note: Option<&str>,
    sensitive: &Values,
) -> Result<()> {
    let sealed = note.map(|note| note::seal(vault, id, note));
    let words = note.map(|note| note::words(vault, note)).unwrap_or_default();
    diesel::sql_query(
        "UPDATE customers SET sealed_note = $3, note_words = $4, sealed_attributes = $5 WHERE tenant_id = $1 AND id = $2",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .bind::<Nullable<Binary>, _>(sealed)
    .bind::<Array<BigInt>, _>(words)
    .bind::<Nullable<Binary>, _>(note::seal_values(vault, id, sensitive)?)
    .execute(conn)?;
    Ok(())
}

/// The other record stands again, in the state that it had.
pub(super) fn revive(conn: &mut PgConnection, tenant: TenantId, merge: &Merge) -> Result<()> {
    // The step from deleted leads to active only; where it was before is the next one.
    for state in [CustomerState::Active, merge.lost_state] {
        diesel::sql_query(
            "UPDATE customers SET state = $3::customer_state, deleted_at = NULL, merged_into_id = NULL, updated_at = now() \
             WHERE tenant_id = $1 AND id = $2 AND state <> $3::customer_state",
        )
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(merge.lost_id)
        .bind::<Text, _>(state.word())
        .execute(conn)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Is {
    #[diesel(sql_type = Bool)]
    is: bool,
}

/// Whether nobody has ever written into a record: WhatsApp and the desk alone have made it.
pub(super) fn is_machine_made(conn: &mut PgConnection, tenant: TenantId, id: CustomerId) -> Result<bool> {
    let found: Option<Is> = diesel::sql_query(
        "SELECT customer_type IN ('new', 'anonymous') AND state = 'active' AND first_name IS NULL AND last_name IS NULL \
             AND email IS NULL AND company IS NULL AND external_id IS NULL AND sealed_note IS NULL \
             AND sealed_attributes IS NULL AND attributes = '{}' AND restricted_at IS NULL \
             AND NOT EXISTS (SELECT FROM customer_labels l WHERE l.tenant_id = $1 AND l.customer_id = $2) AS is \
         FROM customers WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL",
    )
    .bind::<SqlUuid, _>(tenant)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .optional()?;
    Ok(found.is_some_and(|found| found.is))
}
