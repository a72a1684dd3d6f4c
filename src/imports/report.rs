//! The rows that were refused, as a table with the reasons, to be mended and imported again.

use super::model::{Import, ImportId};
use super::rows::{self, Row, WHOLE};
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::sheet;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;
use serde_json::json;

/// Rows that are read and sent at a time.
pub const BATCH: usize = 1000;

/// Writes down that somebody takes the table out.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    let entry = Entry::new("exported", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "rows": "refused" })))
}

/// The heading: that of the file, with the number of the row before and the reason after it.
pub fn head(import: &Import) -> Result<Vec<u8>> {
    let cells = ["Row".to_owned()].into_iter().chain(import.headings()).chain(["Reason".to_owned()]);
    sheet::line(cells)
}

/// Refused rows after `after`, and the number of the last of them.
pub fn lines(conn: &mut PgConnection, tenant: TenantId, import: &Import, after: i64) -> Result<(Vec<u8>, Option<i64>)> {
    let (found, headings) = (rows::faulty(conn, tenant, import.id, after, BATCH)?, import.headings());
    let mut text = Vec::new();
    for row in &found {
        text.extend(sheet::line(cells(row, &headings))?);
    }
    Ok((text, found.last().map(|row| row.number)))
}

fn cells(row: &Row, headings: &[String]) -> impl Iterator<Item = String> {
    let mut cells: Vec<String> = row.cells().into_iter().map(str::to_owned).collect();
    cells.resize(headings.len(), String::new());
    let reasons = row.problems().into_iter().map(|(place, why)| reason(headings, &place, &why));
    let reasons = reasons.collect::<Vec<_>>().join(" ");
    [row.number.to_string()].into_iter().chain(cells).chain([reasons])
}

/// "Phone: This is no phone number."
fn reason(headings: &[String], place: &str, why: &str) -> String {
    let column = place.parse::<usize>().ok().and_then(|index| headings.get(index));
    match column.filter(|_| place != WHOLE) {
        Some(column) => format!("{column}: {why}"),
        None => why.to_owned(),
    }
}
