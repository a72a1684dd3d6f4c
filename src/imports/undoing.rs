//! Taking an import back: the customers that it made are deleted, but for those somebody has worked with since.

use super::model::{ImportId, ImportState, keep_progress, lock};
use super::rows::{self, Fate, Problems, RowState};
use super::steps::{self, Advance, Step};
use crate::customers::bulk;
use crate::customers::model::CustomerId;
use crate::customers::states::CUSTOMER_CHANGED;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::conversations;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;
use std::collections::HashSet;

/// Rows of one transaction.
const CHUNK: i64 = 1000;

#[auto_type]
fn conversations_of(tenant: TenantId) -> _ {
    conversations::table.filter(conversations::tenant_id.eq(tenant))
}

/// Takes the next rows back.
pub fn advance(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<Advance> {
    let import = lock(conn, tenant, id)?;
    let mut counts = import.counts();
    if import.state != ImportState::Undoing || !steps::progress(conn, tenant, &import, Step::Undoing, &counts)? {
        return Ok(Advance::Over);
    }
    let found = rows::next(conn, tenant, id, import.through, &[RowState::Created], CHUNK)?;
    let Some(last) = found.last().map(|row| row.number) else {
        steps::complete(conn, tenant, &import, Step::Undoing, &counts)?;
        return Ok(Advance::Over);
    };
    let made: Vec<CustomerId> = found.iter().filter_map(|row| row.customer_id).collect();
    let spoken = spoken_to(conn, tenant, &made)?;
    let wanted: Vec<CustomerId> = made.iter().filter(|id| !spoken.contains(id)).copied().collect();
    let reason = format!("Import of {} taken back", import.file_name);
    let gone = bulk::delete_untouched(conn, tenant, &wanted, &reason, Some(import.created_by))?;
    let gone: HashSet<CustomerId> = gone.into_iter().collect();
    let undone = found.iter().filter(|row| row.customer_id.is_some_and(|id| gone.contains(&id)));
    let fate = |number, customer| Fate { number, state: RowState::Undone, problems: Problems::new(), customer };
    let fates: Vec<Fate> = undone.map(|row| fate(row.number, row.customer_id)).collect();
    rows::settle(conn, tenant, id, &fates)?;
    counts.undone += fates.len() as i64;
    counts.kept += (found.len() - fates.len()) as i64;
    keep_progress(conn, tenant, id, last, &counts)?;
    let entry = Entry::new("undone", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "deleted": fates.len(), "kept": found.len() - fates.len() })))?;
    live::announce(conn, tenant, CUSTOMER_CHANGED, id.get())?;
    Ok(Advance::More)
}

/// Those of `customers` who have a conversation.
fn spoken_to(conn: &mut PgConnection, tenant: TenantId, customers: &[CustomerId]) -> Result<HashSet<CustomerId>> {
    let theirs = conversations_of(tenant).filter(conversations::customer_id.eq_any(customers));
    let found: Vec<Option<CustomerId>> = theirs.select(conversations::customer_id).distinct().load(conn)?;
    Ok(found.into_iter().flatten().collect())
}
