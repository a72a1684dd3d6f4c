//! Imports as programs send and get them.

use crate::imports::choices::{Choices, Target};
use crate::imports::form::ChoicesForm;
use crate::imports::format::Kind;
use crate::imports::model::{Counts, Import, ImportId, ImportState};
use crate::kit::error::Result;
use crate::kit::json::{nullable, refused};
use crate::tasks::model::Task;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A file of customers on its way into the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerImport {
    #[schema(value_type = Uuid)]
    id: ImportId,
    #[schema(example = "customers.csv")]
    file_name: String,
    bytes: i64,
    /// `reading` leads to `mapping`, `checking` to `checked`, `running` to `completed`, `undoing` to `undone`; what was
    /// stopped is `cancelled`, and what cannot be read `failed`.
    state: ImportState,
    format: ImportFormat,
    /// Empty until the file is read.
    columns: Vec<ImportColumn>,
    /// `upsert`, `create` or `update`.
    #[schema(example = "upsert")]
    mode: &'static str,
    /// By what customers are found: `phone`, `email` or `external_id`.
    #[schema(example = "phone")]
    match_by: &'static str,
    /// Two letters of the country of phone numbers without country code.
    #[schema(example = "PT")]
    region: Option<String>,
    /// What an empty cell does to a value that there is: `keep` or `clear` it.
    #[schema(example = "keep")]
    empty_cells: &'static str,
    /// A label for all of them.
    label: Option<Uuid>,
    counts: ImportCounts,
    /// Only while something is done with it.
    progress: Option<ImportProgress>,
    /// Why it failed or could not go on.
    error: Option<String>,
    /// Until when what it made can be taken back.
    undo_until: Option<DateTime<Utc>>,
    #[schema(value_type = Uuid)]
    created_by: UserId,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

/// How the file is read.
#[derive(Debug, Serialize, ToSchema)]
struct ImportFormat {
    /// `csv` or `xlsx`.
    #[schema(example = "csv")]
    kind: &'static str,
    /// A label of the Encoding Standard.
    #[schema(example = "windows-1252")]
    encoding: Option<String>,
    #[schema(example = ";")]
    delimiter: Option<String>,
    has_header: Option<bool>,
    sheet: Option<String>,
}

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
struct ImportColumn {
    heading: String,
    /// What it is taken for: `ignore`, a field (`first_name`, `last_name`, `phone`, `email`, `company`, `note`,
    /// `customer_type`, `locale`, `time_zone`, `external_id`), `full_name`, `labels`, `attribute:` with the key of a field
    /// of the organisation's own, or `consent:` with purpose and channel, as `consent:marketing:email`.
    #[schema(example = "phone")]
    target: String,
    /// What it looks like by its heading and its cells; only where one import is shown.
    guess: Option<String>,
}

/// Rows, by what would become of them and by what did.
#[derive(Debug, Serialize, ToSchema)]
struct ImportCounts {
    rows: i64,
    would_create: i64,
    would_update: i64,
    would_leave: i64,
    created: i64,
    updated: i64,
    unchanged: i64,
    /// By the check or when their turn came.
    refused: i64,
    /// Left out by hand.
    skipped: i64,
    /// Customers that were taken back.
    undone: i64,
    /// Customers that were not, because somebody has worked with them since.
    kept: i64,
}

impl From<Counts> for ImportCounts {
    fn from(counts: Counts) -> Self {
        Self {
            rows: counts.rows,
            would_create: counts.would_create,
            would_update: counts.would_update,
            would_leave: counts.would_leave,
            created: counts.created,
            updated: counts.updated,
            unchanged: counts.unchanged,
            refused: counts.faulty + counts.refused,
            skipped: counts.skipped,
            undone: counts.undone,
            kept: counts.kept,
        }
    }
}

/// How far the present step is, in rows.
#[derive(Debug, Serialize, ToSchema)]
struct ImportProgress {
    done: i64,
    /// Null while nobody knows.
    total: Option<i64>,
    /// Somebody has asked for it to be stopped.
    is_stopping: bool,
}

impl CustomerImport {
    /// `task`: the work that is done on it, if any; `guess`: where it was asked for.
    pub fn of(import: &Import, task: Option<&Task>, guess: Option<&Choices>) -> Self {
        let (choices, format) = (import.choices(), import.format());
        let word = |choices: &Choices, index| choices.columns.get(index).map(Target::word).unwrap_or_default();
        let column = |(index, heading)| ImportColumn {
            heading,
            target: word(&choices, index),
            guess: guess.map(|guess| word(guess, index)),
        };
        let task = task.filter(|task| import.is_busy() && !task.is_over());
        Self {
            id: import.id,
            file_name: import.file_name.clone(),
            bytes: import.bytes,
            state: import.state,
            format: ImportFormat {
                kind: if format.kind == Kind::Csv { "csv" } else { "xlsx" },
                encoding: Some(format.encoding).filter(|label| !label.is_empty()),
                delimiter: format.delimiter.map(String::from),
                has_header: format.has_header,
                sheet: format.sheet,
            },
            columns: import.headings().into_iter().enumerate().map(column).collect(),
            mode: choices.mode.word(),
            match_by: choices.match_by.field().word(),
            empty_cells: if choices.clears_empty { "clear" } else { "keep" },
            region: choices.region,
            label: choices.label,
            counts: import.counts().into(),
            progress: task.map(|task| ImportProgress {
                done: task.done,
                total: task.total,
                is_stopping: task.cancel_requested_at.is_some(),
            }),
            error: import.error_message.clone(),
            undo_until: import.undo_until(Utc::now()),
            created_by: import.created_by,
            created_at: import.created_at,
            updated_at: import.updated_at,
            ended_at: import.ended_at,
        }
    }
}

/// What is to be changed; what is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImportChange {
    /// What each column is, in the file's order; see `target`.
    #[schema(example = json!(["full_name", "phone", "ignore"]), max_items = 200)]
    columns: Option<Vec<String>>,
    /// `upsert`, `create` or `update`.
    #[schema(example = "upsert")]
    mode: Option<String>,
    /// `phone`, `email` or `external_id`.
    #[schema(example = "phone")]
    match_by: Option<String>,
    /// Two letters of a country, or null.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, example = "PT")]
    region: Option<Option<String>>,
    /// `keep` or `clear`.
    #[schema(example = "keep")]
    empty_cells: Option<String>,
    /// The id of a label for all of them, or null.
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<Uuid>)]
    label: Option<Option<Uuid>>,
}

impl ImportChange {
    /// What was chosen, with the changes in it.
    ///
    /// # Errors
    /// 422 for more or fewer columns than the file has, and for cells that can be neither kept nor cleared.
    pub fn apply(self, import: &Import) -> Result<ChoicesForm> {
        let (mut form, width) = (ChoicesForm::of(&import.choices()), import.headings().len());
        if let Some(columns) = self.columns {
            if columns.len() != width {
                return Err(refused("columns", &format!("This file has {width} columns. Say of each what it is.")));
            }
            let named = |(index, word)| (format!("column.{index}"), word);
            form.rest = columns.into_iter().enumerate().map(named).collect();
        }
        if self.empty_cells.as_deref().is_some_and(|word| !["keep", "clear"].contains(&word)) {
            return Err(refused("empty_cells", "Empty cells keep or clear."));
        }
        form.empty = self.empty_cells.unwrap_or(form.empty);
        form.mode = self.mode.unwrap_or(form.mode);
        form.match_by = self.match_by.unwrap_or(form.match_by);
        form.region = self.region.map_or(form.region, Option::unwrap_or_default);
        form.label = self.label.map_or(form.label, |label| label.map(|label| label.to_string()).unwrap_or_default());
        Ok(form)
    }
}
