//! What the pages of calls are asked and sent: filters, calls written down, a number's rule.

mod look;
mod rule;

pub use look::Look;
pub use rule::RuleForm;

use super::logging::CallData;
use super::model::{CallDirection, CallId};
use crate::kit::form::{Errors, Typed};
use crate::users::model::UserId;
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// Characters of a note.
pub const LONGEST_NOTE: usize = 2000;

/// A call that somebody writes down.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct CallForm {
    /// Of the call that is made by it.
    pub id: String,
    /// The missed call that was returned by it.
    pub returns: String,
    pub direction: String,
    /// A phone number, an address or an id.
    pub customer: String,
    pub user: String,
    pub colleague: String,
    /// A local moment, as 2026-11-21T14:05.
    pub started: String,
    /// `spoke` or `nobody`.
    pub outcome: String,
    /// "12", "1:30", "1:02:03".
    pub length: String,
    pub is_video: String,
    pub note: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for CallForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl CallForm {
    pub fn of(data: &CallData, zone: Tz) -> Self {
        Self {
            direction: data.direction.word().into(),
            customer: data.customer.map(|id| id.to_string()).unwrap_or_default(),
            user: data.user.to_string(),
            colleague: data.colleague.map(|id| id.to_string()).unwrap_or_default(),
            started: local(data.started, zone),
            outcome: if data.duration.is_some() { "spoke" } else { "nobody" }.into(),
            length: data.duration.map(clock).unwrap_or_default(),
            is_video: if data.is_video { "on" } else { "" }.into(),
            note: data.note.clone().unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Everything but the customer, whom the database knows. `known` is the moment that stands there already, to the
    /// second, where the form knows only minutes.
    pub fn validate(mut self, zone: Tz, known: Option<DateTime<Utc>>) -> Result<(Self, CallData), Self> {
        let errors = &mut self.errors;
        let direction = CallDirection::of_word(&self.direction);
        if direction.is_none() {
            errors.add("direction", "Choose who called.");
        }
        let user = self.user.parse().ok();
        if user.is_none() {
            errors.add("user", "Choose one of the list.");
        }
        let is_internal = direction == Some(CallDirection::Internal);
        let colleague: Option<UserId> = self.colleague.parse().ok().filter(|_| is_internal);
        if is_internal && (colleague.is_none() || colleague == user) {
            errors.add("colleague", "Choose the colleague who was called.");
        }
        if !is_internal && self.customer.trim().is_empty() {
            errors.add("customer", "Enter the customer's phone number or email address.");
        }
        let started = moment(&self.started, zone, known);
        if started.is_none() {
            errors.add("started", "Enter when the call began. It cannot lie ahead.");
        }
        let duration = match self.outcome.as_str() {
            "nobody" => Some(None),
            "spoke" => length(&self.length).map(Some),
            _ => {
                errors.add("outcome", "Say whether you spoke.");
                None
            }
        };
        if duration.is_none() {
            errors.add("length", "Enter how long you spoke: minutes, or minutes and seconds as 1:30.");
        }
        let note = self.note.trim().replace("\r\n", "\n");
        if note.chars().count() > LONGEST_NOTE {
            errors.add("note", "At most 2,000 characters.");
        }
        match (direction, user, started, duration) {
            (Some(direction), Some(user), Some(started), Some(duration)) if self.errors.is_empty() => {
                let note = Some(note).filter(|note| !note.is_empty());
                let is_video = self.is_video == "on";
                let data = CallData { direction, customer: None, user, colleague, is_video, started, duration, note };
                Ok((self, data))
            }
            _ => Err(self),
        }
    }

    /// The id that the form was given, or a new one.
    pub fn call_id(&self) -> CallId {
        self.id.parse().unwrap_or_else(|_| CallId::new())
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// As `<input type=datetime-local>` has it.
pub fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

fn moment(typed: &str, zone: Tz, known: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    if let Some(known) = known.filter(|known| local(*known, zone) == typed.trim()) {
        return Some(known);
    }
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let naive = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(typed.trim(), form).ok())?;
    let at = zone.from_local_datetime(&naive).earliest()?.with_timezone(&Utc);
    let begins = DateTime::from_timestamp(946_684_800, 0)?; // 2000
    (at >= begins && at <= Utc::now()).then_some(at)
}

/// Seconds of "12" (minutes), "1:30" and "1:02:03"; at most a day.
fn length(typed: &str) -> Option<i32> {
    let parts: Vec<i32> = typed.trim().split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
    let fits = |part: &i32| (0..60).contains(part);
    let seconds = match parts[..] {
        [minutes] if (0..=1440).contains(&minutes) => minutes * 60,
        [minutes, seconds] if (0..=1440).contains(&minutes) && fits(&seconds) => minutes * 60 + seconds,
        [hours, minutes, seconds] if (0..24).contains(&hours) && fits(&minutes) && fits(&seconds) => {
            hours * 3600 + minutes * 60 + seconds
        }
        _ => return None,
    };
    (seconds <= 86_400).then_some(seconds)
}

/// "1:30", "1:02:03".
pub fn clock(seconds: i32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// What leads to an empty form.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Beginning {
    pub customer: String,
    pub returns: String,
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
