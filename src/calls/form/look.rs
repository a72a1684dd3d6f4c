//! The filter of the list, in its address.

use crate::calls::listing::Filter;
use crate::calls::model::{CallDirection, CallStatus};
use crate::kit::form::Errors;
use crate::kit::page::Cursor;
use crate::users::model::UserId;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

const LONGEST_WORDS: usize = 100;

/// The query of the list and of its export, as typed.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    /// `missed`, `mine`, or nothing for all.
    pub view: String,
    pub q: String,
    pub status: String,
    pub direction: String,
    pub user: String,
    pub number: String,
    pub customer: String,
    pub from: String,
    pub to: String,
    /// The last call of the page before.
    pub after: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Look {
    /// Days are the reader's, in `zone`.
    pub fn validate(mut self, zone: Tz, reader: UserId) -> Result<(Self, Filter, Option<Cursor>), Self> {
        let wrong = &mut self.errors;
        let status = of(&self.status, CallStatus::of_word, wrong, "status", "Choose a state of the list.");
        let direction = of(&self.direction, CallDirection::of_word, wrong, "direction", "Choose one of the list.");
        let user = of(&self.user, |text| text.parse().ok(), wrong, "user", "Choose somebody of the list.");
        let number = of(&self.number, |text| text.parse().ok(), wrong, "number", "Choose a number of the list.");
        let customer = of(&self.customer, |text| text.parse().ok(), wrong, "customer", "There is no such customer.");
        let from = of(&self.from, day, wrong, "from", "Enter a day, as 2026-11-21.");
        let to = of(&self.to, day, wrong, "to", "Enter a day, as 2026-11-21.");
        let after = of(&self.after, Cursor::parse, wrong, "after", "There is no such page.");
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            wrong.add("to", "This day lies before the first.");
        }
        let words = self.q.trim().to_owned();
        if words.chars().count() > LONGEST_WORDS || words.contains('\0') {
            wrong.add("q", "At most 100 characters.");
        }
        if !["", "missed", "mine"].contains(&self.view.as_str()) {
            wrong.add("view", "There is no such list.");
        }
        if !self.errors.is_empty() {
            return Err(self);
        }
        let filter = Filter {
            to_return: self.view == "missed",
            user: if self.view == "mine" { Some(reader) } else { user },
            direction,
            status,
            number,
            customer,
            from: from.and_then(|day| begin(day, zone)),
            to: to.and_then(|day| day.checked_add_days(Days::new(1))).and_then(|day| begin(day, zone)),
            words,
            by_address: false,
        };
        Ok((self, filter, after))
    }

    /// Whether anything but the tab is chosen.
    pub fn is_used(&self) -> bool {
        self.own()[1..].iter().any(|(_, value)| !value.is_empty())
    }

    /// Its address at `path`, from the newest call on; `more` is added.
    pub fn href(&self, path: &str, more: &[(&str, &str)]) -> String {
        let own = self.own();
        let given = own.iter().chain(more).filter(|(_, value)| !value.is_empty());
        let query = Serializer::new(String::new()).extend_pairs(given).finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    fn own(&self) -> [(&str, &str); 9] {
        [
            ("view", &self.view),
            ("q", &self.q),
            ("status", &self.status),
            ("direction", &self.direction),
            ("user", &self.user),
            ("number", &self.number),
            ("customer", &self.customer),
            ("from", &self.from),
            ("to", &self.to),
        ]
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
