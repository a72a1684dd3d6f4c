//! Checking rows without changing a customer: how many would be made, changed, left alone, and which are faulty.

use super::choices::Field;
use super::draft::Draft;
use super::model::{Counts, Import, ImportId, ImportState, keep_progress, lock};
use super::record;
use super::rows::{self, Fate, Problems, Row, RowState};
use super::steps::{self, Advance, Step};
use super::verdict::{Rules, Verdict};
use super::{keys, labels};
use crate::customers::attributes;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use diesel::PgConnection;
use std::collections::HashMap;

/// Rows of one transaction.
const CHUNK: i64 = 2000;

/// By what the rows of this import are read.
pub(super) fn rules(conn: &mut PgConnection, tenant: TenantId, import: &Import) -> Result<Rules> {
    Ok(Rules {
        choices: import.choices(),
        width: import.headings().len(),
        definitions: attributes::definitions(conn, tenant)?,
        labels: labels::by_name(&labels::all(conn, tenant)?),
    })
}

/// Checks the next rows.
pub fn advance(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: ImportId) -> Result<Advance> {
    let import = lock(conn, tenant, id)?;
    let mut counts = import.counts();
    if import.state != ImportState::Checking || !steps::progress(conn, tenant, &import, Step::Checking, &counts)? {
        return Ok(Advance::Over);
    }
    let states = [RowState::Waiting, RowState::Refused, RowState::Skipped];
    let found = rows::next(conn, tenant, id, import.through, &states, CHUNK)?;
    let Some(last) = found.last().map(|row| row.number) else {
        steps::complete(conn, tenant, &import, Step::Checking, &counts)?;
        return Ok(Advance::Over);
    };
    let rules = rules(conn, tenant, &import)?;
    let (skipped, judged): (Vec<Row>, Vec<Row>) = found.into_iter().partition(|row| row.state == RowState::Skipped);
    counts.skipped += skipped.len() as i64;
    let mut fates = Vec::new();
    for (row, verdict) in judge(conn, tenant, vault, &import, &rules, &judged)? {
        count(&mut counts, &verdict, 1);
        fates.extend(fate(row, &verdict));
    }
    rows::settle(conn, tenant, id, &fates)?;
    keep_progress(conn, tenant, id, last, &counts)?;
    Ok(Advance::More)
}

/// What would become of rows, with the file's own doubles told.
fn judge<'a>(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    import: &Import,
    rules: &Rules,
    rows: &'a [Row],
) -> Result<Vec<(&'a Row, Verdict)>> {
    let mut drafts: Vec<Draft> = rows.iter().map(|row| rules.read(row.number, &row.cells())).collect();
    let named: Vec<(i64, i64)> =
        drafts.iter().flat_map(|draft| hashes(vault, draft)).map(|(_, hash, row)| (hash, row)).collect();
    let first = if named.is_empty() { HashMap::new() } else { keys::claim(conn, tenant, import, &named)? };
    for draft in &mut drafts {
        for (field, hash, number) in hashes(vault, draft) {
            if let Some(first) = first.get(&hash).filter(|first| **first != number) {
                rules.tell_twice(draft, field, *first);
            }
        }
    }
    let known = record::look_up(conn, tenant, vault, rules, &drafts)?;
    let judged = drafts.into_iter().map(|draft| rules.judge(draft, &known).0);
    Ok(rows.iter().zip(judged).collect())
}

/// (field, hash, row) of what a row names a customer by.
fn hashes(vault: &Vault, draft: &Draft) -> Vec<(Field, i64, i64)> {
    let named = [(Field::Phone, &draft.phone), (Field::Email, &draft.email), (Field::ExternalId, &draft.external_id)];
    let hash = |(field, value): (Field, &Option<String>)| {
        value.as_ref().map(|value| (field, keys::hash(vault, field.word(), value), draft.number))
    };
    named.into_iter().filter_map(hash).collect()
}

fn count(counts: &mut Counts, verdict: &Verdict, by: i64) {
    match verdict {
        Verdict::Create(_) => counts.would_create += by,
        Verdict::Update(..) => counts.would_update += by,
        Verdict::Leave(_) => counts.would_leave += by,
        Verdict::Refuse(_) => counts.faulty += by,
    }
}

/// What is to be written of a row: nothing where nothing was wrong and nothing is.
fn fate(row: &Row, verdict: &Verdict) -> Option<Fate> {
    let fate = |state, problems| Fate { number: row.number, state, problems, customer: None };
    match verdict {
        Verdict::Refuse(problems) => Some(fate(RowState::Refused, problems.clone())),
        _ if row.state == RowState::Waiting => None,
        _ => Some(fate(RowState::Waiting, Problems::new())),
    }
}

/// Puts other cells into a faulty row, and checks it anew. Answers the row as it is then.
///
/// # Errors
/// `NotFound`; `Refused` where the import is not at the check, or the row was not faulty.
pub fn mend(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    id: ImportId,
    number: i64,
    cells: &[String],
) -> Result<Row> {
    let (import, row) = faulty(conn, tenant, id, number)?;
    let rules = rules(conn, tenant, &import)?;
    let old = rules.read(number, &row.cells());
    let old: Vec<i64> = hashes(vault, &old).into_iter().map(|(_, hash, _)| hash).collect();
    keys::release(conn, tenant, &import, number, &old)?;
    rows::set_cells(conn, tenant, id, number, cells)?;
    let row = rows::find(conn, tenant, id, number)?;
    let mut counts = import.counts();
    for (row, verdict) in judge(conn, tenant, vault, &import, &rules, std::slice::from_ref(&row))? {
        counts.faulty -= 1;
        count(&mut counts, &verdict, 1);
        rows::settle(conn, tenant, id, &fate(row, &verdict).into_iter().collect::<Vec<_>>())?;
    }
    keep_progress(conn, tenant, id, import.through, &counts)?;
    let entry = Entry::new("mended", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(serde_json::json!({ "row": number })))?;
    rows::find(conn, tenant, id, number)
}

/// Leaves a faulty row out for good.
///
/// # Errors
/// As [`mend`].
pub fn skip(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: ImportId, number: i64) -> Result<()> {
    let (import, row) = faulty(conn, tenant, id, number)?;
    let rules = rules(conn, tenant, &import)?;
    let named = rules.read(number, &row.cells());
    let named: Vec<i64> = hashes(vault, &named).into_iter().map(|(_, hash, _)| hash).collect();
    keys::release(conn, tenant, &import, number, &named)?;
    let fate = Fate { number, state: RowState::Skipped, problems: row.problems(), customer: None };
    rows::settle(conn, tenant, id, &[fate])?;
    let mut counts = import.counts();
    counts.faulty -= 1;
    counts.skipped += 1;
    keep_progress(conn, tenant, id, import.through, &counts)?;
    let entry = Entry::new("skipped", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(serde_json::json!({ "row": number })))?;
    live::announce(conn, tenant, super::model::IMPORT_CHANGED, id.get())
}

/// A faulty row of an import that waits for a person.
fn faulty(conn: &mut PgConnection, tenant: TenantId, id: ImportId, number: i64) -> Result<(Import, Row)> {
    let import = lock(conn, tenant, id)?;
    let row = rows::find(conn, tenant, id, number)?;
    match import.state == ImportState::Checked && row.state == RowState::Refused {
        true => Ok((import, row)),
        false => Err(Error::Refused("This row is not faulty any more. Reload to see what is.".into())),
    }
}
