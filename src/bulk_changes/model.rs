//! Bulk changes as rows: what is to be done to whom, and how far it is.

use crate::customers::filter::Filter;
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::kit::audit::{self, Entry};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::labels::model::LabelId;
use crate::schema::{bulk_change_rows, bulk_changes};
use crate::tasks::model::TaskId;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

ids! {
    /// A change of many customers.
    BulkChangeId,
}

pg_enum! {
    /// What became of a customer: changed or skipped, and once it was undone, undone or kept as somebody made it since.
    Outcome over BulkOutcome { Changed = "changed", Skipped = "skipped", Undone = "undone", Kept = "kept" }
}

/// Customers that are changed in one transaction.
pub const AT_ONCE: usize = 500;

/// What is done to each customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    AddLabel(LabelId),
    RemoveLabel(LabelId),
    SetType(CustomerType),
    SetState(CustomerState),
}

impl Change {
    /// What it is called: "Add the label VIP".
    pub fn title(self, label: Option<&str>) -> String {
        let label = label.unwrap_or("that was deleted");
        match self {
            Self::AddLabel(_) => format!("Add the label {label}"),
            Self::RemoveLabel(_) => format!("Take off the label {label}"),
            Self::SetType(word) => format!("Set the type to {}", word.word()),
            Self::SetState(CustomerState::Active) => "Make active again".into(),
            Self::SetState(CustomerState::Suspended) => "Suspend".into(),
            Self::SetState(CustomerState::Archived) => "Archive".into(),
            Self::SetState(CustomerState::Deleted | CustomerState::Erased) => "Delete".into(),
        }
    }

    /// Whether it deletes customers or brings them back.
    pub fn is_about_deleting(self) -> bool {
        matches!(self, Self::SetState(CustomerState::Deleted | CustomerState::Active))
    }
}

/// A change and what whoever asks for it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub change: Change,
    /// Deleted customers may be brought back.
    pub may_restore: bool,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = bulk_changes)]
pub struct BulkChange {
    pub id: BulkChangeId,
    change: Value,
    filter: Value,
    pub place: Option<CustomerId>,
    /// The work that makes it, where it is too much to wait for.
    pub task_id: Option<TaskId>,
    pub created_by: UserId,
    /// None while it is under way.
    pub ended_at: Option<DateTime<Utc>>,
    /// The work that takes it back.
    pub undo_task_id: Option<TaskId>,
    pub undone_by: Option<UserId>,
    pub undone_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl BulkChange {
    /// # Errors
    /// `Unexpected` when a release that did not know this program's words wrote it.
    pub fn wish(&self) -> Result<Wish> {
        Ok(serde_json::from_value(self.change.clone())?)
    }

    /// # Errors
    /// As [`Self::wish`].
    pub fn filter(&self) -> Result<Filter> {
        Ok(serde_json::from_value(self.filter.clone())?)
    }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    bulk_changes::table.filter(bulk_changes::tenant_id.eq(tenant))
}

#[auto_type]
pub(super) fn rows_of(tenant: TenantId, id: BulkChangeId) -> _ {
    bulk_change_rows::table
        .filter(bulk_change_rows::tenant_id.eq(tenant))
        .filter(bulk_change_rows::bulk_change_id.eq(id))
}

/// Writes down what is to be done. The id comes from the form, so that a form sent twice is one change.
///
/// # Errors
/// `Taken("bulk_changes_pkey")` the second time.
pub(super) fn create(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: BulkChangeId,
    wish: Wish,
    filter: &Filter,
    by: UserId,
) -> Result<()> {
    diesel::insert_into(bulk_changes::table)
        .values((
            bulk_changes::tenant_id.eq(tenant),
            bulk_changes::id.eq(id),
            bulk_changes::change.eq(serde_json::to_value(wish)?),
            bulk_changes::filter.eq(serde_json::to_value(filter)?),
            bulk_changes::created_by.eq(by),
        ))
        .execute(conn)?;
    let after = json!({ "change": wish.change, "picked": filter.picked.as_ref().map(Vec::len) });
    audit::record(conn, tenant, &Entry::new("created", "bulk_changes", id.get()).after(after))
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<BulkChange> {
    Ok(of(tenant).filter(bulk_changes::id.eq(id)).select(BulkChange::as_select()).first(conn)?)
}

/// The same, kept for this transaction: nobody else goes on with it meanwhile.
pub(super) fn take(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId) -> Result<BulkChange> {
    let this = of(tenant).filter(bulk_changes::id.eq(id)).for_no_key_update();
    Ok(this.select(BulkChange::as_select()).first(conn)?)
}
