//! What the pages of cases show, read at once.

use super::history::{self, CaseEvent};
use super::model::{self, Case, CaseId};
use super::people::{self, Named};
use crate::customers::model::CustomerId;
use crate::gdpr::erasures::model::{self as erasures, ErasureId};
use crate::gdpr::packages::model as packages;
use crate::kit::error::Result;
use crate::kit::page::{Cursor, cut};
use crate::kit::tenant::TenantId;
use crate::tasks::model::Task;
use crate::users::directory::{self, Person};
use crate::users::model::{self as users, UserId};
use chrono::NaiveDate;
use diesel::PgConnection;
use std::collections::HashMap;

/// Cases of one page.
const PAGE: usize = 50;

/// A page of the list.
#[derive(Debug, Default)]
pub struct Found {
    pub cases: Vec<Case>,
    pub has_more: bool,
    pub customers: HashMap<CustomerId, Named>,
    pub users: Vec<(UserId, String)>,
    /// Pending, due within a week, overdue.
    pub counts: (i64, i64, i64),
}

/// Which page: `state` is `mine`, `closed`, or anything else for all that is pending.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    state: &str,
    after: &str,
    reader: UserId,
    today: NaiveDate,
) -> Result<Found> {
    let place = || {
        let (day, id) = after.split_once('_')?;
        Some((day.parse::<NaiveDate>().ok()?, id.parse::<CaseId>().ok()?))
    };
    let rows = match state {
        "closed" => model::closed(conn, tenant, Cursor::parse(after), PAGE + 1)?,
        "mine" => model::pending(conn, tenant, Some(reader), place(), PAGE + 1)?,
        _ => model::pending(conn, tenant, None, place(), PAGE + 1)?,
    };
    let (cases, has_more) = cut(rows, PAGE);
    let customers: Vec<CustomerId> = cases.iter().filter_map(|case| case.customer_id).collect();
    let assignees: Vec<UserId> = cases.iter().filter_map(|case| case.assignee_id).collect();
    Ok(Found {
        customers: people::several(conn, tenant, &customers)?,
        users: users::names(conn, tenant, &assignees)?,
        counts: model::counts(conn, tenant, today)?,
        cases,
        has_more,
    })
}

/// One case with whatever it names.
#[derive(Debug)]
pub struct Opened {
    pub case: Case,
    pub customer: Option<Named>,
    pub history: Vec<CaseEvent>,
    pub users: Vec<(UserId, String)>,
    /// Everybody with an account.
    pub people: Vec<Person>,
    pub package: Option<Task>,
    pub erasure: Option<ErasureId>,
}

/// # Errors
/// `NotFound`.
pub fn open(conn: &mut PgConnection, tenant: TenantId, id: CaseId) -> Result<Opened> {
    let case = model::find(conn, tenant, id)?;
    let history = history::list(conn, tenant, id)?;
    let mut known: Vec<UserId> = history.iter().filter_map(|event| event.user_id).chain(case.assignee_id).collect();
    known.sort();
    known.dedup();
    let erasure = match case.customer_id {
        Some(customer) => erasures::of_customer(conn, tenant, customer)?,
        None => None,
    };
    Ok(Opened {
        customer: case.customer_id.map(|customer| people::find(conn, tenant, customer)).transpose()?,
        users: users::names(conn, tenant, &known)?,
        people: directory::everybody(conn, tenant)?,
        package: packages::latest(conn, tenant, &case)?,
        erasure: erasure.map(|erasure| erasure.id),
        history,
        case,
    })
}

/// The name of somebody who may work on cases.
pub fn assignee(conn: &mut PgConnection, tenant: TenantId, id: UserId) -> Result<Option<String>> {
    let people = directory::everybody(conn, tenant)?;
    let may =
        |person: &&Person| person.id == id && person.is_active && person.role == crate::kit::access::Role::TenantAdmin;
    Ok(people.iter().find(may).map(Person::name))
}
