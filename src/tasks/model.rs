//! Rows of work under way. The job that does the work tells here how far it is, and asks whether to go on.

use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::notifications::model::{Kind, To, notify};
use crate::schema::background_tasks as tasks;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

ids! {
    /// Work under way.
    TaskId,
}

pg_enum! {
    TaskState over TaskState {
        Queued = "queued", Running = "running", Completed = "completed", Failed = "failed", Cancelled = "cancelled",
    }
}

/// The kind of the event that says that a task is further, or done.
pub const TASK_CHANGED: &str = "task_changed";

#[auto_type]
fn of(tenant: TenantId) -> _ {
    tasks::table.filter(tasks::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = tasks)]
pub struct Task {
    pub id: TaskId,
    /// Which work: a word of the feature that does it, such as `customers_export`.
    pub kind: String,
    pub title: String,
    pub state: TaskState,
    pub total: Option<i64>,
    /// Units finished, the refused ones among them.
    pub done: i64,
    pub refused: i64,
    pub params: Value,
    pub result: Value,
    pub error_message: Option<String>,
    /// In the storage.
    pub file: Option<String>,
    pub file_name: Option<String>,
    pub file_expires_at: Option<DateTime<Utc>>,
    pub created_by: UserId,
    pub cancel_requested_at: Option<DateTime<Utc>>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Task {
    pub fn is_over(&self) -> bool {
        self.ended_at.is_some()
    }

    /// The name and the place of the file that it made, while that is there to be taken.
    pub fn offered(&self) -> Option<(&str, &str)> {
        let is_there = self.file_expires_at.is_some_and(|until| until > Utc::now());
        self.file_name.as_deref().zip(self.file.as_deref()).filter(|_| is_there)
    }
}

/// Work to be done.
#[derive(Debug, Clone)]
pub struct NewTask<'a> {
    pub kind: &'static str,
    /// For people: "Export of 12,400 customers".
    pub title: &'a str,
    pub total: Option<i64>,
    pub params: Value,
    pub by: UserId,
}

/// How far a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub total: Option<i64>,
    pub done: i64,
    pub refused: i64,
}

/// A file that a task made: under `file` in the storage, offered as `name` until `until`.
#[derive(Debug, Clone)]
pub struct MadeFile {
    pub file: String,
    pub name: String,
    pub until: DateTime<Utc>,
}

/// Writes down what is to be done; enqueue the job that does it in the same transaction.
pub fn create(conn: &mut PgConnection, tenant: TenantId, task: &NewTask<'_>) -> Result<TaskId> {
    let id = TaskId::new();
    diesel::insert_into(tasks::table)
        .values((
            tasks::tenant_id.eq(tenant),
            tasks::id.eq(id),
            tasks::kind.eq(task.kind),
            tasks::title.eq(task.title),
            tasks::total.eq(task.total),
            tasks::params.eq(&task.params),
            tasks::created_by.eq(task.by),
        ))
        .execute(conn)?;
    let entry = Entry::new("asked_for", "background_tasks", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "kind": task.kind, "title": task.title })))?;
    live::announce(conn, tenant, TASK_CHANGED, id.get())?;
    Ok(id)
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: TaskId) -> Result<Task> {
    Ok(of(tenant).filter(tasks::id.eq(id)).select(Task::as_select()).first(conn)?)
}

/// The same for somebody who sees only their own: `by`, or None for whoever sees all. Somebody else's is not there.
///
/// # Errors
/// `NotFound`.
pub fn find_of(conn: &mut PgConnection, tenant: TenantId, id: TaskId, by: Option<UserId>) -> Result<Task> {
    let task = find(conn, tenant, id)?;
    if by.is_some_and(|user| user != task.created_by) { Err(Error::NotFound) } else { Ok(task) }
}

/// Newest first; `by`: only those of that user. At most `size`, after `after`.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    by: Option<UserId>,
    after: Option<Cursor>,
    size: usize,
) -> Result<Vec<Task>> {
    let mut query = of(tenant)
        .order((tasks::created_at.desc(), tasks::id.desc()))
        .limit(size as i64)
        .select(Task::as_select())
        .into_boxed();
    if let Some(user) = by {
        query = query.filter(tasks::created_by.eq(user));
    }
    if let Some(Cursor { at, id }) = after {
        let older = tasks::created_at.lt(at).or(tasks::created_at.eq(at).and(tasks::id.lt(TaskId::from(id))));
        query = query.filter(tasks::created_at.le(at)).filter(older);
    }
    Ok(query.load(conn)?)
}

