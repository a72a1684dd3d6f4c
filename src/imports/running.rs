//! Taking rows over: a thousand at a time, each thousand in one transaction with how far the import is, so that a kill
//! in any moment leaves every row either done once or not at all.

use super::applying::Setting;
use super::checking;
use super::draft::Draft;
use super::model::{Counts, Import, ImportId, ImportState, find, keep_progress, lock, of};
use super::rows::{self, Fate, Row, RowState};
use super::steps::{self, Advance, Step};
use super::verdict::Rules;
use crate::customers::states::CUSTOMER_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::db::plan_anew;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::customer_imports as imports;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

/// Rows of one transaction.
const CHUNK: i64 = 1000;

/// The next rows, read and understood while those before them are being written.
pub struct Ahead {
    task: Option<Uuid>,
    after: i64,
    rules: Rules,
    rows: Vec<Row>,
    drafts: Vec<Draft>,
}

impl Ahead {
    /// The number of the last of them; None when there are none.
    pub fn last(&self) -> Option<i64> {
        self.rows.last().map(|row| row.number)
    }

    /// Nothing can have changed in them: they are the next rows of the same run.
    fn fits(&self, import: &Import) -> bool {
        self.task == import.task_id && self.after == import.through
    }
}

/// Reads the rows after `after`, or those that are next.
pub fn look_ahead(conn: &mut PgConnection, tenant: TenantId, id: ImportId, after: Option<i64>) -> Result<Ahead> {
    let import = find(conn, tenant, id)?;
    let (rules, after) = (checking::rules(conn, tenant, &import)?, after.unwrap_or(import.through));
    // The other steps come here as well, and have rows of their own.
    let most = if import.state == ImportState::Running { CHUNK } else { 0 };
    let rows = rows::next(conn, tenant, id, after, &[RowState::Waiting], most)?;
    let drafts = rows.iter().map(|row| rules.read(row.number, &row.cells())).collect();
    Ok(Ahead { task: import.task_id, after, rules, rows, drafts })
}

/// Takes the next rows over.
pub fn advance(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: ImportId,
    ahead: Ahead,
) -> Result<Advance> {
    let import = lock(conn, tenant, id)?;
    let mut counts = import.counts();
    if import.state != ImportState::Running || !steps::progress(conn, tenant, &import, Step::Running, &counts)? {
        return Ok(Advance::Over);
    }
    let ahead = if ahead.fits(&import) { ahead } else { look_ahead(conn, tenant, id, None)? };
    let Some(last) = ahead.last() else {
        steps::complete(conn, tenant, &import, Step::Running, &counts)?;
        return Ok(Advance::Over);
    };
    plan_anew(conn)?;
    let setting = Setting { tenant, vault, import: &import, rules: &ahead.rules };
    let fates = setting.apply(conn, &ahead.rows, ahead.drafts)?;
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
