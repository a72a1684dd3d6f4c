//! Imports as rows: which file, what was chosen, how far it is, what came of it.

use super::choices::Choices;
use super::format::Format;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::schema::customer_imports as imports;
use crate::tasks::model::TaskId;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Duration, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

ids! {
    /// A file of customers on its way into the desk.
    ImportId,
}

pg_enum! {
    /// Where an import stands.
    ImportState over ImportState {
        Uploading = "uploading", Reading = "reading", Mapping = "mapping", Checking = "checking", Checked = "checked",
        Running = "running", Undoing = "undoing", Completed = "completed", Undone = "undone", Cancelled = "cancelled",
        Failed = "failed",
    }
}

/// The kind of the event that says that an import is further.
pub const IMPORT_CHANGED: &str = "import_changed";
/// How long what an import has made can be taken back.
pub const UNDO: Duration = Duration::days(7);
/// How long rows are kept once an import has ended.
pub const KEPT: Duration = Duration::days(30);

/// Rows, by what would become of them and by what did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub rows: i64,
    /// Rows with fewer cells than the heading.
    pub short: i64,
    pub would_create: i64,
    pub would_update: i64,
    pub would_leave: i64,
    pub faulty: i64,
    pub skipped: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    /// Refused when the row's turn came, after the check had let it pass.
    pub refused: i64,
    pub undone: i64,
    /// Made by the import, and kept when it was undone, because somebody has worked with them since.
    pub kept: i64,
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    imports::table.filter(imports::tenant_id.eq(tenant)).filter(imports::deleted_at.is_null())
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct Import {
    pub id: ImportId,
    pub file_name: String,
    /// In the storage; None once it is no longer needed.
    pub file: Option<String>,
    pub bytes: i64,
    pub state: ImportState,
    format: Value,
    headings: Value,
    choices: Value,
    counts: Value,
    pub round: i32,
    pub through: i64,
    pub task_id: Option<uuid::Uuid>,
    pub error_message: Option<String>,
    pub created_by: UserId,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Import {
    pub fn format(&self) -> Format {
        serde_json::from_value(self.format.clone()).unwrap_or_default()
    }

    /// What the columns are called.
    pub fn headings(&self) -> Vec<String> {
        serde_json::from_value(self.headings.clone()).unwrap_or_default()
    }

    pub fn choices(&self) -> Choices {
        serde_json::from_value(self.choices.clone()).unwrap_or_default()
    }

    pub fn counts(&self) -> Counts {
        serde_json::from_value(self.counts.clone()).unwrap_or_default()
    }

    pub fn task(&self) -> Option<TaskId> {
        self.task_id.map(TaskId::from)
    }

    /// Something is being done with it in the background.
    pub fn is_busy(&self) -> bool {
        use ImportState::{Checking, Reading, Running, Undoing};
        matches!(self.state, Reading | Checking | Running | Undoing)
    }

    /// # Errors
    /// `Refused` unless its columns can be chosen.
    pub fn must_be_open(&self) -> Result<()> {
        match self.state {
            ImportState::Mapping | ImportState::Checked => Ok(()),
            _ => Err(Error::Refused("The columns of this import cannot be changed now.".into())),
        }
    }

    /// Until when what it made can be taken back; None when there is nothing, or it is too late.
    pub fn undo_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let counts = self.counts();
        let is_over = matches!(self.state, ImportState::Completed | ImportState::Cancelled);
        let left = counts.created - counts.undone - counts.kept;
        let until = self.ended_at.map(|at| at + UNDO).filter(|until| *until > now);
        until.filter(|_| is_over && left > 0)
    }

    /// Stopped in the midst of its rows, which can go on.
    pub fn can_go_on(&self) -> bool {
        let counts = self.counts();
        let left = counts.would_create + counts.would_update + counts.would_leave;
        let done = counts.created + counts.updated + counts.unchanged + counts.refused;
        self.state == ImportState::Cancelled && left > done && counts.undone == 0
    }
}

/// A file that begins to come.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, file_name: &str, by: UserId) -> Result<ImportId> {
    let id = ImportId::new();
    diesel::insert_into(imports::table)
        .values((
            imports::tenant_id.eq(tenant),
            imports::id.eq(id),
            imports::file_name.eq(file_name),
            imports::file.eq(storage_name(tenant, id)),
            imports::created_by.eq(by),
        ))
        .execute(conn)?;
    let entry = Entry::new("created", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "file_name": file_name })))?;
    Ok(id)
}

/// Where the file lies.
pub fn storage_name(tenant: TenantId, id: ImportId) -> String {
    format!("imports/{tenant}/{id}")
}

