//! What the audit page is asked: the filter in its address, and how long to keep entries.

use super::model::{AuditEntryId, By, Filter};
use super::retention::CHOICES;
use crate::kit::actor::ActorKind;
use crate::kit::form::{Errors, Typed};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use uuid::Uuid;

/// The query of the page and of its export, as typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct FilterForm {
    /// A user's id or a kind of actor.
    pub by: String,
    pub action: String,
    pub entity: String,
    pub row: String,
    pub from: String,
    pub to: String,
    /// The last entry of the page before.
    pub after: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl FilterForm {
    /// Days are the reader's, in `zone`.
    pub fn validate(mut self, zone: Tz) -> Result<(Self, Filter, Option<AuditEntryId>), Self> {
        let wrong = &mut self.errors;
        let by = of(&self.by, by, wrong, "by", "There is no such actor.");
        let action = of(&self.action, word, wrong, "action", "There is no such action.");
        let entity = of(&self.entity, word, wrong, "entity", "There is no such kind of row.");
        let row = of(&self.row, |text| text.parse::<Uuid>().ok(), wrong, "row", "A row's id looks like 0198f2c4-….");
        let from = of(&self.from, day, wrong, "from", "Enter a day, as 2026-11-21.");
        let to = of(&self.to, day, wrong, "to", "Enter a day, as 2026-11-21.");
        let after = of(&self.after, |text| text.parse().ok(), wrong, "after", "There is no such page.");
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            wrong.add("to", "This day lies before the first.");
        }
        if !self.errors.is_empty() {
            return Err(self);
        }
        let from = from.and_then(|day| begin(day, zone));
        let to = to.and_then(|day| day.checked_add_days(Days::new(1))).and_then(|day| begin(day, zone));
        Ok((self, Filter { by, action, entity, row, from, to }, after))
    }

    /// Its address, from the newest entry on, at `path`; `more` is added.
    pub fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = [
            ("by", &*self.by),
            ("action", &self.action),
            ("entity", &self.entity),
            ("row", &self.row),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = own.iter().chain(more).filter(|(_, value)| !value.is_empty());
        let query = Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// None for nothing; what cannot be read is marked.
fn of<T>(text: &str, read: impl Fn(&str) -> Option<T>, errors: &mut Errors, field: &str, message: &str) -> Option<T> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let found = read(text);
    if found.is_none() {
        errors.add(field, message);
    }
    found
}

fn by(text: &str) -> Option<By> {
    let user = || text.parse().ok().map(By::User);
    ActorKind::of_word(text).filter(|kind| *kind != ActorKind::User).map(By::Kind).or_else(user)
}

fn word(text: &str) -> Option<String> {
    let is_word = text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    is_word.then(|| text.to_owned())
}

fn day(text: &str) -> Option<NaiveDate> {
    let is_day = |date: &NaiveDate| (2000..2200).contains(&chrono::Datelike::year(date));
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(is_day)
}

/// The first moment of a day. Where the clock jumps over midnight, it is the hour after.
fn begin(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = |hours| zone.from_local_datetime(&(midnight + TimeDelta::hours(hours))).earliest();
    local(0).or_else(|| local(1)).map(|at| at.with_timezone(&Utc))
}

/// How long entries are kept.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RetentionForm {
    /// Empty: for ever.
    pub days: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for RetentionForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl RetentionForm {
    /// Only what is offered.
    pub fn validate(mut self) -> Result<Option<u32>, Self> {
        let chosen = CHOICES.iter().find(|(days, _)| value(*days) == self.days);
        match chosen {
            Some((days, _)) if self.errors.is_empty() => Ok(*days),
            _ => {
                self.errors.add("days", "Choose one of these times.");
                Err(self)
            }
        }
    }
}

/// A choice as the form sends it: "for_ever" rather than nothing, so that an empty form changes nothing.
pub fn value(days: Option<u32>) -> String {
    days.map_or_else(|| "for_ever".to_owned(), |days| days.to_string())
}

/// The export's query: which format, besides the filter's.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct FormatForm {
    /// csv, which nothing means too, or jsonl.
    pub format: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_readers_own() {
        let form = FilterForm { from: "2026-11-21".into(), to: "2026-11-21".into(), ..FilterForm::default() };
        let (_, filter, _) = form.validate(chrono_tz::Europe::Berlin).unwrap();
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2026-11-20T23:00:00+00:00");
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-11-21T23:00:00+00:00");
    }

    #[test]
    fn a_day_without_midnight_begins_when_it_does() {
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap(); // Brazil went from 23:59 to 1:00
        let begun = begin(day, chrono_tz::America::Sao_Paulo).unwrap();
        assert_eq!(begun.to_rfc3339(), "2018-11-04T03:00:00+00:00");
    }

    #[test]
    fn every_field_is_checked() {
        let bad = FilterForm {
            by: "nobody".into(),
            action: "Drop table".into(),
            entity: "\0".into(),
            row: "1".into(),
            from: "yesterday".into(),
            to: "9999-01-01".into(),
            after: "x".into(),
            ..FilterForm::default()
        };
        let form = bad.validate(chrono_tz::UTC).unwrap_err();
        for field in ["by", "action", "entity", "row", "from", "to", "after"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
        let back = FilterForm { from: "2026-11-21".into(), to: "2026-11-20".into(), ..FilterForm::default() };
        assert!(back.validate(chrono_tz::UTC).unwrap_err().errors.of("to").is_some());
    }

    #[test]
    fn an_address_holds_what_was_chosen() {
        let form = FilterForm { by: "job".into(), from: "2026-11-21".into(), ..FilterForm::default() };
        assert_eq!(form.href("/audit", &[("after", "x y")]), "/audit?by=job&from=2026-11-21&after=x+y");
        assert_eq!(FilterForm::default().href("/audit", &[]), "/audit");
    }

    #[test]
    fn only_offered_times_are_taken() {
        let keep = |days: &str| RetentionForm { days: days.into(), ..RetentionForm::default() }.validate();
        assert_eq!(keep("365").unwrap(), Some(365));
        assert_eq!(keep("for_ever").unwrap(), None);
        assert!(keep("").is_err() && keep("1").is_err() && keep("-90").is_err());
    }
}
