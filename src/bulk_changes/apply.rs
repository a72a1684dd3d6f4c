//! Making a change to some customers: each is changed, or skipped with a reason. Rules and entries are those of a change
//! made one by one.

use super::model::{AT_ONCE, BulkChangeId, Change, Outcome, Wish};
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::customers::{labels, states, types};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as known_labels, LabelId};
use crate::schema::bulk_change_rows;
use crate::users::model::UserId;
use diesel::prelude::*;
use std::collections::HashSet;

/// What became of one.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = bulk_change_rows)]
pub(super) struct Done {
    pub customer_id: CustomerId,
    pub outcome: Outcome,
    pub reason: Option<String>,
    pub before: Option<&'static str>,
}

impl Done {
    pub fn changed(customer_id: CustomerId, before: Option<&'static str>) -> Self {
        Self { customer_id, outcome: Outcome::Changed, reason: None, before }
    }

    fn skipped(customer_id: CustomerId, reason: impl Into<String>) -> Self {
        let reason = reason.into().chars().take(AT_ONCE).collect();
        Self { customer_id, outcome: Outcome::Skipped, reason: Some(reason), before: None }
    }
}

/// Changes these, at most [`AT_ONCE`], and writes down what became of each.
pub(super) fn apply(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: BulkChangeId,
    wish: Wish,
    customers: &[CustomerId],
    by: UserId,
) -> Result<Vec<Done>> {
    let done = match wish.change {
        Change::AddLabel(label) => stick(conn, tenant, customers, label)?,
        Change::RemoveLabel(label) => unstick(conn, tenant, customers, label)?,
        Change::SetType(wanted) => set_types(conn, tenant, customers, wanted)?,
        Change::SetState(state) => move_all(conn, tenant, customers, state, wish.may_restore, by)?,
    };
    let row =
        |done: &Done| (bulk_change_rows::tenant_id.eq(tenant), bulk_change_rows::bulk_change_id.eq(id), done.clone());
    let rows: Vec<_> = done.iter().map(row).collect();
    diesel::insert_into(bulk_change_rows::table).values(rows).execute(conn)?;
    Ok(done)
}

const GONE: &str = "This customer is not there any more.";

fn stick(conn: &mut PgConnection, tenant: TenantId, all: &[CustomerId], label: LabelId) -> Result<Vec<Done>> {
    let label = known_labels::find(conn, tenant, label)?;
    if label.deleted_at.is_some() {
        return Ok(all.iter().map(|id| Done::skipped(*id, "The label was deleted.")).collect());
    }
    let present: HashSet<CustomerId> = types::present(conn, tenant, all)?.into_iter().map(|known| known.id).collect();
    let wanted: Vec<CustomerId> = all.iter().copied().filter(|id| present.contains(id)).collect();
    let changed = labels::stick(conn, tenant, &wanted, &label)?;
    Ok(told(all, &present, &changed, "This customer carries the label already."))
}

fn unstick(conn: &mut PgConnection, tenant: TenantId, all: &[CustomerId], label: LabelId) -> Result<Vec<Done>> {
    let label = known_labels::find(conn, tenant, label)?;
    let present: HashSet<CustomerId> = types::present(conn, tenant, all)?.into_iter().map(|known| known.id).collect();
    let wanted: Vec<CustomerId> = all.iter().copied().filter(|id| present.contains(id)).collect();
    let changed = labels::unstick(conn, tenant, &wanted, &label)?;
    Ok(told(all, &present, &changed, "This customer does not carry the label."))
}

fn told(all: &[CustomerId], present: &HashSet<CustomerId>, changed: &HashSet<CustomerId>, same: &str) -> Vec<Done> {
    let tell = |id: &CustomerId| match (changed.contains(id), present.contains(id)) {
        (true, _) => Done::changed(*id, None),
        (false, true) => Done::skipped(*id, same),
        (false, false) => Done::skipped(*id, GONE),
    };
    all.iter().map(tell).collect()
}

fn set_types(conn: &mut PgConnection, tenant: TenantId, all: &[CustomerId], wanted: CustomerType) -> Result<Vec<Done>> {
    let known = types::present(conn, tenant, all)?;
    let (mut done, mut change) = (Vec::new(), Vec::new());
    for id in all {
        match known.iter().find(|known| known.id == *id) {
            None => done.push(Done::skipped(*id, GONE)),
            Some(known) => match known.refuses(wanted) {
                Some(why) => done.push(Done::skipped(*id, why)),
                None => {
                    done.push(Done::changed(*id, Some(known.customer_type.word())));
                    change.push(known);
                }
            },
        }
    }
    types::set(conn, tenant, &change, wanted)?;
    Ok(done)
}

fn move_all(
    conn: &mut PgConnection,
    tenant: TenantId,
    all: &[CustomerId],
    state: CustomerState,
    may_restore: bool,
    by: UserId,
) -> Result<Vec<Done>> {
    let now = states::of_all(conn, tenant, all)?;
    let mut done = Vec::new();
    for id in all {
        let Some((_, old)) = now.iter().find(|(known, _)| known == id) else {
            done.push(Done::skipped(*id, GONE));
            continue;
        };
        done.push(match (old == &state, *old == CustomerState::Deleted && !may_restore) {
            (true, _) => Done::skipped(*id, format!("This customer is {} already.", state.word())),
            (_, true) => Done::skipped(*id, "Your role does not allow to restore customers."),
            _ => match step(conn, tenant, *id, state, by)? {
                None => Done::changed(*id, Some(old.word())),
                Some(why) => Done::skipped(*id, why),
            },
        });
    }
    Ok(done)
}

/// Why it was not possible, if it was not; then nothing of it is left.
pub(super) fn step(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: CustomerId,
    state: CustomerState,
    by: UserId,
) -> Result<Option<String>> {
    let moved = conn.transaction(|conn| states::go(conn, tenant, id, state, None, Some(by)));
    match moved {
        Ok(()) => Ok(None),
        Err(Error::Refused(why)) => Ok(Some(why)),
        Err(Error::Taken(_)) => {
            Ok(Some("The phone number or email address belongs to another customer by now.".into()))
        }
        Err(Error::NotFound) => Ok(Some(GONE.into())),
        Err(error) => Err(error),
    }
}
