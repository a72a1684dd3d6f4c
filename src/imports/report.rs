//! The rows that were refused, as a table with the reasons, to be mended and imported again.

use super::model::{Import, ImportId};
use super::rows::{self, Row, WHOLE};
use crate::kit::access::Door;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::sheet;
use crate::kit::storage::Bytes;
use crate::kit::tenant::TenantId;
use diesel::PgConnection;
use futures_util::stream::{self, LocalBoxStream, StreamExt};
use serde_json::json;

/// A table on its way out.
pub type BoxedLines = LocalBoxStream<'static, Result<Bytes>>;

/// Rows that are read and sent at a time.
pub const BATCH: usize = 1000;

/// Writes down that somebody takes the table out.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    let entry = Entry::new("exported", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "rows": "refused" })))
}

/// What it is called as a file.
pub fn name(import: &Import) -> String {
    let stem = import.file_name.rsplit_once('.').map_or(&*import.file_name, |(stem, _)| stem);
    format!("refused-{stem}.csv")
}

/// The whole table, sent as it is read: each batch in a transaction of its own, so that a slow reader holds no connection.
pub fn whole<D: Door + 'static>(door: D, import: Import) -> Result<BoxedLines> {
    let head = Bytes::from(head(&import)?);
    let batch = async |source: Option<(D, Import, i64)>| {
        let Some((door, import, after)) = source else { return Ok(None) };
        let asked = import.clone();
        let (bytes, last) = door.run(move |conn, tenant| lines(conn, tenant, &asked, after)).await?;
        Ok(last.map(|last| (Bytes::from(bytes), Some((door, import, last)))))
    };
    let lines = stream::try_unfold(Some((door, import, 0)), batch);
    Ok(stream::iter([Ok(head)]).chain(lines).boxed_local())
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
