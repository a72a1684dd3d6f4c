//! The fields that a tenant has added to its customers: what they are, and what may stand in them.

use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::attribute_definitions;
use crate::{ids, pg_enum};
use chrono::{Datelike, NaiveDate};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde_json::{Map, Value, json};

ids! {
    /// A field of the tenant's own.
    AttributeId,
}

pg_enum! {
    AttributeKind over AttributeKind {
        Text = "text", Number = "number", Date = "date", Boolean = "boolean", Choice = "choice", Link = "link",
    }
}

/// Values by the key of their field: text, number, true or false; a date is text (2026-11-21).
pub type Values = Map<String, Value>;

/// Fields that a tenant may have.
pub const MOST_FIELDS: usize = 100;
/// Characters of a text.
pub const MOST_TEXT: usize = 2000;

#[auto_type]
pub(super) fn definitions_of(tenant: TenantId) -> _ {
    attribute_definitions::table
        .filter(attribute_definitions::tenant_id.eq(tenant))
        .filter(attribute_definitions::deleted_at.is_null())
}

#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = attribute_definitions)]
pub struct Definition {
    pub id: AttributeId,
    pub key: String,
    pub name: String,
    pub description: Option<String>,
    pub kind: AttributeKind,
    /// Array of texts.
    pub choices: Value,
    pub is_sensitive: bool,
    pub position: i32,
}

impl Definition {
    /// What may be chosen.
    pub fn choices(&self) -> Vec<&str> {
        self.choices.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The value that was typed; None when nothing was.
    ///
    /// # Errors
    /// A sentence for whoever typed it.
    pub fn parse(&self, typed: &str) -> Result<Option<Value>, String> {
        let text = typed.trim();
        if text.is_empty() {
            return Ok(None);
        }
        match self.kind {
            AttributeKind::Text if text.chars().count() > MOST_TEXT => Err(format!("At most {MOST_TEXT} characters.")),
            AttributeKind::Text => Ok(json!(text)),
            AttributeKind::Number => number(text).ok_or("This is no number. One looks like 12.5.".into()),
            AttributeKind::Date => date(text).ok_or("This is no date. One looks like 2026-11-21.".into()),
            AttributeKind::Boolean => boolean(text).ok_or("Write yes or no.".into()),
            AttributeKind::Choice => {
                let same = |choice: &&&str| choice.to_lowercase() == text.to_lowercase();
                let found = self.choices().iter().find(same).map(|choice| json!(choice));
                found.ok_or_else(|| format!("Choose one of: {}.", self.choices().join(", ")))
            }
            AttributeKind::Link => link(text).ok_or("This is no link. One looks like https://example.org.".into()),
        }
        .map(Some)
    }
}

/// A number as people write it.
pub fn number(text: &str) -> Option<Value> {
    let number: f64 = text.replace(['\u{A0}', '\u{202F}', ' '], "").parse().ok()?;
    let is_plain = number.is_finite() && number.abs() <= 1e15;
    let whole = (number.fract() == 0.0).then_some(number as i64);
    is_plain.then(|| whole.map_or(json!(number), |whole| json!(whole)))
}

/// A day as forms send it: text again.
pub fn date(text: &str) -> Option<Value> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (1..=9999).contains(&date.year()).then(|| json!(date.format("%Y-%m-%d").to_string()))
}

fn boolean(text: &str) -> Option<Value> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" | "on" | "y" => Some(json!(true)),
        "no" | "false" | "0" | "off" | "n" => Some(json!(false)),
        _ => None,
    }
}

fn link(text: &str) -> Option<Value> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())?;
    (text.len() <= MOST_TEXT).then(|| json!(url.as_str()))
}

/// A value as it is typed again: what [`Definition::parse`] reads.
pub fn typed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The tenant's fields in their order, at most [`MOST_FIELDS`].
pub fn definitions(conn: &mut PgConnection, tenant: TenantId) -> Result<Vec<Definition>> {
    let rows = definitions_of(tenant)
        .order((attribute_definitions::position, attribute_definitions::id))
        .limit(MOST_FIELDS as i64)
        .select(Definition::as_select())
        .load(conn)?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: AttributeKind) -> Definition {
        let choices = json!(["Gold", "Silver"]);
        Definition {
            id: AttributeId::new(),
            key: "x".into(),
            name: "X".into(),
            description: None,
            kind,
            choices,
            is_sensitive: false,
            position: 0,
        }
    }

    #[test]
    fn values_are_typed() {
        for (kind, typed, value) in [
            (AttributeKind::Text, " a b ", json!("a b")),
            (AttributeKind::Number, "12.50", json!(12.5)),
            (AttributeKind::Number, "-3", json!(-3)),
            (AttributeKind::Date, "2026-11-21", json!("2026-11-21")),
            (AttributeKind::Boolean, "Yes", json!(true)),
            (AttributeKind::Choice, "gold", json!("Gold")),
            (AttributeKind::Link, "https://example.org/a", json!("https://example.org/a")),
        ] {
            assert_eq!(field(kind).parse(typed), Ok(Some(value.clone())), "{typed}");
            assert_eq!(field(kind).parse(&super::typed(&value)), Ok(Some(value)), "typed again");
        }
        assert_eq!(field(AttributeKind::Number).parse("  "), Ok(None));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (kind, typed) in [
            (AttributeKind::Number, "NaN"),
            (AttributeKind::Number, "1e300"),
            (AttributeKind::Date, "0000-00-00"),
            (AttributeKind::Date, "10000-01-01"),
            (AttributeKind::Date, "2026-02-30"),
            (AttributeKind::Boolean, "maybe"),
            (AttributeKind::Choice, "Bronze"),
            (AttributeKind::Link, "javascript:alert(1)"),
        ] {
            assert!(field(kind).parse(typed).is_err(), "{typed}");
        }
        assert!(field(AttributeKind::Text).parse(&"x".repeat(MOST_TEXT + 1)).is_err());
    }
}
