//! The rows of a file, as they were read and as they were mended, with what is wrong with them and what became of them.

use super::file::Batch;
use super::model::ImportId;
use crate::customers::model::CustomerId;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::pg_enum;
use crate::schema::import_rows;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pg_enum! {
    /// What becomes of a row.
    RowState over ImportRowState {
        Waiting = "waiting", Refused = "refused", Skipped = "skipped", Created = "created", Updated = "updated",
        Unchanged = "unchanged", Undone = "undone",
    }
}

/// What is wrong with a row: messages by the index of the column, or under [`WHOLE`].
pub type Problems = BTreeMap<String, String>;

/// Where a problem is none of one cell.
pub const WHOLE: &str = "row";

#[auto_type]
fn rows_of(tenant: TenantId, import: ImportId) -> _ {
    import_rows::table.filter(import_rows::tenant_id.eq(tenant)).filter(import_rows::import_id.eq(import))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = import_rows)]
pub struct Row {
    /// In the file, from 1.
    pub number: i64,
    cells: Vec<Option<String>>,
    pub state: RowState,
    problems: Value,
    pub customer_id: Option<CustomerId>,
}

impl Row {
    pub fn cells(&self) -> Vec<&str> {
        self.cells.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect()
    }

    pub fn problems(&self) -> Problems {
        serde_json::from_value(self.problems.clone()).unwrap_or_default()
    }
}

/// Adds rows as they were read; those that are there already stay.
pub(super) fn add(conn: &mut PgConnection, tenant: TenantId, import: ImportId, batch: Batch) -> Result<()> {
    let rows: Vec<_> = batch
        .into_iter()
        .map(|(number, cells)| {
            let cells: Vec<Option<String>> = cells.into_iter().map(Some).collect();
            (
                import_rows::tenant_id.eq(tenant),
                import_rows::import_id.eq(import),
                import_rows::number.eq(number),
                import_rows::cells.eq(cells),
            )
        })
        .collect();
    diesel::insert_into(import_rows::table).values(rows).on_conflict_do_nothing().execute(conn)?;
    Ok(())
}

/// The next rows after `after` in one of these states, in their order.
pub(super) fn next(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: ImportId,
    after: i64,
    states: &[RowState],
    most: i64,
) -> Result<Vec<Row>> {
    let rows = rows_of(tenant, import)
        .filter(import_rows::number.gt(after).and(import_rows::state.eq_any(states.to_vec())))
        .order(import_rows::number)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Faulty rows and skipped ones after `after`, at most `size`.
pub fn faulty(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: ImportId,
    after: i64,
    size: usize,
) -> Result<Vec<Row>> {
    let rows = rows_of(tenant, import)
        .filter(import_rows::state.eq(RowState::Refused.literal()).and(import_rows::number.gt(after)))
        .order(import_rows::number)
        .limit(size as i64)
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows)
}

/// Rows in that state, or in any, after `after`, at most `size`.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: ImportId,
    state: Option<RowState>,
    after: i64,
    size: usize,
) -> Result<Vec<Row>> {
    let mut query = rows_of(tenant, import)
        .filter(import_rows::number.gt(after))
        .order(import_rows::number)
        .limit(size as i64)
        .select(Row::as_select())
        .into_boxed::<diesel::pg::Pg>();
    match state {
        Some(RowState::Refused) => return faulty(conn, tenant, import, after, size),
        Some(state) => query = query.filter(import_rows::state.eq(state)),
        None => {}
    }
    Ok(query.load(conn)?)
}

/// The first rows, for showing what a column holds.
pub fn first(conn: &mut PgConnection, tenant: TenantId, import: ImportId, most: i64) -> Result<Vec<Row>> {
    let every = rows_of(tenant, import).order(import_rows::number).limit(most);
    Ok(every.select(Row::as_select()).load(conn)?)
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, import: ImportId, number: i64) -> Result<Row> {
    Ok(rows_of(tenant, import).filter(import_rows::number.eq(number)).select(Row::as_select()).first(conn)?)
}

/// What stands in a row after a hand has mended it.
pub(super) fn set_cells(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: ImportId,
    number: i64,
    cells: &[String],
) -> Result<()> {
    let cells: Vec<Option<String>> = cells.iter().cloned().map(Some).collect();
    diesel::update(rows_of(tenant, import).filter(import_rows::number.eq(number)))
        .set(import_rows::cells.eq(cells))
        .execute(conn)?;
    Ok(())
}

/// What became of a row.
#[derive(Debug, Clone)]
pub(super) struct Fate {
    pub number: i64,
    pub state: RowState,
    pub problems: Problems,
    pub customer: Option<CustomerId>,
}

/// Writes down what became of rows, all in one statement.
pub(super) fn settle(conn: &mut PgConnection, tenant: TenantId, import: ImportId, fates: &[Fate]) -> Result<()> {
    const SQL: &str = "UPDATE import_rows AS old SET state = new.state::import_row_state, \
                       problems = new.problems::jsonb, customer_id = new.customer_id \
                       FROM unnest($3, $4, $5, $6) AS new (number, state, problems, customer_id) \
                       WHERE old.tenant_id = $1 AND old.import_id = $2 AND old.number = new.number";
    if fates.is_empty() {
        return Ok(());
    }
    let problems: Result<Vec<String>> =
        fates.iter().map(|fate| serde_json::to_string(&fate.problems).map_err(Error::from)).collect();
    diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(tenant.get())
        .bind::<SqlUuid, _>(import.get())
        .bind::<Array<BigInt>, _>(fates.iter().map(|fate| fate.number).collect::<Vec<i64>>())
        .bind::<Array<Text>, _>(fates.iter().map(|fate| fate.state.word()).collect::<Vec<&str>>())
        .bind::<Array<Text>, _>(problems?)
        .bind::<Array<Nullable<SqlUuid>>, _>(
            fates.iter().map(|fate| fate.customer.map(CustomerId::get)).collect::<Vec<Option<Uuid>>>(),
        )
        .execute(conn)?;
    Ok(())
}

/// Takes at most `most` rows away; answers how many went.
pub(super) fn clear(conn: &mut PgConnection, tenant: TenantId, import: ImportId, most: i64) -> Result<usize> {
    let these: Vec<i64> = rows_of(tenant, import).limit(most).select(import_rows::number).load(conn)?;
    Ok(diesel::delete(rows_of(tenant, import).filter(import_rows::number.eq_any(these))).execute(conn)?)
}
