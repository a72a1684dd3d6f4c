//! Asking for a package, and taking it out of the house: both are written down.

use super::jobs::Package;
use crate::customers::model::CustomerId;
use crate::gdpr::cases::history::{self, Step};
use crate::gdpr::cases::model::{self as cases, Case, CaseId, Kind};
use crate::gdpr::cases::steps;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::jobs;
use crate::kit::tenant::TenantId;
use crate::tasks::model::{self as tasks, MadeFile, NewTask, Task, TaskId, TaskState};
use crate::users::model::UserId;
use chrono::{DateTime, Days, Utc};
use diesel::PgConnection;
use serde_json::json;

/// Days for which a package can be fetched.
pub const DAYS: u64 = 7;

/// Asks for a package for this case.
///
/// # Errors
/// `NotFound`; `Refused` where the customer is not known yet, the case is about something else or closed, and while one is
/// being made.
pub fn begin(conn: &mut PgConnection, tenant: TenantId, id: CaseId, by: UserId) -> Result<TaskId> {
    let case = cases::find(conn, tenant, id)?;
    if case.kind != Kind::Access || case.is_closed() {
        return Err(Error::Refused("Files are made for open requests for access.".into()));
    }
    let Some(customer) = case.customer_id else {
        return Err(Error::Refused("Say first which customer this is about.".into()));
    };
    crate::customers::states::refuse_erased(conn, tenant, customer)?;
    if latest(conn, tenant, &case)?.is_some_and(|task| !task.is_over()) {
        return Err(Error::Refused("The file is being made already.".into()));
    }
    steps::start(conn, tenant, id, by)?;
    let params = json!({ "case": id, "customer": customer });
    let new = NewTask { kind: "gdpr_package", title: "Everything held about a customer", total: None, params, by };
    let task = tasks::create(conn, tenant, &new)?;
    steps::package(conn, tenant, id, task, by)?;
    let job = Package { task, customer };
    jobs::enqueue_with(conn, tenant, &job, Package::options(task))?;
    Ok(task)
}

/// The newest package of a case, or what makes it.
pub fn latest(conn: &mut PgConnection, tenant: TenantId, case: &Case) -> Result<Option<Task>> {
    case.package_id.map(|task| tasks::find(conn, tenant, task)).transpose()
}

/// Somebody takes the package out of the house.
///
/// # Errors
/// `NotFound` while there is none, and when its time is up.
pub fn fetch(conn: &mut PgConnection, tenant: TenantId, id: CaseId, by: UserId) -> Result<(String, String)> {
    let case = cases::find(conn, tenant, id)?;
    let task = latest(conn, tenant, &case)?.filter(is_there).ok_or(Error::NotFound)?;
    let (Some(file), Some(name)) = (task.file, task.file_name) else { return Err(Error::NotFound) };
    history::keep(conn, tenant, id, Step::Downloaded, None, Some(by))?;
    if let Some(customer) = case.customer_id {
        let entry = Entry::new("exported", "customers", customer.get());
        audit::record(conn, tenant, &entry.after(json!({ "case_id": id, "task_id": task.id })))?;
    }
    Ok((file, name))
}

/// Whether the file can be fetched now.
pub fn is_there(task: &Task) -> bool {
    task.state == TaskState::Completed
        && task.file.is_some()
        && task.file_expires_at.is_some_and(|until: DateTime<Utc>| until > Utc::now())
}

/// Where the package of a task lies.
pub fn file(tenant: TenantId, task: TaskId) -> String {
    format!("tasks/{tenant}/{task}/package.zip")
}

/// It is made: offers it.
pub fn made(
    conn: &mut PgConnection,
    tenant: TenantId,
    task: TaskId,
    customer: CustomerId,
    result: &serde_json::Value,
) -> Result<()> {
    let until = Utc::now() + Days::new(DAYS);
    let name = format!("personal-data-{}.zip", Utc::now().format("%Y-%m-%d"));
    crate::customers::reads::note(conn, tenant, customer)?;
    tasks::complete(conn, tenant, task, result, Some(&MadeFile { file: file(tenant, task), name, until }))
}
