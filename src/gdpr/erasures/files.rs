//! Files that were made of customers before an erasure: they go, and what may still make one is waited for.

use super::model::{Erasure, ErasureId, Stage, of};
use super::work::{Next, count, go_on, sum};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::{background_tasks, erasures};
use crate::tasks::model::TaskId;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::json;

/// How long an erasure waits for work that may write the person into a file; what takes longer has died.
const PATIENCE: TimeDelta = TimeDelta::hours(1);

#[auto_type]
fn tasks_of(tenant: TenantId) -> _ {
    background_tasks::table.filter(background_tasks::tenant_id.eq(tenant))
}

/// Files that were made before, of customers: nobody can tell whether the person stands in them, so they go.
pub(super) fn next(conn: &mut PgConnection, tenant: TenantId, erasure: &Erasure) -> Result<Next> {
    let made = tasks_of(tenant)
        .filter(background_tasks::file.is_not_null().and(background_tasks::created_at.le(erasure.created_at)))
        .order(background_tasks::id)
        .limit(100)
        .select((background_tasks::id, background_tasks::file.assume_not_null()));
    let made: Vec<(TaskId, String)> = made.load(conn)?;
    if !made.is_empty() {
        return Ok(Next::Files(made));
    }
    let others = tasks_of(tenant)
        .filter(background_tasks::ended_at.is_null().and(background_tasks::created_at.le(erasure.created_at)))
        .filter(background_tasks::kind.ne_all(["gdpr_erasure", "gdpr_retention"]));
    let is_going_on: bool = diesel::select(diesel::dsl::exists(others)).get_result(conn)?;
    if is_going_on && Utc::now() - erasure.created_at < PATIENCE {
        return Ok(Next::Wait);
    }
    go_on(conn, tenant, erasure, Stage::Person, None).map(|()| Next::More)
}

/// Forgets files that are gone.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, id: ErasureId, gone: &[(TaskId, String)]) -> Result<()> {
    let row = of(tenant).filter(erasures::id.eq(id)).select(Erasure::as_select()).for_update();
    let erasure: Erasure = row.first(conn)?;
    let ids: Vec<TaskId> = gone.iter().map(|(task, _)| *task).collect();
    let made = tasks_of(tenant).filter(background_tasks::id.eq_any(ids).and(background_tasks::file.is_not_null()));
    let forgotten = diesel::update(made)
        .set((
            background_tasks::file.eq(None::<String>),
            background_tasks::file_name.eq(None::<String>),
            background_tasks::file_expires_at.eq(None::<DateTime<Utc>>),
            background_tasks::updated_at.eq(Utc::now()),
        ))
        .execute(conn)?;
    let counts = sum(&erasure.counts, &json!({ "files": forgotten }));
    count(conn, tenant, &erasure, &counts)
}