/// Tells how far it is. False: it was cancelled (or is over), so stop; [`cancelled`] is the last word then.
pub fn progress(conn: &mut PgConnection, tenant: TenantId, id: TaskId, progress: Progress) -> Result<bool> {
    let now = Utc::now();
    let this = || of(tenant).filter(tasks::id.eq(id)).filter(tasks::ended_at.is_null());
    diesel::update(this().filter(tasks::started_at.is_null())).set(tasks::started_at.eq(now)).execute(conn)?;
    let going: Option<Option<DateTime<Utc>>> = diesel::update(this())
        .set((
            tasks::state.eq(TaskState::Running),
            tasks::total.eq(progress.total),
            tasks::done.eq(progress.done),
            tasks::refused.eq(progress.refused),
            tasks::updated_at.eq(now),
        ))
        .returning(tasks::cancel_requested_at)
        .get_result(conn)
        .optional()?;
    live::announce(conn, tenant, TASK_CHANGED, id.get())?;
    Ok(going.is_some_and(|cancelled| cancelled.is_none()))
}

/// It is done: what came of it, and the file it made.
pub fn complete(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: TaskId,
    result: &Value,
    file: Option<&MadeFile>,
) -> Result<()> {
    let set = (
        tasks::result.eq(result),
        tasks::file.eq(file.map(|file| &file.file)),
        tasks::file_name.eq(file.map(|file| &file.name)),
        tasks::file_expires_at.eq(file.map(|file| file.until)),
    );
    diesel::update(of(tenant).filter(tasks::id.eq(id)).filter(tasks::ended_at.is_null())).set(set).execute(conn)?;
    end(conn, tenant, id, TaskState::Completed, None)
}

/// It cannot be done; `why` is for people. What was done until then stays.
pub fn fail(conn: &mut PgConnection, tenant: TenantId, id: TaskId, why: &str) -> Result<()> {
    end(conn, tenant, id, TaskState::Failed, Some(why))
}

/// It stopped because somebody asked for that. What was done until then stays, and `result` says what.
pub fn cancelled(conn: &mut PgConnection, tenant: TenantId, id: TaskId, result: &Value) -> Result<()> {
    let this = of(tenant).filter(tasks::id.eq(id)).filter(tasks::ended_at.is_null());
    diesel::update(this).set(tasks::result.eq(result)).execute(conn)?;
    end(conn, tenant, id, TaskState::Cancelled, None)
}

fn end(conn: &mut PgConnection, tenant: TenantId, id: TaskId, state: TaskState, why: Option<&str>) -> Result<()> {
    let now = Utc::now();
    let why = why.map(|why| why.chars().take(500).collect::<String>());
    let ended = diesel::update(of(tenant).filter(tasks::id.eq(id)).filter(tasks::ended_at.is_null()))
        .set((
            tasks::state.eq(state),
            tasks::ended_at.eq(now),
            tasks::error_message.eq(&why),
            tasks::updated_at.eq(now),
        ))
        .execute(conn)?;
    if ended == 0 {
        return Ok(());
    }
    if state != TaskState::Cancelled {
        let by = find(conn, tenant, id)?.created_by;
        notify(conn, tenant, To::Users(&[by]), Kind::TaskDone, id.get())?;
    }
    let entry = Entry::new("ended", "background_tasks", id.get());
    audit::record(conn, tenant, &entry.after(json!({ "state": state, "why": why })))?;
    live::announce(conn, tenant, TASK_CHANGED, id.get())
}

/// Asks for a task to be stopped: one that nobody has begun ends at once, one under way at its next look.
pub fn cancel(conn: &mut PgConnection, tenant: TenantId, id: TaskId) -> Result<()> {
    let this = || of(tenant).filter(tasks::id.eq(id)).filter(tasks::ended_at.is_null());
    let Some(state): Option<TaskState> = this().select(tasks::state).for_no_key_update().first(conn).optional()? else {
        return Ok(());
    };
    diesel::update(this()).set(tasks::cancel_requested_at.eq(Utc::now())).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("cancelled", "background_tasks", id.get()))?;
    match state {
        TaskState::Queued => end(conn, tenant, id, TaskState::Cancelled, None),
        _ => live::announce(conn, tenant, TASK_CHANGED, id.get()),
    }
}

/// Somebody took the file that a task made.
pub fn downloaded(conn: &mut PgConnection, tenant: TenantId, id: TaskId) -> Result<()> {
    audit::record(conn, tenant, &Entry::new("downloaded", "background_tasks", id.get()))
}

/// At most 1,000 files whose time is up, of all tenants: (tenant, task, name in the storage). As the platform.
pub fn expired(conn: &mut PgConnection) -> Result<Vec<(Uuid, TaskId, String)>> {
    let rows = tasks::table
        .filter(tasks::file_expires_at.lt(Utc::now()))
        .filter(tasks::file.is_not_null())
        .order(tasks::file_expires_at)
        .limit(1000)
        .select((tasks::tenant_id, tasks::id, tasks::file.assume_not_null()))
        .load(conn)?;
    Ok(rows)
}

/// The file of a task was thrown away.
pub fn file_gone(conn: &mut PgConnection, tenant: TenantId, id: TaskId) -> Result<()> {
    let this = of(tenant).filter(tasks::id.eq(id));
    diesel::update(this).set(tasks::file.eq(None::<String>)).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("purged", "background_tasks", id.get()))
}
