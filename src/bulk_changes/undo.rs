//! Taking a change back: whoever was changed by somebody else since is left as that one made it.

use super::apply::step;
use super::model::{AT_ONCE, BulkChange, BulkChangeId, Change, Outcome, rows_of};
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::customers::{labels, states, types};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::labels::model as known_labels;
use crate::schema::bulk_change_rows;
use crate::users::model::UserId;
use chrono::Utc;
use diesel::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// Why somebody stays as they are.
type Kept = Vec<(CustomerId, String)>;

/// Takes the change of some back, at most [`AT_ONCE`]; answers how many it looked at, and how many of them it kept.
pub(super) fn undo(
    conn: &mut PgConnection,
    tenant: TenantId,
    change: &BulkChange,
    by: UserId,
) -> Result<(usize, usize)> {
    let rows: Vec<(CustomerId, Option<String>)> = rows_of(tenant, change.id)
        .filter(bulk_change_rows::outcome.eq(Outcome::Changed))
        .order(bulk_change_rows::customer_id)
        .limit(AT_ONCE as i64)
        .select((bulk_change_rows::customer_id, bulk_change_rows::before))
        .load(conn)?;
    let ids: Vec<CustomerId> = rows.iter().map(|(id, _)| *id).collect();
    let kept = match change.wish()?.change {
        Change::AddLabel(label) => {
            let label = known_labels::find(conn, tenant, label)?;
            rest(&ids, &labels::unstick(conn, tenant, &ids, &label)?, "The label was taken off since.")
        }
        Change::RemoveLabel(label) => {
            let label = known_labels::find(conn, tenant, label)?;
            let present: Vec<CustomerId> =
                types::present(conn, tenant, &ids)?.into_iter().map(|known| known.id).collect();
            let stuck = labels::stick(conn, tenant, &present, &label)?;
            rest(&ids, &stuck, "The customer carries the label again, or was deleted since.")
        }
        Change::SetType(set) => types_back(conn, tenant, &rows, set)?,
        Change::SetState(state) => states_back(conn, tenant, &rows, state, by)?,
    };
    settle(conn, tenant, change.id, &ids, &kept)?;
    Ok((ids.len(), kept.len()))
}

fn rest(all: &[CustomerId], undone: &HashSet<CustomerId>, why: &str) -> Kept {
    all.iter().filter(|id| !undone.contains(id)).map(|id| (*id, why.to_owned())).collect()
}

fn types_back(
    conn: &mut PgConnection,
    tenant: TenantId,
    rows: &[(CustomerId, Option<String>)],
    set: CustomerType,
) -> Result<Kept> {
    let ids: Vec<CustomerId> = rows.iter().map(|(id, _)| *id).collect();
    let known = types::present(conn, tenant, &ids)?;
    let (mut kept, mut back): (Kept, BTreeMap<CustomerType, Vec<&types::Known>>) = Default::default();
    for (id, before) in rows {
        let before = before.as_deref().and_then(CustomerType::of_word).unwrap_or(set);
        match known.iter().find(|known| known.id == *id) {
            None => kept.push((*id, "The customer was deleted since.".into())),
            Some(known) if known.customer_type != set => kept.push((*id, "The type was changed since.".into())),
            Some(known) => match known.refuses(before) {
                Some(why) => kept.push((*id, why.into())),
                None => back.entry(before).or_default().push(known),
            },
        }
    }
    for (before, all) in back {
        types::set(conn, tenant, &all, before)?;
    }
    Ok(kept)
}

fn states_back(
    conn: &mut PgConnection,
    tenant: TenantId,
    rows: &[(CustomerId, Option<String>)],
    set: CustomerState,
    by: UserId,
) -> Result<Kept> {
    let ids: Vec<CustomerId> = rows.iter().map(|(id, _)| *id).collect();
    let now = states::of_all(conn, tenant, &ids)?;
    let mut kept = Kept::new();
    for (id, before) in rows {
        if !now.contains(&(*id, set)) {
            kept.push((*id, "The state was changed since.".into()));
            continue;
        }
        let before = before.as_deref().and_then(CustomerState::of_word).unwrap_or(CustomerState::Active);
        // Whoever is deleted comes back as active, and goes on from there.
        let way = match set == CustomerState::Deleted && before != CustomerState::Active {
            true => vec![CustomerState::Active, before],
            false => vec![before],
        };
        for state in way {
            if let Some(why) = step(conn, tenant, *id, state, by)? {
                kept.push((*id, why));
                break;
            }
        }
    }
    Ok(kept)
}

/// Writes down what became of each.
fn settle(conn: &mut PgConnection, tenant: TenantId, id: BulkChangeId, all: &[CustomerId], kept: &Kept) -> Result<()> {
    let now = Utc::now();
    let these = rows_of(tenant, id).filter(bulk_change_rows::customer_id.eq_any(all));
    diesel::update(these)
        .set((bulk_change_rows::outcome.eq(Outcome::Undone), bulk_change_rows::updated_at.eq(now)))
        .execute(conn)?;
    let mut reasons: BTreeMap<&str, Vec<CustomerId>> = BTreeMap::new();
    for (id, why) in kept {
        reasons.entry(why).or_default().push(*id);
    }
    for (why, ids) in reasons {
        let these = rows_of(tenant, id).filter(bulk_change_rows::customer_id.eq_any(ids));
        diesel::update(these)
            .set((bulk_change_rows::outcome.eq(Outcome::Kept), bulk_change_rows::reason.eq(why)))
            .execute(conn)?;
    }
    Ok(())
}
