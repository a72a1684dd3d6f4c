//! What the menus send.

use crate::conversations::model::Priority;
use crate::kit::error::{Error, Result};
use crate::kit::form::{Errors, Typed};
use crate::labels::model::LabelId;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use std::str::FromStr;

/// Who shall have it, as `to`; empty for nobody. `seen` is who had it when the menu was opened.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct HolderForm {
    pub to: String,
    pub seen: Option<String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for HolderForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// What a menu chose, and what was there before, if it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<T> {
    pub to: T,
    pub seen: Option<T>,
}

impl HolderForm {
    /// # Errors
    /// `Invalid` for what is no id.
    pub fn validate<Id: FromStr>(&self) -> Result<Choice<Option<Id>>> {
        Ok(Choice { to: id(&self.to)?, seen: self.seen.as_deref().map(id).transpose()? })
    }
}

fn id<Id: FromStr>(text: &str) -> Result<Option<Id>> {
    let id = Some(text).filter(|text| !text.is_empty()).map(Id::from_str);
    id.transpose().map_err(|_| Error::Invalid("Choose one of the list.".into()))
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct PriorityForm {
    pub to: String,
    pub seen: Option<String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for PriorityForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl PriorityForm {
    /// # Errors
    /// `Invalid` for what is no priority.
    pub fn validate(&self) -> Result<Choice<Priority>> {
        let known =
            |word: &str| Priority::of_word(word).ok_or_else(|| Error::Invalid("There is no such priority.".into()));
        Ok(Choice { to: known(&self.to)?, seen: self.seen.as_deref().map(known).transpose()? })
    }
}

/// A label that shall stick, or one that shall not.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct LabelForm {
    pub add: String,
    pub remove: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for LabelForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl LabelForm {
    /// The label, and whether it shall stick.
    ///
    /// # Errors
    /// `Invalid` for what is no id.
    pub fn validate(&self) -> Result<(LabelId, bool)> {
        let is_wanted = !self.add.is_empty();
        let label = id(if is_wanted { &self.add } else { &self.remove })?;
        Ok((label.ok_or_else(|| Error::Invalid("Choose a label of the list.".into()))?, is_wanted))
    }
}

/// Until when: `hour`, `tomorrow`, `week`, `reply`, or `moment` with day and time.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct SnoozeForm {
    pub until: String,
    pub date: String,
    pub time: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for SnoozeForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl SnoozeForm {
    /// None: until the customer writes.
    pub fn validate(mut self, zone: Tz, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Self> {
        let until = match self.until.as_str() {
            "reply" => return Ok(None),
            "moment" => self.moment().and_then(|moment| at(zone, moment)).filter(|at| *at > now),
            word => preset(word, zone, now),
        };
        match until {
            Some(until) => Ok(Some(until)),
            None => {
                let wrong = match self.until.as_str() {
                    "moment" => "Choose a day and a time that are still to come.",
                    _ => "Choose until when.",
                };
                self.errors.add("date", wrong);
                Err(self)
            }
        }
    }

    fn moment(&self) -> Option<NaiveDateTime> {
        let date: NaiveDate = self.date.trim().parse().ok()?;
        let time = NaiveTime::parse_from_str(self.time.trim(), "%H:%M").ok()?;
        Some(date.and_time(time))
    }
}

/// The moments that the menu offers, in the reader's zone.
pub fn preset(word: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = now.with_timezone(&zone).date_naive();
    let at_nine = |date: NaiveDate| at(zone, date.and_time(NaiveTime::from_hms_opt(9, 0, 0)?));
    match word {
        "hour" => Some(now + TimeDelta::hours(1)),
        "tomorrow" => at_nine(today.checked_add_days(Days::new(1))?),
        "week" => {
            let to_monday = 7 - u64::from(today.weekday().num_days_from_monday());
            at_nine(today.checked_add_days(Days::new(to_monday))?)
        }
        _ => None,
    }
}

/// A time on the wall as a moment; one that the clock leaps over is the first after it.
fn at(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    let earliest = |wall: NaiveDateTime| zone.from_local_datetime(&wall).earliest();
    let mut quarters = (0..5).filter_map(|quarter| wall.checked_add_signed(TimeDelta::minutes(15 * quarter)));
    Some(quarters.find_map(earliest)?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn presets_are_of_the_readers_clock() {
        let zone = chrono_tz::Europe::Berlin;
        // Already Saturday in Berlin.
        let now = moment("2026-11-20T23:30:00Z");
        assert_eq!(preset("hour", zone, now), Some(moment("2026-11-21T00:30:00Z")));
        assert_eq!(preset("tomorrow", zone, now), Some(moment("2026-11-22T08:00:00Z")));
        assert_eq!(preset("week", zone, now), Some(moment("2026-11-23T08:00:00Z")));
        let monday = moment("2026-11-23T12:00:00Z");
        assert_eq!(preset("week", zone, monday), Some(moment("2026-11-30T08:00:00Z")), "the next one");
        assert_eq!(preset("never", zone, now), None);
    }

    #[test]
    fn a_time_that_the_clock_leaps_over_is_the_first_after_it() {
        let form = SnoozeForm {
            until: "moment".into(),
            date: "2027-03-28".into(),
            time: "02:30".into(),
            ..Default::default()
        };
        let until = form.validate(chrono_tz::Europe::Berlin, moment("2026-11-21T12:00:00Z")).unwrap();
        assert_eq!(until, Some(moment("2027-03-28T01:00:00Z")));
    }

    #[test]
    fn what_is_past_or_no_moment_is_told() {
        let now = moment("2026-11-21T12:00:00Z");
        for (until, date, time) in
            [("", "", ""), ("moment", "", "09:00"), ("moment", "2026-11-21", "x"), ("moment", "2026-11-20", "09:00")]
        {
            let form = SnoozeForm { until: until.into(), date: date.into(), time: time.into(), ..Default::default() };
            let form = form.validate(chrono_tz::UTC, now).unwrap_err();
            assert!(form.errors.of("date").is_some() && form.date == date, "{until} {date} {time}");
        }
    }
}
