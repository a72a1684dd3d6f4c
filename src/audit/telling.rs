//! What an entry says, in words: who, what, and which field was and is what.

use super::model::AuditEntry;
use super::vocabulary;
use crate::kit::actor::ActorKind;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A field before and after; None where there was or is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Change {
    pub field: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// Who did it, as the reader may know them.
pub fn who(entry: &AuditEntry, names: &HashMap<Uuid, String>) -> String {
    let name = entry.actor_id.and_then(|id| names.get(&id)).cloned();
    match (entry.actor_kind, name) {
        (ActorKind::Support, _) => "Support (platform)".into(),
        (ActorKind::User, Some(name)) => name,
        (ActorKind::User, None) => "Platform administrator".into(),
        (ActorKind::ApiToken, Some(name)) => format!("{name} (API token)"),
        (ActorKind::ApiToken, None) => "An API token".into(),
        (ActorKind::Job, _) => "A job".into(),
        (ActorKind::Webhook, _) => "WhatsApp gateway".into(),
        (ActorKind::Desk, _) if ["refused", "sign_in_failed"].contains(&&*entry.action) => "Somebody".into(),
        (ActorKind::Desk, _) => "The desk".into(),
    }
}

/// What they did, after their name.
pub fn what(entry: &AuditEntry, names: &HashMap<Uuid, String>) -> String {
    let field = |name: &str| entry.after.as_ref().and_then(|after| after.get(name));
    if let ("reported", "waha_sessions", Some(status)) =
        (&*entry.action, &*entry.entity, field("status").and_then(Value::as_str))
    {
        return format!("reported a number as {}", status.replace('_', " "));
    }
    match (&*entry.action, field("permission").and_then(Value::as_str), field("count").and_then(Value::as_u64)) {
        ("refused", Some(permission), _) => return format!("was refused “{permission}”"),
        ("purged", _, Some(1)) => return "removed 1 entry whose time was up".into(),
        ("purged", _, Some(count)) => return format!("removed {count} entries whose time was up"),
        _ => {}
    }
    let row = entry.entity_id.filter(|_| entry.entity == "users");
    let own = row.is_some() && row == entry.actor_id;
    let name = if own { Some("their own account") } else { row.and_then(|id| names.get(&id)).map(String::as_str) };
    vocabulary::sentence(&entry.action, &entry.entity, name)
}

/// Field by field, in alphabetical order; "session_id" reads "session id", fields of fields "preferences.theme". Users' ids become their names.
pub fn changes(before: Option<Value>, after: Option<Value>, names: &HashMap<Uuid, String>) -> Vec<Change> {
    let mut changes: BTreeMap<String, Change> = BTreeMap::new();
    let mut was = Vec::new();
    let mut is = Vec::new();
    flatten(String::new(), before, names, &mut was);
    flatten(String::new(), after, names, &mut is);
    for (field, value) in was {
        changes.entry(field).or_default().before = Some(value);
    }
    for (field, value) in is {
        changes.entry(field).or_default().after = Some(value);
    }
    let named = changes.into_iter().map(|(field, change)| Change { field: field.replace('_', " "), ..change });
    named.filter(|change| change.before.is_some() || change.after.is_some()).collect()
}

fn flatten(field: String, value: Option<Value>, names: &HashMap<Uuid, String>, into: &mut Vec<(String, String)>) {
    match value {
        None | Some(Value::Null) => {}
        Some(Value::Object(fields)) => {
            for (name, value) in fields {
                let path = if field.is_empty() { name } else { format!("{field}.{name}") };
                flatten(path, Some(value), names, into);
            }
        }
        Some(value) => into.push((if field.is_empty() { "value".into() } else { field }, told(&value, names))),
    }
}

fn told(value: &Value, names: &HashMap<Uuid, String>) -> String {
    match value {
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => {
            let name = text.parse().ok().and_then(|id: Uuid| names.get(&id));
            name.cloned().unwrap_or_else(|| text.clone())
        }
        Value::Array(items) => items.iter().map(|item| told(item, names)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_is_told_by_field_with_names_for_ids() {
        let bob = Uuid::now_v7();
        let names = HashMap::from([(bob, "Bob Baker".to_owned())]);
        let before = json!({ "assignee_id": null, "preferences": { "theme": "dark" }, "note": "x" });
        let after = json!({ "assignee_id": bob, "preferences": { "theme": "light" }, "is_active": true });

        let told = changes(Some(before), Some(after), &names);

        let change = |field: &str, before: Option<&str>, after: Option<&str>| Change {
            field: field.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        let expected = [
            change("assignee id", None, Some("Bob Baker")),
            change("is active", None, Some("yes")),
            change("note", Some("x"), None),
            change("preferences.theme", Some("dark"), Some("light")),
        ];
        assert_eq!(told, expected);
    }
}