/// The file is here whole.
pub fn received(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ImportId,
    bytes: u64,
    hash: &[u8],
    format: &Format,
) -> Result<()> {
    let set = (
        imports::bytes.eq(i64::try_from(bytes).unwrap_or(i64::MAX)),
        imports::content_hash.eq(hash),
        imports::format.eq(serde_json::to_value(format)?),
        imports::updated_at.eq(Utc::now()),
    );
    diesel::update(of(tenant).filter(imports::id.eq(id))).set(set).execute(conn)?;
    let entry = Entry::new("received", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "bytes": bytes, "format": format })))
}

/// The newest import of the same bytes within a day, which was not given up.
pub fn same_content(conn: &mut PgConnection, tenant: TenantId, hash: &[u8]) -> Result<Option<Import>> {
    let found = of(tenant)
        .filter(imports::content_hash.eq(hash).and(imports::created_at.gt(Utc::now() - Duration::days(1))))
        .filter(imports::state.ne_all([ImportState::Failed, ImportState::Cancelled, ImportState::Undone]))
        .order((imports::created_at.desc(), imports::id.desc()))
        .select(Import::as_select())
        .first(conn)
        .optional()?;
    Ok(found)
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<Import> {
    Ok(of(tenant).filter(imports::id.eq(id)).select(Import::as_select()).first(conn)?)
}

/// The same, and nobody else changes it until the transaction ends.
///
/// # Errors
/// `NotFound`.
pub fn lock(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<Import> {
    let this = of(tenant).filter(imports::id.eq(id)).for_no_key_update();
    Ok(this.select(Import::as_select()).first(conn)?)
}

/// Newest first, at most `size`, after `after`.
pub fn page(conn: &mut PgConnection, tenant: TenantId, after: Option<Cursor>, size: usize) -> Result<Vec<Import>> {
    let mut query = of(tenant)
        .order((imports::created_at.desc(), imports::id.desc()))
        .limit(size as i64)
        .select(Import::as_select())
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        let older = imports::created_at.lt(at).or(imports::created_at.eq(at).and(imports::id.lt(ImportId::from(id))));
        query = query.filter(imports::created_at.le(at)).filter(older);
    }
    Ok(query.load(conn)?)
}

/// How far the present step is; part of the transaction that brought it there.
pub(super) fn keep_progress(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ImportId,
    through: i64,
    counts: &Counts,
) -> Result<()> {
    let set = (
        imports::through.eq(through),
        imports::counts.eq(serde_json::to_value(counts)?),
        imports::updated_at.eq(Utc::now()),
    );
    diesel::update(of(tenant).filter(imports::id.eq(id))).set(set).execute(conn)?;
    live::announce(conn, tenant, IMPORT_CHANGED, id.get())
}

/// What the columns mean and what shall be done. What was checked with other choices has to be checked anew.
///
/// # Errors
/// `NotFound`; `Refused` while something is done with it, and when it is over.
pub fn choose(conn: &mut PgConnection, tenant: TenantId, id: ImportId, choices: &Choices) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    import.must_be_open()?;
    let Counts { rows, short, .. } = import.counts();
    let set = (
        imports::choices.eq(serde_json::to_value(choices)?),
        imports::state.eq(ImportState::Mapping),
        imports::counts.eq(serde_json::to_value(Counts { rows, short, ..Counts::default() })?),
        imports::updated_at.eq(Utc::now()),
    );
    diesel::update(of(tenant).filter(imports::id.eq(id))).set(set).execute(conn)?;
    let entry = Entry::new("changed", "customer_imports", id.get()).changed(&import.choices(), choices);
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, IMPORT_CHANGED, id.get())
}

/// How the file shall be read instead.
pub fn set_format(conn: &mut PgConnection, tenant: TenantId, id: ImportId, format: &Format) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    diesel::update(of(tenant).filter(imports::id.eq(id)))
        .set((imports::format.eq(serde_json::to_value(format)?), imports::updated_at.eq(Utc::now())))
        .execute(conn)?;
    let entry = Entry::new("changed", "customer_imports", id.get()).changed(&import.format(), format);
    audit::record(conn, tenant, &entry)
}

/// Takes an import out of the list; its file and rows are purged. The customers it made stay.
///
/// # Errors
/// `NotFound`; `Refused` while something is done with it.
pub fn delete(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    if import.is_busy() {
        return Err(Error::Refused("This import is under way. Stop it first.".into()));
    }
    let now = Utc::now();
    diesel::update(of(tenant).filter(imports::id.eq(id)))
        .set((imports::deleted_at.eq(now), imports::updated_at.eq(now)))
        .execute(conn)?;
    let entry = Entry::new("deleted", "customer_imports", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "file_name": import.file_name })))?;
    live::announce(conn, tenant, IMPORT_CHANGED, id.get())
}
