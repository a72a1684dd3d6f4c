//! Going through the customers of a change, so many at a time: at once where they are few, else as work in the background
//! that knows from its rows how far it is.

use super::apply::{Done, apply};
use super::jobs::{MakeChange, UndoChange};
use super::model::{self, AT_ONCE, BulkChange, BulkChangeId, Outcome, Wish, of, rows_of, take};
use super::report;
use super::undo::undo;
use crate::customers::filter::Filter;
use crate::customers::listing;
use crate::customers::model::CustomerId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::tenant::TenantId;
use crate::schema::{bulk_change_rows, bulk_changes};
use crate::tasks::model::{self as tasks, NewTask, Progress, TaskId};
use crate::users::model::UserId;
use chrono::Utc;
use diesel::prelude::*;
use serde_json::json;

/// Makes the change: at once for at most [`AT_ONCE`] customers, else as work in the background, called `title`.
///
/// # Errors
/// `Taken("bulk_changes_pkey")` for a form that was sent before.
pub fn begin(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: BulkChangeId,
    wish: Wish,
    filter: &Filter,
    title: &str,
    by: UserId,
) -> Result<()> {
    model::create(conn, tenant, id, wish, filter, by)?;
    let found = listing::ids(conn, tenant, filter, None, AT_ONCE + 1)?;
    if found.len() <= AT_ONCE {
        apply(conn, tenant, id, wish, &found, by)?;
        return end(conn, tenant, id);
    }
    let total = listing::count(conn, tenant, filter)?;
    let params = json!({ "bulk_change": id });
    let new = NewTask { kind: "customers_change", title, total: Some(total), params, by };
    let task = tasks::create(conn, tenant, &new)?;
    diesel::update(of(tenant).filter(bulk_changes::id.eq(id))).set(bulk_changes::task_id.eq(task)).execute(conn)?;
    enqueue(conn, tenant, &MakeChange { change: id })
}

/// Changes the next customers. False: there are no more, or somebody stopped it.
/// The job does this until it answers false.
pub fn advance(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<bool> {
    let change = take(conn, tenant, id)?;
    let (Some(task), None) = (change.task_id, change.ended_at) else { return Ok(false) };
    if is_stopped(conn, tenant, task)? {
        return stop(conn, tenant, &change, task);
    }
    let ids = listing::ids(conn, tenant, &change.filter()?, change.place, AT_ONCE)?;
    let done = apply(conn, tenant, id, change.wish()?, &ids, change.created_by)?;
    keep_place(conn, tenant, id, ids.last().copied().or(change.place))?;
    tell(conn, tenant, task, done.len(), skipped(&done))?;
    if ids.len() < AT_ONCE {
        end(conn, tenant, id)?;
        let result = result(conn, tenant, id)?;
        tasks::complete(conn, tenant, task, &result, None)?;
    }
    Ok(ids.len() == AT_ONCE)
}

/// Takes a change back, once: at once where few were changed, else in the background.
///
/// # Errors
/// `Refused` while it is under way, and when it was taken back before.
pub fn begin_undo(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId, title: &str, by: UserId) -> Result<()> {
    let change = take(conn, tenant, id)?;
    if change.ended_at.is_none() {
        return Err(Error::Refused("This change is still under way. Stop it first, or wait for its end.".into()));
    }
    if change.undone_at.is_some() {
        return Err(Error::Refused("This change was undone before.".into()));
    }
    let set = (bulk_changes::undone_at.eq(Utc::now()), bulk_changes::undone_by.eq(by));
    diesel::update(of(tenant).filter(bulk_changes::id.eq(id))).set(set).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("undone", "bulk_changes", id.get()))?;
    let changed = left(conn, tenant, id)?;
    if changed <= AT_ONCE as i64 {
        undo(conn, tenant, &change, by)?;
        return Ok(());
    }
    let params = json!({ "bulk_change": id });
    let new = NewTask { kind: "customers_undo", title, total: Some(changed), params, by };
    let task = tasks::create(conn, tenant, &new)?;
    diesel::update(of(tenant).filter(bulk_changes::id.eq(id)))
        .set(bulk_changes::undo_task_id.eq(task))
        .execute(conn)?;
    enqueue(conn, tenant, &UndoChange { change: id })
}

/// Takes the next ones back. False: there are no more, or somebody stopped it.
pub(super) fn advance_undo(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<bool> {
    let change = take(conn, tenant, id)?;
    let (Some(task), Some(by)) = (change.undo_task_id, change.undone_by) else { return Ok(false) };
    if is_stopped(conn, tenant, task)? {
        let result = result(conn, tenant, id)?;
        tasks::cancelled(conn, tenant, task, &result)?;
        return Ok(false);
    }
    let (looked_at, kept) = undo(conn, tenant, &change, by)?;
    tell(conn, tenant, task, looked_at, kept)?;
    if looked_at < AT_ONCE {
        let result = result(conn, tenant, id)?;
        tasks::complete(conn, tenant, task, &result, None)?;
    }
    Ok(looked_at == AT_ONCE)
}

fn is_stopped(conn: &mut PgConnection, tenant: TenantId, task: TaskId) -> Result<bool> {
    let task = tasks::find(conn, tenant, task)?;
    Ok(task.is_over() || task.cancel_requested_at.is_some())
}

fn stop(conn: &mut PgConnection, tenant: TenantId, change: &BulkChange, task: TaskId) -> Result<bool> {
    end(conn, tenant, change.id)?;
    let result = result(conn, tenant, change.id)?;
    tasks::cancelled(conn, tenant, task, &result)?;
    Ok(false)
}

fn skipped(done: &[Done]) -> usize {
    done.iter().filter(|done| done.outcome == Outcome::Skipped).count()
}

/// How many were changed and not taken back.
fn left(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<i64> {
    Ok(rows_of(tenant, id).filter(bulk_change_rows::outcome.eq(Outcome::Changed)).count().get_result(conn)?)
}

fn tell(conn: &mut PgConnection, tenant: TenantId, task: TaskId, done: usize, refused: usize) -> Result<()> {
    let now = tasks::find(conn, tenant, task)?;
    let more = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let progress = Progress { total: now.total, done: now.done + more(done), refused: now.refused + more(refused) };
    tasks::progress(conn, tenant, task, progress).map(drop)
}

fn result(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<serde_json::Value> {
    let counts = report::counts(conn, tenant, id)?;
    Ok(counts.into_iter().map(|(outcome, count)| (outcome.word().to_owned(), json!(count))).collect())
}

fn end(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<()> {
    diesel::update(of(tenant).filter(bulk_changes::id.eq(id)))
        .set(bulk_changes::ended_at.eq(Utc::now()))
        .execute(conn)?;
    Ok(())
}

fn keep_place(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId, place: Option<CustomerId>) -> Result<()> {
    diesel::update(of(tenant).filter(bulk_changes::id.eq(id))).set(bulk_changes::place.eq(place)).execute(conn)?;
    Ok(())
}
