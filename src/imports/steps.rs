//! The steps of an import: reading, checking, running, undoing. Each is a task in the background; beginning one and its
//! end are transactions that lock the import's row, so that two never run at once.

use super::model::{Counts, IMPORT_CHANGED, Import, ImportId, ImportState, lock, of};
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::customer_imports as imports;
use crate::tasks::model::{self as tasks, NewTask, Progress, TaskId};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::json;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Reading,
    Checking,
    Running,
    Undoing,
}

impl Step {
    pub fn of(state: ImportState) -> Option<Self> {
        match state {
            ImportState::Reading => Some(Self::Reading),
            ImportState::Checking => Some(Self::Checking),
            ImportState::Running => Some(Self::Running),
            ImportState::Undoing => Some(Self::Undoing),
            _ => None,
        }
    }

    fn state(self) -> ImportState {
        match self {
            Self::Reading => ImportState::Reading,
            Self::Checking => ImportState::Checking,
            Self::Running => ImportState::Running,
            Self::Undoing => ImportState::Undoing,
        }
    }

    /// Where it leads.
    fn done(self) -> ImportState {
        match self {
            Self::Reading => ImportState::Mapping,
            Self::Checking => ImportState::Checked,
            Self::Running => ImportState::Completed,
            Self::Undoing => ImportState::Undone,
        }
    }

    /// Where it leads when it was stopped, or cannot be done.
    fn stopped(self) -> ImportState {
        match self {
            Self::Reading => ImportState::Failed,
            Self::Checking => ImportState::Mapping,
            Self::Running => ImportState::Cancelled,
            Self::Undoing => ImportState::Completed,
        }
    }

    /// The kind of its task.
    fn kind(self) -> &'static str {
        match self {
            Self::Reading => "customers_import_reading",
            Self::Checking => "customers_import_check",
            Self::Running => "customers_import",
            Self::Undoing => "customers_import_undo",
        }
    }

    fn title(self, file_name: &str) -> String {
        let verb = match self {
            Self::Reading => "Reading",
            Self::Checking => "Checking",
            Self::Running => "Importing",
            Self::Undoing => "Taking back",
        };
        format!("{verb} {file_name}").chars().take(200).collect()
    }

    fn may_begin(self, import: &Import) -> bool {
        use ImportState::{Checked, Failed, Mapping, Uploading};
        match self {
            Self::Reading => matches!(import.state, Uploading | Mapping | Checked | Failed) && import.file.is_some(),
            Self::Checking => matches!(import.state, Mapping | Checked),
            Self::Running => import.state == Checked || import.can_go_on(),
            Self::Undoing => import.undo_until(Utc::now()).is_some(),
        }
    }

    /// What counts from the beginning again.
    fn counts(self, counts: Counts) -> Counts {
        let Counts { rows, short, .. } = counts;
        match self {
            Self::Reading => Counts::default(),
            Self::Checking => Counts { rows, short, ..Counts::default() },
            Self::Running | Self::Undoing => counts,
        }
    }
}

/// Whether there is more to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    More,
    Over,
}

