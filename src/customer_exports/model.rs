//! What is taken out, and reading it bit by bit.

use super::cells::{self, Cell};
use super::jobs::WriteExport;
use super::sheets::{Format, Sheet};
use crate::customers::attributes::{self, Definition};
use crate::customers::columns::{self, Column};
use crate::customers::filter::Filter;
use crate::customers::listing::{self, Order};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::page::{self, TextCursor};
use crate::kit::tenant::TenantId;
use crate::kit::words;
use crate::labels::model::{self as labels, Label};
use crate::tasks::model::{self as tasks, NewTask, Task, TaskId};
use crate::users::model::UserId;
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The kind of its task.
const KIND: &str = "customers_export";
/// Customers that are taken out while one waits.
pub const AT_ONCE: usize = 5000;
/// Of a file that is made in the background, so many are read in a transaction.
pub const BATCH: usize = 1000;

/// An export as it was asked for. Kept by work in the background, so fields are only added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Export {
    pub filter: Filter,
    pub order: Order,
    /// Words of the columns.
    pub columns: Vec<String>,
    pub format: Format,
    /// Whether phones and email addresses are masked, because whoever asked may not know them.
    pub is_masked: bool,
}

/// What came of asking for one.
pub enum Made {
    /// The file.
    File(Vec<u8>),
    /// The work that makes it.
    Task(TaskId),
}

/// What all rows of an export have in common.
pub(super) struct Frame {
    definitions: Vec<Definition>,
    pub(super) columns: Vec<Column>,
    labels: Vec<Label>,
}

/// Some rows of it.
pub(super) struct Batch {
    pub(super) rows: Vec<Vec<Cell>>,
    /// Whose data may not be used now, so that they are not in it.
    pub(super) restricted: usize,
    /// Where the next ones begin.
    pub(super) next: Option<TextCursor>,
}

/// Takes customers out: at once up to [`AT_ONCE`], else as work in the background.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, export: &Export, by: UserId) -> Result<Made> {
    let found = listing::ids(conn, tenant, &export.filter, None, AT_ONCE + 1)?.len();
    if found > AT_ONCE {
        return ask(conn, tenant, export, by).map(Made::Task);
    }
    note(conn, tenant, export)?;
    let frame = frame(conn, tenant, export)?;
    let mut sheet = Sheet::new(export.format, cells::head(&frame.columns, &frame.definitions))?;
    sheet.add(batch(conn, tenant, export, &frame, None, AT_ONCE)?.rows)?;
    let mut file = Vec::new();
    sheet.finish(&mut file)?;
    Ok(Made::File(file))
}

/// The same as work in the background, however many they are.
pub fn ask(conn: &mut PgConnection, tenant: TenantId, export: &Export, by: UserId) -> Result<TaskId> {
    note(conn, tenant, export)?;
    let total = listing::count(conn, tenant, &export.filter)?;
    let title = format!("Export of {}", words::counted(total, "customer", "customers"));
    let params = serde_json::to_value(export)?;
    let task = tasks::create(conn, tenant, &NewTask { kind: KIND, title: &title, total: Some(total), params, by })?;
    enqueue(conn, tenant, &WriteExport { task })?;
    Ok(task)
}

/// An export that was asked for as [`ask`] has it; `by`: None for whoever sees everybody's.
///
/// # Errors
/// `NotFound`.
pub fn asked(conn: &mut PgConnection, tenant: TenantId, id: TaskId, by: Option<UserId>) -> Result<(Task, Export)> {
    let task = tasks::find_of(conn, tenant, id, by)?;
    if task.kind != KIND {
        return Err(Error::NotFound);
    }
    let export = serde_json::from_value(task.params.clone())?;
    Ok((task, export))
}

fn note(conn: &mut PgConnection, tenant: TenantId, export: &Export) -> Result<()> {
    let after = json!({ "filter": told(&export.filter)?, "format": export.format, "columns": export.columns });
    audit::record(conn, tenant, &Entry::of("exported", "customers").after(after))
}

/// What the audit log says of a filter: not whom it found.
fn told(filter: &Filter) -> Result<serde_json::Value> {
    let picked = filter.picked.as_ref().map(Vec::len);
    let mut told = serde_json::to_value(Filter { picked: None, notes: Vec::new(), ..filter.clone() })?;
    told["picked"] = json!(picked);
    Ok(told)
}

pub(super) fn frame(conn: &mut PgConnection, tenant: TenantId, export: &Export) -> Result<Frame> {
    let definitions = attributes::definitions(conn, tenant)?;
    let columns = columns::chosen(Some(&export.columns), &definitions);
    Ok(Frame { columns, definitions, labels: labels::list(conn, tenant, false)? })
}

impl Frame {
    pub(super) fn head(&self) -> Vec<String> {
        cells::head(&self.columns, &self.definitions)
    }
}

pub(super) fn batch(
    conn: &mut PgConnection,
    tenant: TenantId,
    export: &Export,
    frame: &Frame,
    after: Option<TextCursor>,
    size: usize,
) -> Result<Batch> {
    let found = listing::page(conn, tenant, &export.filter, export.order, after, size)?;
    let (rows, has_more) = page::cut(found, size);
    let next = rows.last().filter(|_| has_more).map(|row| row.place(export.order.sort));
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let stuck = match frame.columns.contains(&Column::Labels) {
        true => listing::labels(conn, tenant, &ids)?,
        false => Vec::new(),
    };
    let count = rows.len();
    let cells = |row: &listing::Row| {
        let on = stuck.iter().filter(|(id, _)| *id == row.id).map(|(_, label)| label);
        let names =
            on.filter_map(|on| frame.labels.iter().find(|label| label.id == *on)).map(|label| label.name.as_str());
        cells::row(row, &frame.columns, &names.collect::<Vec<_>>(), export.is_masked)
    };
    let rows: Vec<Vec<Cell>> = rows.iter().filter(|row| row.restricted_at.is_none()).map(cells).collect();
    Ok(Batch { restricted: count - rows.len(), rows, next })
}
