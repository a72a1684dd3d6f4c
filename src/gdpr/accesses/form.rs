//! Which looks are wanted.

use super::model::{AccessId, Filter};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

/// What cannot be read is told, and finds nothing.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    /// A user's id.
    pub user: String,
    /// A phone number, an address or an id.
    pub customer: String,
    /// `exported`: no looks, exports only.
    pub what: String,
    pub from: String,
    pub to: String,
    pub after: String,
}

impl Look {
    /// Everything but the customer, whom the database knows. Days are the reader's, in `zone`.
    ///
    /// # Errors
    /// A sentence for whoever asked.
    pub fn filter(&self, zone: Tz) -> Result<Filter, &'static str> {
        const DAY: &str = "A day looks like 2026-11-21.";
        let user = some(&self.user).map(str::parse).transpose().map_err(|_| "There is no such user.")?;
        let day = |text: &str| some(text).map(|text| day(text).ok_or(DAY)).transpose();
        let (from, to) = (day(&self.from)?, day(&self.to)?);
        let end = to.and_then(|day| day.checked_add_days(Days::new(1)));
        Ok(Filter {
            user,
            customer: None,
            exports: self.what == "exported",
            from: from.and_then(|day| begin(day, zone)),
            to: end.and_then(|day| begin(day, zone)),
        })
    }

    pub fn after(&self) -> Option<AccessId> {
        self.after.parse().ok()
    }

    /// The filter as a query.
    pub fn query(&self) -> String {
        let own = [
            ("user", &self.user),
            ("customer", &self.customer),
            ("what", &self.what),
            ("from", &self.from),
            ("to", &self.to),
        ];
        Serializer::new(String::new()).extend_pairs(own.iter().filter(|(_, value)| !value.is_empty())).finish()
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_the_readers_own_and_nonsense_is_told() {
        let look = Look { from: "2026-11-21".into(), to: "2026-11-21".into(), ..Look::default() };
        let filter = look.filter(chrono_tz::Europe::Berlin).unwrap();
        assert_eq!(filter.from.unwrap().to_rfc3339(), "2026-11-20T23:00:00+00:00");
        assert_eq!(filter.to.unwrap().to_rfc3339(), "2026-11-21T23:00:00+00:00");
        assert!(Look { from: "9999-99-99".into(), ..Look::default() }.filter(chrono_tz::UTC).is_err());
        assert!(Look { user: "me".into(), ..Look::default() }.filter(chrono_tz::UTC).is_err());
    }
}
