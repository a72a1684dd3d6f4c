//! Taking rows over: a thousand at a time, each thousand in one transaction with how far the import is, so that a kill
//! in any moment leaves every row either done once or not at all.

use super::applying::Setting;
use super::checking;
use super::model::{Counts, Import, ImportId, ImportState, keep_progress, lock, of};
use super::rows::{self, Fate, RowState};
use super::steps::{self, Advance, Step};
use crate::customers::states::CUSTOMER_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::customer_imports as imports;
use diesel::prelude::*;
use serde_json::json;

/// Rows of one transaction.
const CHUNK: i64 = 1000;

/// Takes the next rows over.
pub fn advance(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: ImportId) -> Result<Advance> {
    let import = lock(conn, tenant, id)?;
    let mut counts = import.counts();
    if import.state != ImportState::Running || !steps::progress(conn, tenant, &import, Step::Running, &counts)? {
        return Ok(Advance::Over);
    }
    let found = rows::next(conn, tenant, id, import.through, &[RowState::Waiting], CHUNK)?;
    let Some(last) = found.last().map(|row| row.number) else {
        steps::complete(conn, tenant, &import, Step::Running, &counts)?;
        return Ok(Advance::Over);
    };
    let rules = checking::rules(conn, tenant, &import)?;
    let fates = Setting { tenant, vault, import: &import, rules: &rules }.apply(conn, &found)?;
    rows::settle(conn, tenant, id, &fates)?;
    let before = counts;
    fates.iter().for_each(|fate| count(&mut counts, fate));
    keep_progress(conn, tenant, id, last, &counts)?;
    write_down(conn, tenant, &import, &fates, &before, &counts)?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())?;
    Ok(Advance::More)
}

fn count(counts: &mut Counts, fate: &Fate) {
    match fate.state {
        RowState::Created => counts.created += 1,
        RowState::Updated => counts.updated += 1,
        RowState::Unchanged => counts.unchanged += 1,
        _ => counts.refused += 1,
    }
}

/// One entry stands for all customers of these rows; whose history names the import itself.
fn write_down(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: &Import,
    fates: &[Fate],
    before: &Counts,
    after: &Counts,
) -> Result<()> {
    let rows = fates.first().map(|fate| fate.number).zip(fates.last().map(|fate| fate.number));
    let entry = Entry::new("imported", "customer_imports", import.id.get()).after(json!({
        "rows": rows,
        "created": after.created - before.created,
        "updated": after.updated - before.updated,
        "unchanged": after.unchanged - before.unchanged,
        "refused": after.refused - before.refused,
    }));
    audit::record(conn, tenant, &entry)
}

/// The file of an import that is done was thrown away.
pub fn file_gone(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    diesel::update(of(tenant).filter(imports::id.eq(id))).set(imports::file.eq(None::<String>)).execute(conn)?;
    Ok(())
}
