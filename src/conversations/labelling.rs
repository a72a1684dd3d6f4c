//! Which labels stick to which conversations. Those of the customer are the customer's.

use super::activities::{self, By, Change};
use super::model::{self, ConversationId, Scope, find_held};
use crate::customers::model::CustomerId;
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::labels::model::{self as labels, Label, LabelId};
use crate::schema::{conversation_labels, conversations};
use diesel::dsl::auto_type;
use diesel::prelude::*;

#[auto_type]
fn of(tenant: TenantId) -> _ {
    conversation_labels::table.filter(conversation_labels::tenant_id.eq(tenant))
}

/// The labels of each of these conversations, by name; deleted labels are out of sight.
pub fn of_conversations(
    conn: &mut PgConnection,
    tenant: TenantId,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, Label)>> {
    let pairs: Vec<(ConversationId, LabelId)> = of(tenant)
        .filter(conversation_labels::conversation_id.eq_any(ids))
        .select((conversation_labels::conversation_id, conversation_labels::label_id))
        .load(conn)?;
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let known = labels::list(conn, tenant, false)?;
    let of_label = |label: &Label| {
        let on: Vec<ConversationId> = pairs.iter().filter(|(_, id)| *id == label.id).map(|(on, _)| *on).collect();
        on.into_iter().map(|conversation| (conversation, label.clone())).collect::<Vec<_>>()
    };
    Ok(known.iter().flat_map(of_label).collect())
}

/// Sticks a label to a conversation, or takes it off. Answers whether that changed anything.
///
/// # Errors
/// `NotFound` out of scope, and for a label that is not there; `Refused` for a deleted one.
pub fn set_label(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    id: ConversationId,
    label: LabelId,
    is_wanted: bool,
    by: &By,
) -> Result<bool> {
    find_held(conn, tenant, scope, id)?;
    let known = labels::find(conn, tenant, label)?;
    if is_wanted && known.deleted_at.is_some() {
        return Err(Error::Refused(format!("The label {} was deleted. Choose another.", known.name)));
    }
    set(conn, tenant, id, label, is_wanted, by)
}

pub(super) fn set(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    label: LabelId,
    is_wanted: bool,
    by: &By,
) -> Result<bool> {
    let changed = match is_wanted {
        true => diesel::insert_into(conversation_labels::table)
            .values((
                conversation_labels::tenant_id.eq(tenant),
                conversation_labels::conversation_id.eq(id),
                conversation_labels::label_id.eq(label),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?,
        false => {
            let this = conversation_labels::conversation_id.eq(id).and(conversation_labels::label_id.eq(label));
            diesel::delete(of(tenant).filter(this)).execute(conn)?
        }
    };
    if changed > 0 {
        activities::write(conn, tenant, id, &Change::Label { label, is_added: is_wanted }, by)?;
    }
    Ok(changed > 0)
}

/// The names of what sticks to the conversations with these people.
pub fn names_with(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<String>> {
    let theirs = model::of(tenant).filter(conversations::customer_id.eq_any(people)).select(conversations::id);
    let ids: Vec<ConversationId> = theirs.load(conn)?;
    let stuck = of_conversations(conn, tenant, &ids)?;
    Ok(stuck.into_iter().map(|(_, label)| label.name).collect())
}

/// Takes every label off what was talked with these people, who are being erased.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<usize> {
    let theirs = model::of(tenant).filter(conversations::customer_id.eq_any(people)).select(conversations::id);
    let ids: Vec<ConversationId> = theirs.load(conn)?;
    activities::forget_labels(conn, tenant, &ids)?;
    let stuck = of(tenant).filter(conversation_labels::conversation_id.eq_any(&ids));
    Ok(diesel::delete(stuck).execute(conn)?)
}
