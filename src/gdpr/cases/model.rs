//! Cases: made, found, and listed with those first that are due first.

use super::history::{self, Step};
use crate::customers::model::CustomerId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::schema::privacy_cases as cases;
use crate::tasks::model::TaskId;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Months, NaiveDate, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::json;

ids! {
    /// What somebody asked for.
    CaseId,
}

pg_enum! {
    /// Articles 15 and 20, 17, 16, 18, 21 of the GDPR.
    Kind over PrivacyCaseKind {
        Access = "access", Erasure = "erasure", Rectification = "rectification", Restriction = "restriction",
        Objection = "objection",
    }
}

pg_enum! {
    State over PrivacyCaseState { Open = "open", InProgress = "in_progress", Done = "done", Refused = "refused" }
}

/// The kind of the event that says that a case changed.
pub const CASE_CHANGED: &str = "case_changed";

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    cases::table.filter(cases::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub struct Case {
    pub id: CaseId,
    pub kind: Kind,
    pub state: State,
    pub customer_id: Option<CustomerId>,
    pub requester: String,
    pub details: Option<String>,
    pub received_on: NaiveDate,
    pub due_on: NaiveDate,
    pub extended_at: Option<DateTime<Utc>>,
    pub extension_reason: Option<String>,
    pub assignee_id: Option<UserId>,
    /// The task that makes the newest file with everything held.
    pub package_id: Option<TaskId>,
    pub closed_at: Option<DateTime<Utc>>,
    pub outcome: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl Case {
    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// Days until it is due; negative: it is overdue by so many.
    pub fn days_left(&self, today: NaiveDate) -> i64 {
        (self.due_on - today).num_days()
    }

    /// Its name among others: "Access, received 21 Nov 2026" needs no person's name.
    pub fn number(&self) -> String {
        self.id.to_string().rsplit('-').next().unwrap_or_default().to_uppercase()
    }
}

/// A new case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseData {
    pub kind: Kind,
    pub customer: Option<CustomerId>,
    pub requester: String,
    pub details: Option<String>,
    pub received_on: NaiveDate,
    pub assignee: Option<UserId>,
}

/// One calendar month after receipt (Article 12(3)); where that month has no such day, its last.
pub fn due(received_on: NaiveDate) -> NaiveDate {
    received_on.checked_add_months(Months::new(1)).unwrap_or(received_on)
}

pub fn create(conn: &mut PgConnection, tenant: TenantId, data: &CaseData, by: UserId) -> Result<CaseId> {
    let id = CaseId::new();
    let due_on = due(data.received_on);
    diesel::insert_into(cases::table)
        .values((
            cases::tenant_id.eq(tenant),
            cases::id.eq(id),
            cases::kind.eq(data.kind),
            cases::customer_id.eq(data.customer),
            cases::requester.eq(&data.requester),
            cases::details.eq(&data.details),
            cases::received_on.eq(data.received_on),
            cases::due_on.eq(due_on),
            cases::assignee_id.eq(data.assignee),
            cases::created_by.eq(by),
        ))
        .execute(conn)?;
    history::keep(conn, tenant, id, Step::Opened, None, Some(by))?;
    let after = json!({
        "kind": data.kind, "customer_id": data.customer, "requester": data.requester, "received_on": data.received_on,
        "due_on": due_on, "assignee_id": data.assignee,
    });
    audit::record(conn, tenant, &Entry::new("created", "privacy_cases", id.get()).after(after))?;
    live::announce(conn, tenant, CASE_CHANGED, id.get())?;
    Ok(id)
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: CaseId) -> Result<Case> {
    Ok(of(tenant).filter(cases::id.eq(id)).select(Case::as_select()).first(conn)?)
}

/// Those that are not closed, due first. `by`: only that user's. At most `size`, after (`due_on`, id).
pub fn pending(
    conn: &mut PgConnection,
    tenant: TenantId,
    by: Option<UserId>,
    after: Option<(NaiveDate, CaseId)>,
    size: usize,
) -> Result<Vec<Case>> {
    let mut rows = of(tenant)
        .filter(cases::closed_at.is_null())
        .order((cases::due_on, cases::id))
        .limit(size as i64)
        .into_boxed::<Pg>();
    if let Some(user) = by {
        rows = rows.filter(cases::assignee_id.eq(user));
    }
    if let Some((day, id)) = after {
        rows = rows.filter(cases::due_on.gt(day).or(cases::due_on.eq(day).and(cases::id.gt(id))));
    }
    Ok(rows.select(Case::as_select()).load(conn)?)
}

/// Those that are closed, newest first.
pub fn closed(conn: &mut PgConnection, tenant: TenantId, after: Option<Cursor>, size: usize) -> Result<Vec<Case>> {
    let mut rows = of(tenant)
        .filter(cases::closed_at.is_not_null())
        .order((cases::closed_at.desc(), cases::id.desc()))
        .limit(size as i64)
        .into_boxed::<Pg>();
    if let Some(Cursor { at, id }) = after {
        let same = cases::closed_at.eq(at).and(cases::id.lt(CaseId::from(id)));
        rows = rows.filter(cases::closed_at.lt(at).or(same));
    }
    Ok(rows.select(Case::as_select()).load(conn)?)
}

/// At most 50 of a customer, newest first.
pub fn of_customer(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Vec<Case>> {
    let rows = of(tenant).filter(cases::customer_id.eq(customer)).order(cases::id.desc()).limit(50);
    Ok(rows.select(Case::as_select()).load(conn)?)
}

/// (pending, due within a week, overdue), each counted to 100 at most.
pub fn counts(conn: &mut PgConnection, tenant: TenantId, today: NaiveDate) -> Result<(i64, i64, i64)> {
    let mut count = |until: Option<NaiveDate>| -> Result<i64> {
        let mut rows = of(tenant).filter(cases::closed_at.is_null()).limit(100).into_boxed::<Pg>();
        if let Some(until) = until {
            rows = rows.filter(cases::due_on.le(until));
        }
        let ids: Vec<CaseId> = rows.select(cases::id).load(conn)?;
        Ok(ids.len() as i64)
    };
    let (yesterday, soon) = (today - chrono::Days::new(1), today + chrono::Days::new(7));
    let overdue = count(Some(yesterday))?;
    Ok((count(None)?, count(Some(soon))?.saturating_sub(overdue), overdue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_due_one_calendar_month_after_receipt() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (received, expected) in
            [("2026-11-21", "2026-12-21"), ("2026-01-31", "2026-02-28"), ("2028-01-30", "2028-02-29")]
        {
            assert_eq!(due(day(received)), day(expected));
        }
    }
}