/// Begins a step; the caller asks for the job in the same transaction.
///
/// # Errors
/// `NotFound`; `Refused` where the step does not follow.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: ImportId, step: Step, by: UserId) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    if !step.may_begin(&import) {
        return Err(Error::Refused(
            "This import is not ready for that, or it is done already. Reload to see it.".into(),
        ));
    }
    let counts = step.counts(import.counts());
    let title = step.title(&import.file_name);
    let params = json!({ "import": id });
    let total = (step != Step::Reading).then_some(to_do(step, &counts));
    let task = tasks::create(conn, tenant, &NewTask { kind: step.kind(), title: &title, total, params, by })?;
    let round = import.round + i32::from(step == Step::Checking);
    diesel::update(of(tenant).filter(imports::id.eq(id)))
        .set((
            imports::state.eq(step.state()),
            imports::counts.eq(serde_json::to_value(counts)?),
            imports::round.eq(round),
            imports::through.eq(0),
            imports::task_id.eq(task.get()),
            imports::error_message.eq(None::<String>),
            imports::ended_at.eq(None::<DateTime<Utc>>),
            imports::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    moved(conn, tenant, &import, step.state())
}

/// Rows that a step has before it.
fn to_do(step: Step, counts: &Counts) -> i64 {
    match step {
        Step::Reading | Step::Checking => counts.rows,
        Step::Running => counts.would_create + counts.would_update + counts.would_leave,
        Step::Undoing => counts.created,
    }
}

/// Rows that a step is done with, and those of them that were refused.
fn done(step: Step, counts: &Counts) -> (i64, i64) {
    match step {
        Step::Reading => (counts.rows, 0),
        Step::Checking => (
            counts.would_create + counts.would_update + counts.would_leave + counts.faulty + counts.skipped,
            counts.faulty,
        ),
        Step::Running => (counts.created + counts.updated + counts.unchanged + counts.refused, counts.refused),
        Step::Undoing => (counts.undone + counts.kept, counts.kept),
    }
}

/// Tells how far the step is. False: somebody wants it to stop, and it has.
pub(super) fn progress(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: &Import,
    step: Step,
    counts: &Counts,
) -> Result<bool> {
    let Some(task) = import.task() else { return Ok(true) };
    let (done, refused) = done(step, counts);
    let total = (step != Step::Reading).then_some(to_do(step, counts));
    if tasks::progress(conn, tenant, task, Progress { total, done, refused })? {
        return Ok(true);
    }
    tasks::cancelled(conn, tenant, task, &told(step, counts))?;
    end(conn, tenant, import, step.stopped(), None)?;
    Ok(false)
}

/// The step is done.
pub(super) fn complete(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: &Import,
    step: Step,
    counts: &Counts,
) -> Result<()> {
    if let Some(task) = import.task() {
        tasks::complete(conn, tenant, task, &told(step, counts), None)?;
    }
    end(conn, tenant, import, step.done(), None)
}

/// The step cannot be done; `why` is for people. What it has done stays.
///
/// # Errors
/// `NotFound`.
pub fn fail(conn: &mut PgConnection, tenant: TenantId, id: ImportId, why: &str) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    let Some(step) = Step::of(import.state) else { return Ok(()) };
    if let Some(task) = import.task() {
        tasks::fail(conn, tenant, task, why)?;
    }
    end(conn, tenant, &import, step.stopped(), Some(why))
}

/// Asks for the present step to be stopped.
///
/// # Errors
/// `NotFound`; `Refused` when nothing is under way.
pub fn cancel(conn: &mut PgConnection, tenant: TenantId, id: ImportId) -> Result<()> {
    let import = lock(conn, tenant, id)?;
    let task: Option<TaskId> = import.task().filter(|_| import.is_busy());
    let Some(task) = task else {
        return Err(Error::Refused("Nothing is under way here that could be stopped.".into()));
    };
    tasks::cancel(conn, tenant, task)
}

fn end(
    conn: &mut PgConnection,
    tenant: TenantId,
    import: &Import,
    state: ImportState,
    why: Option<&str>,
) -> Result<()> {
    use ImportState::{Cancelled, Completed, Failed, Undone};
    let now = Utc::now();
    let is_over = matches!(state, Completed | Undone | Cancelled | Failed);
    let why = why.map(|why| why.chars().take(500).collect::<String>());
    diesel::update(of(tenant).filter(imports::id.eq(import.id)))
        .set((
            imports::state.eq(state),
            imports::error_message.eq(why),
            imports::ended_at.eq(is_over.then_some(now)),
            imports::updated_at.eq(now),
        ))
        .execute(conn)?;
    moved(conn, tenant, import, state)
}

fn moved(conn: &mut PgConnection, tenant: TenantId, import: &Import, state: ImportState) -> Result<()> {
    let entry = Entry::new("moved", "customer_imports", import.id.get());
    let entry = entry.before(json!({ "state": import.state })).after(json!({ "state": state }));
    audit::record(conn, tenant, &entry)?;
    live::announce(conn, tenant, IMPORT_CHANGED, import.id.get())
}

/// What the task's page says came of it.
fn told(step: Step, counts: &Counts) -> serde_json::Value {
    match step {
        Step::Reading => json!({ "rows": counts.rows }),
        Step::Checking => json!({
            "would_be_created": counts.would_create, "would_be_updated": counts.would_update,
            "unchanged": counts.would_leave, "faulty": counts.faulty, "skipped": counts.skipped,
        }),
        Step::Running => json!({
            "created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged,
            "refused": counts.refused + counts.faulty, "skipped": counts.skipped,
        }),
        Step::Undoing => json!({ "deleted": counts.undone, "kept": counts.kept }),
    }
}
