//! Who did what to which row: one entry, written in the transaction that does it. Who acts is read by the table's own
//! defaults from what the transaction's BEGIN has said ([`Actor`](super::actor::Actor)).

use super::error::Result;
use super::tenant::TenantId;
use crate::schema::audit_entries;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

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

    /// Of two versions of a row the fields that differ; neither is said where none does.
    pub fn changed(self, before: &impl Serialize, after: &impl Serialize) -> Self {
        match difference(before, after) {
            Ok(Some((before, after))) => Self { before: Some(before), after: Some(after), ..self },
            _ => self,
        }
    }
}

/// Of two versions of a row the fields that differ, as they were and as they are, in objects within objects too; None
/// when none does.
pub fn difference(before: &impl Serialize, after: &impl Serialize) -> Result<Option<(Value, Value)>> {
    Ok(apart(serde_json::to_value(before)?, serde_json::to_value(after)?))
}

fn apart(before: Value, after: Value) -> Option<(Value, Value)> {
    let (mut before, mut after) = match (before, after) {
        (Value::Object(before), Value::Object(after)) => (before, after),
        (before, after) => return (before != after).then_some((before, after)),
    };
    let (mut was, mut is) = (Map::new(), Map::new());
    let fields: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    for field in fields {
        match (before.remove(&field), after.remove(&field)) {
            (Some(old), Some(new)) => {
                if let Some((old, new)) = apart(old, new) {
                    was.insert(field.clone(), old);
                    is.insert(field, new);
                }
            }
            (Some(old), None) => drop(was.insert(field, old)),
            (None, Some(new)) => drop(is.insert(field, new)),
            (None, None) => {}
        }
    }
    let is_same = was.is_empty() && is.is_empty();
    (!is_same).then_some((Value::Object(was), Value::Object(is)))
}

/// Writes `entry` with the actor of the running transaction. Fields that are named like secrets lose their value.
pub fn record(conn: &mut PgConnection, tenant: TenantId, entry: &Entry) -> Result<()> {
    diesel::insert_into(audit_entries::table)
        .values((
            audit_entries::tenant_id.eq(tenant),
            audit_entries::id.eq(Uuid::now_v7()),
            audit_entries::action.eq(entry.action),
            audit_entries::entity.eq(entry.entity),
            audit_entries::entity_id.eq(entry.id),
            audit_entries::before.eq(entry.before.clone().map(without_secrets)),
            audit_entries::after.eq(entry.after.clone().map(without_secrets)),
        ))
        .execute(conn)?;
    Ok(())
}

/// The last word of a field's name that says that its value is secret.
const SECRET: &[&str] = &["password", "hash", "token", "secret", "key", "codes", "cookie", "jti"];

/// `Secret` cannot be serialised; this is for what comes from a row or a form as plain text.
fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let clean = |(name, value): (String, Value)| match is_secret(&name, &value) {
                true => (name, json!("•••")),
                false => (name, without_secrets(value)),
            };
            Value::Object(fields.into_iter().map(clean).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(without_secrets).collect()),
        other => other,
    }
}

/// Whether there is one or not may be told.
fn is_secret(name: &str, value: &Value) -> bool {
    let last = name.rsplit(['_', '-']).next().unwrap_or_default();
    let holds = matches!(value, Value::String(_) | Value::Array(_) | Value::Object(_) | Value::Number(_));
    holds && SECRET.contains(&last.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_what_changed_only() {
        let before = json!({ "name": "Ada", "role": "AGENT", "preferences": { "theme": "dark", "sound": true } });
        let after = json!({ "name": "Ada", "role": "MANAGER", "preferences": { "theme": "light", "sound": true } });
        let was = json!({ "role": "AGENT", "preferences": { "theme": "dark" } });
        let is = json!({ "role": "MANAGER", "preferences": { "theme": "light" } });

        assert_eq!(difference(&before, &after).unwrap(), Some((was, is)));
        assert_eq!(difference(&before, &before).unwrap(), None);
        let entry = Entry::new("changed", "users", Uuid::nil()).changed(&before, &before);
        assert_eq!((entry.before, entry.after), (None, None));
    }

    #[test]
    fn a_field_that_comes_or_goes_stands_on_one_side() {
        let found = difference(&json!({ "note": "x" }), &json!({ "company": null })).unwrap();
        assert_eq!(found, Some((json!({ "note": "x" }), json!({ "company": null }))));
    }

    #[test]
    fn what_is_named_like_a_secret_loses_its_value() {
        let row = json!({
            "email": "ada@acme.test", "password": "hunter2", "password_hash": "$argon2id$", "refresh_token": "abc",
            "keys": ["kept"], "waha_api_key": null, "inner": [{ "hmac_key": [1, 2] }], "has_key": true,
        });

        let clean = without_secrets(row);

        let expected = json!({
            "email": "ada@acme.test", "password": "•••", "password_hash": "•••", "refresh_token": "•••",
            "keys": ["kept"], "waha_api_key": null, "inner": [{ "hmac_key": "•••" }], "has_key": true,
        });
        assert_eq!(clean, expected);
    }
}
