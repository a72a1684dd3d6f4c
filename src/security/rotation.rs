//! A new secret key: what the former ones have sealed is sealed anew, row by row, while everything goes on.

use crate::customers::note;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::kit::vault::{Vault, place};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bytea, Uuid as SqlUuid};
use serde_json::json;
use uuid::Uuid;

/// Everything that is sealed at rest and outlives the day: (table, column, the column that its place names).
pub const SEALED: &[(&str, &str, &str)] = &[
    ("authenticators", "secret", "user_id"),
    ("customer_merges", "sealed_words", "id"),
    ("customers", "sealed_attributes", "id"),
    ("customers", NOTE, "id"),
    ("microsoft_accounts", "access_token", "id"),
    ("microsoft_accounts", "refresh_token", "id"),
    ("waha_sessions", "hmac_key", "id"),
    ("waha_sessions", "waha_api_key", "id"),
];
/// Its words are hashed with the key, too.
const NOTE: &str = "sealed_note";
/// Rows of a transaction.
const CHUNK: i64 = 200;

#[derive(QueryableByName)]
struct Sealed {
    #[diesel(sql_type = SqlUuid)]
    place: Uuid,
    #[diesel(sql_type = Bytea)]
    sealed: Vec<u8>,
}

/// Seals some rows of the tenant anew and tells how many; none is left when that is 0.
///
/// # Errors
/// `Unexpected` when a value opens with none of the known keys: nothing of its chunk is changed.
pub fn renew(conn: &mut PgConnection, tenant: TenantId, vault: &Vault) -> Result<usize> {
    for (table, column, key) in SEALED {
        let rows = under_former_keys(conn, tenant, vault, (table, column, key))?;
        if rows.is_empty() {
            continue;
        }
        for Sealed { place: row, sealed } in &rows {
            let place = place(&format!("{table}.{column}"), row);
            let plain = vault.open(&place, sealed)?;
            let fresh = vault.seal(&place, plain.expose());
            let update = format!("UPDATE {table} SET {column} = $1 WHERE tenant_id = $2 AND {key} = $3");
            let update = diesel::sql_query(update).bind::<Bytea, _>(fresh);
            update.bind::<SqlUuid, _>(tenant).bind::<SqlUuid, _>(row).execute(conn)?;
            if *column == NOTE {
                let text = String::from_utf8_lossy(plain.expose());
                diesel::sql_query("UPDATE customers SET note_words = $1 WHERE tenant_id = $2 AND id = $3")
                    .bind::<Array<BigInt>, _>(note::words(vault, &text))
                    .bind::<SqlUuid, _>(tenant)
                    .bind::<SqlUuid, _>(row)
                    .execute(conn)?;
            }
        }
        let entry = Entry::of("renewed", "encryption");
        audit::record(
            conn,
            tenant,
            &entry.after(json!({ "column": format!("{table}.{column}"), "rows": rows.len() })),
        )?;
        return Ok(rows.len());
    }
    Ok(0)
}

fn under_former_keys(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    (table, column, key): (&str, &str, &str),
) -> Result<Vec<Sealed>> {
    let sql = format!(
        "SELECT {key} AS place, {column} AS sealed FROM {table} \
         WHERE tenant_id = $1 AND {column} IS NOT NULL AND substring({column} FROM 1 FOR 4) <> $2 \
         ORDER BY {key} LIMIT $3 FOR UPDATE SKIP LOCKED"
    );
    let rows = diesel::sql_query(sql)
        .bind::<SqlUuid, _>(tenant)
        .bind::<Bytea, _>(vault.mark().to_vec())
        .bind::<BigInt, _>(CHUNK)
        .load(conn);
    rows.map_err(Error::from)
}
