//! What happened to a case, step by step.

use super::model::CaseId;
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::privacy_case_events as events;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

ids! {
    /// A step of a case.
    CaseEventId,
}

pg_enum! {
    Step over PrivacyCaseStep {
        Opened = "opened", Identified = "identified", Assigned = "assigned", Noted = "noted", Started = "started",
        Extended = "extended", Packaged = "packaged", Downloaded = "downloaded", Erased = "erased",
        Restricted = "restricted", Done = "done", Refused = "refused", Reopened = "reopened",
    }
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    events::table.filter(events::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct CaseEvent {
    pub step: Step,
    pub words: Option<String>,
    pub user_id: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

/// At most 500, oldest first.
pub fn list(conn: &mut PgConnection, tenant: TenantId, case: CaseId) -> Result<Vec<CaseEvent>> {
    let rows = of(tenant).filter(events::case_id.eq(case)).order(events::id).limit(500);
    Ok(rows.select(CaseEvent::as_select()).load(conn)?)
}

/// Adds a step; whoever takes it writes the audit entry.
pub(crate) fn keep(
    conn: &mut PgConnection,
    tenant: TenantId,
    case: CaseId,
    step: Step,
    words: Option<&str>,
    by: Option<UserId>,
) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::tenant_id.eq(tenant),
            events::id.eq(CaseEventId::new()),
            events::case_id.eq(case),
            events::step.eq(step),
            events::words.eq(words),
            events::user_id.eq(by),
        ))
        .execute(conn)?;
    Ok(())
}
