//! Customers as cells of a table.

use crate::customers::attributes::Definition;
use crate::customers::columns::Column;
use crate::customers::listing::Row;
use crate::kit::words;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// What stands in a cell; spreadsheets know numbers and times as such.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    Moment(DateTime<Utc>),
}

impl Cell {
    fn of(text: Option<&String>) -> Self {
        Self::Text(text.cloned().unwrap_or_default())
    }

    fn at(at: Option<DateTime<Utc>>) -> Self {
        at.map_or_else(|| Self::Text(String::new()), Self::Moment)
    }
}

/// What stands in the first columns, whichever are chosen: by the first one an import finds the customer again.
const FIRST: [&str; 5] = ["id", "first_name", "last_name", "whatsapp_name", "type"];

/// The names of the columns: ours by their words, the tenant's fields by their keys, as imports know them.
pub(super) fn head(columns: &[Column], _: &[Definition]) -> Vec<String> {
    let name = |column: &Column| match column {
        Column::Field(key) => key.clone(),
        own => own.word(),
    };
    FIRST.iter().map(|name| (*name).to_owned()).chain(columns.iter().map(name)).collect()
}

pub(super) fn row(row: &Row, columns: &[Column], labels: &[&str], is_masked: bool) -> Vec<Cell> {
    let first = [
        Cell::Text(row.id.to_string()),
        Cell::of(row.first_name.as_ref()),
        Cell::of(row.last_name.as_ref()),
        Cell::of(row.display_name.as_ref()),
        Cell::Text(row.customer_type.word().to_owned()),
    ];
    first.into_iter().chain(columns.iter().map(|column| cell(row, column, labels, is_masked))).collect()
}

fn cell(row: &Row, column: &Column, labels: &[&str], is_masked: bool) -> Cell {
    match column {
        Column::Phone => Cell::Text(row.phone.as_deref().map_or(String::new(), |digits| match is_masked {
            true => words::masked_phone(digits),
            false => words::phone(digits),
        })),
        Column::Email if is_masked => Cell::Text(row.email.as_deref().map(words::masked_email).unwrap_or_default()),
        Column::Email => Cell::of(row.email.as_ref()),
        Column::Company => Cell::of(row.company.as_ref()),
        Column::Labels => Cell::Text(labels.join(", ")),
        Column::LastSeen => Cell::at(row.last_seen_at),
        Column::Created => Cell::Moment(row.created_at),
        Column::State => Cell::Text(row.state.word().to_owned()),
        Column::ExternalId => Cell::of(row.external_id.as_ref()),
        Column::Locale => Cell::of(row.locale.as_ref()),
        Column::TimeZone => Cell::of(row.time_zone.as_ref()),
        Column::Field(key) => match &row.attributes[key] {
            Value::Number(number) => number.as_f64().map_or_else(|| Cell::Text(number.to_string()), Cell::Number),
            value => Cell::Text(crate::customers::attributes::typed(value)),
        },
    }
}
