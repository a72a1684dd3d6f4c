//! Exports as programs ask for them and get them.

use crate::customer_exports::model::Export;
use crate::customer_exports::sheets::Format;
use crate::customer_list::look::Look;
use crate::customers::attributes::Definition;
use crate::kit::error::Result;
use crate::kit::form::Errors;
use crate::kit::json::refused;
use crate::kit::problem::Problem;
use crate::tasks::model::{Task, TaskId, TaskState};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Customers as a file that is made in the background.
#[derive(Debug, Serialize, ToSchema)]
pub struct CustomerExport {
    #[schema(value_type = Uuid)]
    id: TaskId,
    state: TaskState,
    /// `csv` or `xlsx`.
    #[schema(example = "csv")]
    format: &'static str,
    columns: Vec<String>,
    /// Whether phone numbers and email addresses are masked in it.
    is_masked: bool,
    /// Customers whom the filter found when it was asked for.
    total: Option<i64>,
    /// How many of them have been looked at.
    done: i64,
    /// Those of them who are left out, because the use of their data is restricted.
    left_out: i64,
    error: Option<String>,
    /// Once it is there to be taken.
    file_name: Option<String>,
    /// Until when it can be taken.
    file_until: Option<DateTime<Utc>>,
    #[schema(value_type = Uuid)]
    created_by: UserId,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

impl CustomerExport {
    pub fn of(task: &Task, export: &Export) -> Self {
        let offered = task.offered();
        Self {
            id: task.id,
            state: task.state,
            format: export.format.word(),
            columns: export.columns.clone(),
            is_masked: export.is_masked,
            total: task.total,
            done: task.done,
            left_out: task.refused,
            error: task.error_message.clone(),
            file_name: offered.map(|(name, _)| name.to_owned()),
            file_until: task.file_expires_at.filter(|_| offered.is_some()),
            created_by: task.created_by,
            created_at: task.created_at,
            ended_at: task.ended_at,
        }
    }
}

/// A file that is to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewExport {
    /// `csv` or `xlsx`.
    #[schema(example = "csv")]
    pub format: String,
    pub filter: ExportFilter,
    /// Besides id, names and type: `phone`, `email`, `company`, `labels`, `last_seen`, `created`, `state`, `external_id`,
    /// `locale`, `time_zone`, or `field.` with the key of a field of the organisation's own; without it those that the
    /// user sees in the list. They stand in this order.
    #[schema(example = json!(["phone", "email", "labels"]), max_items = 150)]
    pub columns: Option<Vec<String>>,
}

/// # Errors
/// 422 for a format that there is not.
pub fn format(word: &str) -> Result<Format> {
    let found = Format::ALL.into_iter().find(|format| format.word() == word);
    found.ok_or_else(|| refused("format", "The format is csv or xlsx."))
}

/// Whom to take out; what is absent does not narrow. `q`, `type`, `state` and `label` mean what they mean for the list.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExportFilter {
    /// Part of a name, a phone number in any notation, an address, a company, or a word of the note.
    #[schema(max_length = 200)]
    q: Option<String>,
    /// `regular`, `unregistered`, `new` or `anonymous`.
    r#type: Option<String>,
    /// `active`, `suspended`, `archived` or `deleted`; without it everybody who was not deleted.
    state: Option<String>,
    /// The id of a label.
    label: Option<Uuid>,
    /// When they last wrote: `within` or `not_within` so many `days`, or `never`.
    seen: Option<String>,
    #[schema(minimum = 1, maximum = 36500)]
    days: Option<u32>,
    /// What they last said about a `purpose` over a `channel`: `given`, `withdrawn`, or `none` for nothing.
    consent: Option<String>,
    /// `service`, `marketing`, `research` or `profiling`; without it `marketing`.
    purpose: Option<String>,
    /// `whatsapp`, `email`, `sms`, `push` or `phone`; without it `whatsapp`.
    channel: Option<String>,
    /// The first day on which they were made, in the organisation's time zone.
    #[schema(example = "2026-01-01")]
    from: Option<String>,
    /// The last one.
    #[schema(example = "2026-12-31")]
    until: Option<String>,
    /// Tests of the organisation's own fields, by key; not of sensitive ones.
    attributes: BTreeMap<String, AttributeTest>,
}

/// What a field has to hold, all of it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct AttributeTest {
    /// Just this.
    is: Option<String>,
    /// This somewhere in it.
    has: Option<String>,
    /// A number or a date, and what is above it.
    from: Option<String>,
    /// A number or a date, and what is below it.
    until: Option<String>,
    /// Nothing at all, where this is true.
    empty: bool,
}

impl ExportFilter {
    /// As the address of the list's page would say it.
    ///
    /// # Errors
    /// 422 for what that address would leave out without a word.
    pub fn look(self, definitions: &[Definition]) -> Result<Look> {
        let mut errors = Errors::default();
        if self.q.as_ref().is_some_and(|words| words.chars().count() > 200) {
            errors.add("filter/q", "A search has at most 200 characters.");
        }
        if self.state.as_deref().is_some_and(|state| ["erased", "all"].contains(&state)) {
            errors.add("filter/state", "There is no such state.");
        }
        let is_known = |key: &str| definitions.iter().any(|known| known.key == key && !known.is_sensitive);
        for key in self.attributes.keys().filter(|key| !is_known(key)) {
            errors.add(&format!("filter/attributes/{key}"), "There is no such field that could be looked for.");
        }
        if !errors.is_empty() {
            return Err(Problem::of_form(&errors).into());
        }
        let text = Option::unwrap_or_default;
        let tests = self.attributes.into_iter().flat_map(|(key, test)| test.values(&key));
        Ok(Look {
            q: text(self.q),
            customer_type: text(self.r#type),
            state: Some(text(self.state)).filter(|state| !state.is_empty()).unwrap_or_else(|| "all".into()),
            labels: self.label.into_iter().map(|label| label.to_string()).collect(),
            seen: text(self.seen),
            days: self.days.map(|days| days.to_string()).unwrap_or_default(),
            consent: text(self.consent),
            purpose: text(self.purpose),
            channel: text(self.channel),
            made_from: text(self.from),
            made_until: text(self.until),
            values: tests.collect(),
            ..Look::default()
        })
    }
}

impl AttributeTest {
    /// As the list's address names them: by "key.how".
    fn values(self, key: &str) -> Vec<(String, String)> {
        let own = [("is", self.is), ("has", self.has), ("from", self.from), ("until", self.until)];
        let empty = self.empty.then(|| ("empty", "on".to_owned()));
        let given = own.into_iter().filter_map(|(how, value)| value.map(|value| (how, value))).chain(empty);
        given.map(|(how, value)| (format!("{key}.{how}"), value)).collect()
    }
}
