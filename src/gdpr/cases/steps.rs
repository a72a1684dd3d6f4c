//! The steps of a case: who looks after it, how far it is, how it ends.

use super::history::{self, Step};
use super::model::{CASE_CHANGED, Case, CaseId, State, of};
use crate::customers::model::CustomerId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::tenant::TenantId;
use crate::schema::privacy_cases as cases;
use crate::tasks::model::TaskId;
use crate::users::model::UserId;
use chrono::{DateTime, Months, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

/// A case that nobody else changes until the end of the transaction.
fn held(conn: &mut PgConnection, tenant: TenantId, id: CaseId) -> Result<Case> {
    Ok(of(tenant).filter(cases::id.eq(id)).select(Case::as_select()).for_no_key_update().first(conn)?)
}

/// The same, and it is not closed.
///
/// # Errors
/// `Refused` when it is.
fn pending(conn: &mut PgConnection, tenant: TenantId, id: CaseId) -> Result<Case> {
    let case = held(conn, tenant, id)?;
    match case.is_closed() {
        true => Err(Error::Refused("This request is closed. Re-open it first.".into())),
        false => Ok(case),
    }
}

/// Writes a step down, in the case's own history and in the audit log.
fn tell(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CaseId,
    step: Step,
    words: Option<&str>,
    by: UserId,
    after: Value,
) -> Result<()> {
    history::keep(conn, tenant, id, step, words, Some(by))?;
    let entry = Entry { action: step.word(), ..Entry::new("changed", "privacy_cases", id.get()) };
    audit::record(conn, tenant, &entry.after(after))?;
    live::announce(conn, tenant, CASE_CHANGED, id.get())
}

/// Adds a note to the history.
pub fn note(conn: &mut PgConnection, tenant: TenantId, id: CaseId, words: &str, by: UserId) -> Result<()> {
    held(conn, tenant, id)?;
    tell(conn, tenant, id, Step::Noted, Some(words), by, json!({}))
}

/// Whose case it is; None: nobody's.
pub fn assign(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CaseId,
    assignee: Option<(UserId, &str)>,
    by: UserId,
) -> Result<()> {
    let case = pending(conn, tenant, id)?;
    let user = assignee.map(|(user, _)| user);
    if case.assignee_id == user {
        return Ok(());
    }
    let set = (cases::assignee_id.eq(user), cases::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    let words = assignee.map_or("Nobody", |(_, name)| name);
    tell(conn, tenant, id, Step::Assigned, Some(words), by, json!({ "assignee_id": user }))
}

/// The customer whom it is about, once that is known.
pub fn identify(conn: &mut PgConnection, tenant: TenantId, id: CaseId, customer: CustomerId, by: UserId) -> Result<()> {
    let case = pending(conn, tenant, id)?;
    if case.customer_id == Some(customer) {
        return Ok(());
    }
    let set = (cases::customer_id.eq(customer), cases::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    tell(conn, tenant, id, Step::Identified, None, by, json!({ "customer_id": customer }))
}

/// Somebody works on it; one that is in progress stays so.
pub fn start(conn: &mut PgConnection, tenant: TenantId, id: CaseId, by: UserId) -> Result<()> {
    let case = pending(conn, tenant, id)?;
    if case.state == State::InProgress {
        return Ok(());
    }
    let set = (cases::state.eq(State::InProgress), cases::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    tell(conn, tenant, id, Step::Started, None, by, json!({ "state": State::InProgress }))
}

/// Two months more, once.
///
/// # Errors
/// `Refused` when it was extended before.
pub fn extend(conn: &mut PgConnection, tenant: TenantId, id: CaseId, reason: &str, by: UserId) -> Result<()> {
    let case = pending(conn, tenant, id)?;
    if case.extended_at.is_some() {
        return Err(Error::Refused("This request was extended already. It can be extended once.".into()));
    }
    let due_on = case.received_on.checked_add_months(Months::new(3)).unwrap_or(case.due_on);
    let set = (
        cases::due_on.eq(due_on),
        cases::extended_at.eq(Utc::now()),
        cases::extension_reason.eq(reason),
        cases::updated_at.eq(Utc::now()),
    );
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    let after = json!({ "due_on": due_on, "reason": reason });
    tell(conn, tenant, id, Step::Extended, Some(reason), by, after)
}

/// Answered, with or without words about it.
pub fn complete(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CaseId,
    outcome: Option<&str>,
    by: UserId,
) -> Result<()> {
    close(conn, tenant, id, State::Done, outcome, by)
}

/// Not done, and why not.
pub fn refuse(conn: &mut PgConnection, tenant: TenantId, id: CaseId, reason: &str, by: UserId) -> Result<()> {
    close(conn, tenant, id, State::Refused, Some(reason), by)
}

fn close(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CaseId,
    state: State,
    outcome: Option<&str>,
    by: UserId,
) -> Result<()> {
    pending(conn, tenant, id)?;
    let now = Utc::now();
    let set = (cases::state.eq(state), cases::closed_at.eq(now), cases::outcome.eq(outcome), cases::updated_at.eq(now));
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    let step = if state == State::Refused { Step::Refused } else { Step::Done };
    tell(conn, tenant, id, step, outcome, by, json!({ "state": state, "outcome": outcome }))
}

/// Open again; what it ended with stands in its history.
pub fn reopen(conn: &mut PgConnection, tenant: TenantId, id: CaseId, by: UserId) -> Result<()> {
    if !held(conn, tenant, id)?.is_closed() {
        return Ok(());
    }
    let set = (
        cases::state.eq(State::InProgress),
        cases::closed_at.eq(None::<DateTime<Utc>>),
        cases::outcome.eq(None::<String>),
        cases::updated_at.eq(Utc::now()),
    );
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    tell(conn, tenant, id, Step::Reopened, None, by, json!({ "state": State::InProgress }))
}

/// A file with everything held is being made.
pub(in crate::gdpr) fn package(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CaseId,
    task: TaskId,
    by: UserId,
) -> Result<()> {
    let set = (cases::package_id.eq(task), cases::updated_at.eq(Utc::now()));
    diesel::update(of(tenant).filter(cases::id.eq(id))).set(set).execute(conn)?;
    tell(conn, tenant, id, Step::Packaged, None, by, json!({ "task_id": task }))
}
