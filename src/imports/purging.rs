//! What is no longer needed of imports: files that nobody imported, and rows whose time is up.

use super::model::{ImportId, ImportState, KEPT};
use super::{keys, rows};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::customer_imports as imports;
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

/// An upload that broke off.
const BROKEN_OFF: Duration = Duration::days(1);
/// A file that waits for somebody to go on with it.
const FORGOTTEN: Duration = Duration::days(7);
/// Rows of one transaction.
const AT_ONCE: i64 = 10_000;

#[auto_type]
fn ever_of(tenant: TenantId) -> _ {
    imports::table.filter(imports::tenant_id.eq(tenant))
}

/// What is to be cleared away of an import.
#[derive(Debug, Clone)]
pub struct Rest {
    pub id: ImportId,
    pub file: Option<String>,
    /// Nobody has gone on with it, so the import goes as well.
    pub is_given_up: bool,
}

/// Imports whose file or rows are no longer needed, at most 100; asked again until none is left.
pub fn due(conn: &mut PgConnection, tenant: TenantId, now: DateTime<Utc>) -> Result<Vec<Rest>> {
    use ImportState::{Cancelled, Checked, Completed, Failed, Mapping, Undone, Uploading};
    let broken = imports::state.eq(Uploading).and(imports::created_at.lt(now - BROKEN_OFF));
    let forgotten = imports::state.eq_any([Mapping, Checked, Failed]).and(imports::updated_at.lt(now - FORGOTTEN));
    let over = imports::state.eq_any([Completed, Undone, Cancelled]).and(imports::ended_at.lt(now - KEPT));
    let is_due = broken.or(forgotten).or(imports::deleted_at.is_not_null()).or(over.assume_not_null());
    // A number of rows below zero says that all was cleared away.
    let found: Vec<(ImportId, Option<String>, ImportState, Option<DateTime<Utc>>)> = ever_of(tenant)
        .filter(imports::through.ge(0))
        .filter(is_due)
        .order(imports::id)
        .limit(100)
        .select((imports::id, imports::file, imports::state, imports::deleted_at))
        .load(conn)?;
    let rest = |(id, file, state, deleted_at): (ImportId, Option<String>, ImportState, Option<DateTime<Utc>>)| Rest {
        id,
        file,
        is_given_up: deleted_at.is_some() || matches!(state, Uploading | Mapping | Checked | Failed),
    };
    Ok(found.into_iter().map(rest).collect())
}

/// Takes some rows away. False: none is left.
pub fn clear(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<bool> {
    Ok(rows::clear(conn, tenant, id, AT_ONCE)? + keys::clear(conn, tenant, id, AT_ONCE)? > 0)
}

/// File and rows are gone: so is an import that was given up, and of the others the counts stay.
pub fn settle(conn: &mut PgConnection, tenant: TenantId, rest: &Rest) -> Result<()> {
    let this = || ever_of(tenant).filter(imports::id.eq(rest.id));
    match rest.is_given_up {
        true => drop(diesel::delete(this()).execute(conn)?),
        false => {
            let set = (imports::file.eq(None::<String>), imports::through.eq(-1));
            diesel::update(this()).set(set).execute(conn)?;
        }
    }
    Ok(())
}
