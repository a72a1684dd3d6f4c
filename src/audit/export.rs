//! Entries as files: a row or a line each.

use super::model::{AuditEntry, Found};
use super::telling;
use crate::kit::error::Result;
use crate::kit::masks::masked;
use crate::kit::sheet;
use chrono::SecondsFormat;
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Entries that are read and sent at a time.
pub const BATCH: usize = 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Jsonl,
}

impl Format {
    /// Nothing means CSV.
    pub fn of_word(word: &str) -> Option<Self> {
        match word {
            "" | "csv" => Some(Self::Csv),
            "jsonl" => Some(Self::Jsonl),
            _ => None,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

const HEAD: [&str; 13] = [
    "id",
    "at",
    "actor_kind",
    "actor_id",
    "actor",
    "via",
    "action",
    "entity",
    "entity_id",
    "ip_address",
    "request_id",
    "before",
    "after",
];

/// The beginning of the file: a table's head.
pub fn head(format: Format) -> Result<Vec<u8>> {
    match format {
        Format::Csv => sheet::csv(HEAD, []),
        Format::Jsonl => Ok(Vec::new()),
    }
}

/// A batch of entries; `hides` masks addresses.
pub fn lines(format: Format, found: Found, hides: bool) -> Result<Vec<u8>> {
    let Found { entries, names } = found;
    let entries = entries.into_iter().map(|mut entry| {
        if hides {
            (entry.before, entry.after) = (entry.before.map(masked), entry.after.map(masked));
        }
        entry
    });
    match format {
        Format::Csv => sheet::more(entries.map(|entry| row(&entry, &names))),
        Format::Jsonl => {
            let mut text = String::new();
            for entry in entries {
                text.push_str(&object(&entry, &names).to_string());
                text.push('\n');
            }
            Ok(text.into_bytes())
        }
    }
}

fn row(entry: &AuditEntry, names: &HashMap<Uuid, String>) -> [String; 13] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    let json = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    [
        entry.id.to_string(),
        entry.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        entry.actor_kind.word().to_owned(),
        id(entry.actor_id),
        telling::who(entry, names),
        id(entry.via),
        entry.action.clone(),
        entry.entity.clone(),
        id(entry.entity_id),
        entry.ip_address.clone().unwrap_or_default(),
        id(entry.request_id),
        json(&entry.before),
        json(&entry.after),
    ]
}

fn object(entry: &AuditEntry, names: &HashMap<Uuid, String>) -> Value {
    json!({
        "id": entry.id, "at": entry.created_at, "actor_kind": entry.actor_kind, "actor_id": entry.actor_id,
        "actor": telling::who(entry, names), "via": entry.via, "action": entry.action, "entity": entry.entity,
        "entity_id": entry.entity_id, "ip_address": entry.ip_address, "request_id": entry.request_id,
        "before": entry.before, "after": entry.after,
    })
}
