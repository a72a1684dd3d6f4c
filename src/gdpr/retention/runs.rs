//! The rules at work: window by window through the customers, each window in a transaction that notes how far it is.

use super::jobs::Retain;
use super::model::{self, Action, Rule};
use super::whom;
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::states;
use crate::gdpr::erasures::model::{self as erasures, Order, Watched};
use crate::ids;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::jobs;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::retention_runs as runs;
use crate::tasks::model::{self as tasks, NewTask, Progress, TaskId};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::HashSet;
use uuid::Uuid;

ids! {
    /// One time that the rules were applied.
    RunId,
}

/// Customers that one transaction looks at.
const WINDOW: i64 = 2_000;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    runs::table.filter(runs::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = runs)]
struct Run {
    id: RunId,
    task_id: TaskId,
    cursor: Option<Uuid>,
    counts: Value,
    completed_at: Option<DateTime<Utc>>,
}

/// Applies the active rules, in the name of `by` or, at night, of whoever changed the first of them last. None: there is
/// nobody whom a rule meets.
///
/// # Errors
/// `Refused` while they are being applied, and when all rules rest.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, by: Option<UserId>) -> Result<Option<TaskId>> {
    let rules: Vec<Rule> = model::list(conn, tenant)?.into_iter().filter(|rule| rule.is_active).collect();
    let Some(first) = rules.first() else { return Err(Error::Refused("No rule is turned on.".into())) };
    let meets = |rule: &Rule| whom::meets(conn, tenant, &whom::terms(rule));
    if !rules.iter().map(meets).collect::<Result<Vec<bool>>>()?.contains(&true) {
        return Ok(None);
    }
    let (by, id) = (by.unwrap_or(first.edited_by), RunId::new());
    let params = json!({ "rules": rules.iter().map(|rule| rule.id).collect::<Vec<_>>() });
    let new = NewTask { kind: "gdpr_retention", title: "Retention rules", total: None, params, by };
    let task = tasks::create(conn, tenant, &new)?;
    diesel::insert_into(runs::table)
        .values((runs::tenant_id.eq(tenant), runs::id.eq(id), runs::task_id.eq(task)))
        .execute(conn)
        .map_err(|error| match error.into() {
            Error::Taken(_) => Error::Refused("The rules are being applied already.".into()),
            error => error,
        })?;
    audit::record(conn, tenant, &Entry::of("applied", "retention_rules").after(json!({ "task_id": task })))?;
    jobs::enqueue_with(conn, tenant, &Retain { run: id }, Retain::options(id))?;
    Ok(Some(task))
}

/// The next window. False: all are done.
pub fn go_on(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, id: RunId) -> Result<bool> {
    let row = of(tenant).filter(runs::id.eq(id)).select(Run::as_select()).for_update();
    let Some(run) = row.first(conn).optional()?.filter(|run| run.completed_at.is_none()) else { return Ok(false) };
    let done = run.counts["looked_at"].as_i64().unwrap_or(0);
    if !tasks::progress(conn, tenant, run.task_id, Progress { total: None, done, refused: refused(&run.counts) })? {
        close(conn, tenant, &run, &run.counts)?;
        tasks::cancelled(conn, tenant, run.task_id, &run.counts)?;
        return Ok(false);
    }
    let after = CustomerId::from(run.cursor.unwrap_or(Uuid::nil()));
    let Some((last, looked)) = whom::window(conn, tenant, after, WINDOW)? else {
        close(conn, tenant, &run, &run.counts)?;
        tasks::complete(conn, tenant, run.task_id, &run.counts, None)?;
        return Ok(false);
    };
    let by = tasks::find(conn, tenant, run.task_id)?.created_by;
    let mut counts = run.counts.clone();
    apply(conn, tenant, vault, (after, last), by, run.cursor.is_none(), &mut counts)?;
    add(&mut counts, "looked_at", looked);
    let set = (runs::cursor.eq(last.get()), runs::counts.eq(&counts), runs::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(runs::id.eq(id))).set(set).execute(conn)?;
    Ok(true)
}

/// Every rule on the customers of a window; whom one has met is met by no other in this run.
fn apply(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    (after, last): (CustomerId, CustomerId),
    by: UserId,
    is_new_run: bool,
    counts: &mut Value,
) -> Result<()> {
    let mut seen: HashSet<CustomerId> = HashSet::new();
    for rule in model::list(conn, tenant)?.into_iter().filter(|rule| rule.is_active) {
        let met = whom::within(conn, tenant, &whom::terms(&rule), after, last)?;
        let mut count = 0;
        for customer in met.into_iter().filter(|id| seen.insert(*id)) {
            match act(conn, tenant, vault, &rule, customer, by) {
                Ok(()) => count += 1,
                Err(Error::Refused(_) | Error::NotFound) => add(counts, "refused", 1),
                Err(error) => return Err(error),
            }
        }
        add(counts, word(rule.action), count.into());
        model::met(conn, tenant, rule.id, count, is_new_run)?;
    }
    Ok(())
}

fn act(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    rule: &Rule,
    customer: CustomerId,
    by: UserId,
) -> Result<()> {
    let why = format!("Retention: {}", rule.name);
    match rule.action {
        Action::Archive => states::go(conn, tenant, customer, CustomerState::Archived, Some(&why), None),
        Action::Delete => states::go(conn, tenant, customer, CustomerState::Deleted, Some(&why), None),
        Action::Erase => {
            let order = Order { customer, keeps_messages: false, case: None, by };
            erasures::begin(conn, tenant, vault, &order, Watched::ByTheRun).map(drop)
        }
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Archive => "archived",
        Action::Delete => "deleted",
        Action::Erase => "erased",
    }
}

fn refused(counts: &Value) -> i64 {
    counts["refused"].as_i64().unwrap_or(0)
}

fn add(counts: &mut Value, what: &str, more: i64) {
    let was = counts[what].as_i64().unwrap_or(0);
    counts[what] = json!(was + more);
}

fn close(conn: &mut PgConnection, tenant: TenantId, run: &Run, counts: &Value) -> Result<()> {
    let now = Utc::now();
    let set = (runs::completed_at.eq(now), runs::updated_at.eq(now));
    diesel::update(of(tenant).filter(runs::id.eq(run.id))).set(set).execute(conn)?;
    let entry = Entry::of("applied", "retention_rules").after(json!({ "task_id": run.task_id, "counts": counts }));
    audit::record(conn, tenant, &entry)
}
