//! What names a customer may come once in a file: which row has named it first is remembered as a keyed hash, because a
//! file of millions is checked a few rows at a time.

use super::model::{Import, ImportId};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::import_keys;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Uuid as SqlUuid};
use std::collections::HashMap;

#[auto_type]
fn keys_of(tenant: TenantId, import: ImportId) -> _ {
    import_keys::table.filter(import_keys::tenant_id.eq(tenant)).filter(import_keys::import_id.eq(import))
}

/// The hash of an address; `kind` is the field's word.
pub fn hash(vault: &Vault, kind: &str, value: &str) -> i64 {
    vault.word("imports", &format!("{kind} {value}"))
}

/// Remembers (hash, row) of those that are new, and answers for all which row has named them first.
pub fn claim(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: &Import,
    keys: &[(i64, i64)],
) -> Result<HashMap<i64, i64>> {
    const SQL: &str = "INSERT INTO import_keys (tenant_id, import_id, round, hash, number) \
                       SELECT $1, $2, $3, new.hash, min(new.number) FROM unnest($4, $5) AS new (hash, number) \
                       GROUP BY new.hash ON CONFLICT DO NOTHING";
    let (hashes, numbers): (Vec<i64>, Vec<i64>) = keys.iter().copied().unzip();
    let added = diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<SqlUuid, _>(import.id.get())
        .bind::<Integer, _>(import.round)
        .bind::<Array<BigInt>, _>(&hashes)
        .bind::<Array<BigInt>, _>(&numbers)
        .execute(conn)?;
    // All are new, as nearly always: each row is the first.
    if added == keys.len() {
        return Ok(keys.iter().copied().collect());
    }
    let these = import_keys::round.eq(import.round).and(import_keys::hash.eq_any(hashes));
    let rows: Vec<(i64, i64)> =
        keys_of(tenant, import.id).filter(these).select((import_keys::hash, import_keys::number)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// A row names these no longer.
pub fn release(conn: &mut PgConnection, tenant: TenantId, import: &Import, number: i64, hashes: &[i64]) -> Result<()> {
    let these = import_keys::round.eq(import.round).and(import_keys::number.eq(number));
    let these = keys_of(tenant, import.id).filter(these).filter(import_keys::hash.eq_any(hashes));
    diesel::delete(these).execute(conn)?;
    Ok(())
}

/// Takes at most `most` away, whichever check they are of; answers how many went.
pub fn clear(conn: &mut PgConnection, tenant: TenantId, import: ImportId, most: i64) -> Result<usize> {
    let these: Vec<i64> = keys_of(tenant, import).limit(most).select(import_keys::hash).load(conn)?;
    Ok(diesel::delete(keys_of(tenant, import).filter(import_keys::hash.eq_any(these))).execute(conn)?)
}
