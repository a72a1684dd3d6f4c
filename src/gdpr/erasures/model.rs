//! Erasures as rows: begun, found, and given up while nothing is gone yet.

use super::jobs::Erase;
use super::traces;
use crate::customers::holds;
use crate::customers::model::{CustomerId, CustomerState};
use crate::customers::{erased, states};
use crate::gdpr::cases::model::CaseId;
use crate::kit::audit::{self, Entry};
use crate::kit::error::{Error, Result};
use crate::kit::jobs;
use crate::kit::tenant::TenantId;
use crate::kit::vault::Vault;
use crate::schema::{customers, erasures};
use crate::tasks::model::{self as tasks, NewTask, TaskId};
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

ids! {
    /// The erasure of one customer.
    ErasureId,
}

pg_enum! {
    /// What an erasure is at.
    Stage over ErasureStage {
        Messages = "messages", Events = "events", Log = "log", Imports = "imports", Files = "files", Person = "person", Done = "done",
    }
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    erasures::table.filter(erasures::tenant_id.eq(tenant))
}

#[auto_type]
fn customers_of(tenant: TenantId) -> _ {
    customers::table.filter(customers::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = erasures)]
pub struct Erasure {
    pub id: ErasureId,
    pub customer_id: CustomerId,
    pub case_id: Option<CaseId>,
    pub task_id: Option<TaskId>,
    pub keeps_messages: bool,
    pub stage: Stage,
    pub cursor: Option<Uuid>,
    /// Rows by table.
    pub counts: Value,
    pub requested_by: Option<UserId>,
    pub completed_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub customer: CustomerId,
    /// The words of messages stay, without the person.
    pub keeps_messages: bool,
    pub case: Option<CaseId>,
    pub by: UserId,
}

/// Who watches how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// A task of its own.
    ByATask,
    /// The run of retention rules that it is part of; that counts it as begun.
    ByTheRun,
}

/// # Errors
/// `NotFound`.
pub fn find(conn: &mut PgConnection, tenant: TenantId, id: ErasureId) -> Result<Erasure> {
    Ok(of(tenant).filter(erasures::id.eq(id)).select(Erasure::as_select()).first(conn)?)
}

pub fn of_customer(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Option<Erasure>> {
    let row = of(tenant).filter(erasures::customer_id.eq(customer));
    Ok(row.select(Erasure::as_select()).first(conn).optional()?)
}

/// Newest first, at most `size`, older than `after`.
pub fn page(conn: &mut PgConnection, tenant: TenantId, after: Option<ErasureId>, size: usize) -> Result<Vec<Erasure>> {
    let mut rows = of(tenant).order(erasures::id.desc()).limit(size as i64).into_boxed::<Pg>();
    if let Some(after) = after {
        rows = rows.filter(erasures::id.lt(after));
    }
    Ok(rows.select(Erasure::as_select()).load(conn)?)
}

/// The customer and every record that was merged into them: one person.
pub fn people(conn: &mut PgConnection, tenant: TenantId, customer: CustomerId) -> Result<Vec<CustomerId>> {
    let mut people = vec![customer];
    let mut newest = vec![customer];
    while !newest.is_empty() {
        let merged = customers_of(tenant).filter(customers::merged_into_id.eq_any(newest)).order(customers::id);
        let found: Vec<CustomerId> = merged.limit(1000).select(customers::id).load(conn)?;
        newest = found.into_iter().filter(|id| !people.contains(id)).collect();
        people.extend(&newest);
    }
    Ok(people)
}

/// Begins the erasure of a customer, in the transaction's name of `order.by`: the record is deleted, its addresses are
/// kept as hashes, and the rest goes in the background.
///
/// # Errors
/// `NotFound`; `Refused` while a legal hold stands, for somebody who was erased, and while that is under way.
pub fn begin(
    conn: &mut PgConnection,
    tenant: TenantId,
    vault: &Vault,
    order: &Order,
    watched: Watched,
) -> Result<ErasureId> {
    let this = customers_of(tenant).filter(customers::id.eq(order.customer));
    let state: CustomerState = this.select(customers::state).for_no_key_update().first(conn)?;
    let people = people(conn, tenant, order.customer)?;
    if !holds::held(conn, tenant, &people)?.is_empty() {
        return Err(Error::Refused("A legal hold keeps this customer's data. Release it first.".into()));
    }
    if state == CustomerState::Erased || of_customer(conn, tenant, order.customer)?.is_some() {
        return Err(Error::Refused("This customer is erased, or is being erased.".into()));
    }
    states::go(conn, tenant, order.customer, CustomerState::Deleted, Some("Erasure"), Some(order.by))?;
    let hashes = traces::hashes(conn, tenant, vault, &people)?;
    erased::keep(conn, tenant, &hashes)?;
    let id = ErasureId::new();
    let task = match watched {
        Watched::ByTheRun => None,
        Watched::ByATask => {
            let total = traces::count_messages(conn, tenant, &people)?;
            let params = json!({ "erasure": id, "customer": order.customer });
            let title = "Erasure of a customer";
            let new = NewTask { kind: "gdpr_erasure", title, total: Some(total), params, by: order.by };
            Some(tasks::create(conn, tenant, &new)?)
        }
    };
    diesel::insert_into(erasures::table)
        .values((
            erasures::tenant_id.eq(tenant),
            erasures::id.eq(id),
            erasures::customer_id.eq(order.customer),
            erasures::case_id.eq(order.case),
            erasures::task_id.eq(task),
            erasures::keeps_messages.eq(order.keeps_messages),
            erasures::requested_by.eq(order.by),
        ))
        .execute(conn)?;
    let after = json!({ "customer_id": order.customer, "keeps_messages": order.keeps_messages, "case_id": order.case });
    audit::record(conn, tenant, &Entry::new("asked_for", "erasures", id.get()).after(after))?;
    jobs::enqueue_with(conn, tenant, &Erase { erasure: id }, Erase::options(id))?;
    Ok(id)
}

/// Gives an erasure up of which nothing is done: the record stays deleted and can be restored.
pub(super) fn give_up(conn: &mut PgConnection, tenant: TenantId, vault: &Vault, erasure: &Erasure) -> Result<()> {
    let people = people(conn, tenant, erasure.customer_id)?;
    let hashes = traces::hashes(conn, tenant, vault, &people)?;
    erased::forget(conn, tenant, &hashes)?;
    diesel::delete(of(tenant).filter(erasures::id.eq(erasure.id))).execute(conn)?;
    audit::record(conn, tenant, &Entry::new("cancelled", "erasures", erasure.id.get()))?;
    if let Some(task) = erasure.task_id {
        let told = json!({ "erased": 0, "kept": "The customer stays deleted, and can be restored." });
        tasks::cancelled(conn, tenant, task, &told)?;
    }
    Ok(())
}
