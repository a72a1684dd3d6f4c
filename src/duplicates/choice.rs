//! What somebody chooses when two records become one.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Of the two records, whose value is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Kept,
    Lost,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum NoteChoice {
    Kept,
    Lost,
    /// One below the other.
    #[default]
    Both,
}

/// Columns of a record that are chosen one by one.
pub const FIELDS: [&str; 10] = [
    "first_name",
    "last_name",
    "display_name",
    "phone",
    "email",
    "company",
    "customer_type",
    "locale",
    "time_zone",
    "external_id",
];

/// Whose values the joined record takes. What is not chosen is the kept record's; where that one has none, the other's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// By the names of [`FIELDS`].
    pub fields: BTreeMap<String, Side>,
    /// By key, sensitive ones too.
    pub attributes: BTreeMap<String, Side>,
    pub note: NoteChoice,
}

impl Choice {
    pub(super) fn field(&self, name: &str, kept: &Value, lost: &Value) -> Value {
        match self.fields.get(name) {
            Some(Side::Kept) => kept.clone(),
            Some(Side::Lost) => lost.clone(),
            None if name == "customer_type" => kept.clone(),
            None if kept.is_null() => lost.clone(),
            None => kept.clone(),
        }
    }

    pub(super) fn values(&self, kept: &Map<String, Value>, lost: &Map<String, Value>) -> Map<String, Value> {
        let keys = kept.keys().chain(lost.keys());
        let chosen = keys.filter_map(|key| {
            let value = match self.attributes.get(key) {
                Some(Side::Kept) => kept.get(key),
                Some(Side::Lost) => lost.get(key),
                None => kept.get(key).or_else(|| lost.get(key)),
            };
            value.map(|value| (key.clone(), value.clone()))
        });
        chosen.collect()
    }

    pub(super) fn note(&self, kept: Option<String>, lost: Option<String>) -> Option<String> {
        match self.note {
            NoteChoice::Kept => kept,
            NoteChoice::Lost => lost,
            NoteChoice::Both => match (kept, lost) {
                (Some(kept), Some(lost)) if kept != lost => Some(format!("{kept}\n\n{lost}")),
                (kept, lost) => kept.or(lost),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_chosen_is_the_kept_records_or_else_the_others() {
        let choice = Choice { fields: [("email".to_owned(), Side::Lost)].into(), ..Choice::default() };
        assert_eq!(choice.field("phone", &json!("1"), &json!("2")), json!("1"));
        assert_eq!(choice.field("phone", &Value::Null, &json!("2")), json!("2"));
        assert_eq!(choice.field("email", &json!("a"), &json!("b")), json!("b"));
        let chosen = choice.field("email", &json!("a"), &Value::Null);
        assert_eq!(chosen, Value::Null, "nothing is a choice, too");
    }

    #[test]
    fn notes_are_kept_both_unless_they_are_the_same() {
        let (choice, text) = (Choice::default(), |text: &str| Some(text.to_owned()));
        assert_eq!(choice.note(text("a"), text("b")), text("a\n\nb"));
        assert_eq!(choice.note(text("a"), text("a")), text("a"));
        assert_eq!(choice.note(None, text("b")), text("b"));
        assert_eq!(Choice { note: NoteChoice::Lost, ..choice }.note(text("a"), None), None);
    }
}
