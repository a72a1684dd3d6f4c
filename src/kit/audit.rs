//! Who did what to which row: one entry, written in the transaction that does it.

use super::error::Result;
use super::tenant::TenantId;
use crate::schema::audit_entries;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

#[diesel::declare_sql_function]
extern "SQL" {
    /// 1: user, 2: address, 3: request; as the transaction's BEGIN has set them.
    fn switchboard_actor(part: diesel::sql_types::Integer) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// What happened. `action` is a verb in the past of the domain ("resolved"), `entity` a table's name.
#[derive(Debug, Clone)]
pub struct Entry {
    pub action: &'static str,
    pub entity: &'static str,
    pub id: Option<Uuid>,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

impl Entry {
    pub fn new(action: &'static str, entity: &'static str, id: Uuid) -> Self {
        Self { action, entity, id: Some(id), before: None, after: None }
    }

    /// Something without a row of its own.
    pub fn of(action: &'static str, entity: &'static str) -> Self {
        Self { action, entity, id: None, before: None, after: None }
    }

    pub fn before(self, value: impl Serialize) -> Self {
        Self { before: serde_json::to_value(value).ok(), ..self }
    }

    pub fn after(self, value: impl Serialize) -> Self {
        Self { after: serde_json::to_value(value).ok(), ..self }
    }
}

/// Of two versions of a row the fields that differ, as they were and as they are; None when none does.
pub fn difference(before: &impl Serialize, after: &impl Serialize) -> Result<Option<(Value, Value)>> {
    let (mut before, mut after) = (serde_json::to_value(before)?, serde_json::to_value(after)?);
    if let (Some(before), Some(after)) = (before.as_object_mut(), after.as_object_mut()) {
        let same = |(field, value): (&String, &Value)| (after.get(field) == Some(value)).then(|| field.clone());
        for field in before.iter().filter_map(same).collect::<Vec<_>>() {
            before.remove(&field);
            after.remove(&field);
        }
    }
    Ok((before != after).then_some((before, after)))
}

/// Writes `entry` with the actor of the running transaction. Values must hold no secrets.
pub fn record(conn: &mut PgConnection, tenant: TenantId, entry: &Entry) -> Result<()> {
    let actor: (Option<String>, Option<String>, Option<String>) =
        diesel::select((switchboard_actor(1), switchboard_actor(2), switchboard_actor(3))).get_result(conn)?;
    let uuid = |text: Option<String>| text.and_then(|text| text.parse::<Uuid>().ok());
    diesel::insert_into(audit_entries::table)
        .values((
            audit_entries::tenant_id.eq(tenant),
            audit_entries::id.eq(Uuid::now_v7()),
            audit_entries::actor_id.eq(uuid(actor.0)),
            audit_entries::ip_address.eq(actor.1),
            audit_entries::request_id.eq(uuid(actor.2)),
            audit_entries::action.eq(entry.action),
            audit_entries::entity.eq(entry.entity),
            audit_entries::entity_id.eq(entry.id),
            audit_entries::before.eq(&entry.before),
            audit_entries::after.eq(&entry.after),
        ))
        .execute(conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_names_what_changed_only() {
        let (before, after) = (json!({ "name": "Ada", "role": "AGENT" }), json!({ "name": "Ada", "role": "MANAGER" }));
        let found = difference(&before, &after).unwrap();
        assert_eq!(found, Some((json!({ "role": "AGENT" }), json!({ "role": "MANAGER" }))));
        assert_eq!(difference(&before, &before).unwrap(), None);
    }
}
