//! What somebody said about their consent, as typed; and which rows of the ledger are wanted.

use super::model::{Basis, Channel, ConsentData, ConsentId, Filter, Purpose, State};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    pub purpose: String,
    pub channel: String,
    pub state: String,
    pub lawful_basis: String,
    pub source: String,
    pub evidence: String,
    /// A message's id, or a link that ends in one.
    pub message: String,
    /// A day.
    pub occurred_on: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ConsentForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// By so much another program's clock may be ahead of ours.
const AHEAD: TimeDelta = TimeDelta::minutes(1);
const CHOOSE: &str = "Choose one of the list.";

/// A moment, or the field that says none and why.
type Moment = Result<DateTime<Utc>, (&'static str, &'static str)>;

impl ConsentForm {
    /// Days are the reader's, in `zone`.
    pub fn validate(self, zone: Tz, now: DateTime<Utc>) -> Result<ConsentData, Self> {
        let said = day(&self.occurred_on, zone, now);
        self.said_at(said.ok_or(("occurred_on", "Enter a day that is not to come, as 2026-11-21.")))
    }

    /// As programs say it: to the second, and without one just now.
    pub fn validate_at(self, said: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<ConsentData, Self> {
        let said = said.unwrap_or(now);
        let is_possible = said >= oldest() && said <= now + AHEAD;
        self.said_at(is_possible.then_some(said.min(now)).ok_or(("occurred_at", "This is to come, or before 2000.")))
    }

    fn said_at(mut self, occurred_at: Moment) -> Result<ConsentData, Self> {
        let errors = &mut self.errors;
        let purpose = chosen(errors, "purpose", Purpose::of_word(&self.purpose));
        let channel = chosen(errors, "channel", Channel::of_word(&self.channel));
        let state = chosen(errors, "state", State::of_word(&self.state));
        let lawful_basis = chosen(errors, "lawful_basis", Basis::of_word(&self.lawful_basis));
        let source = fields::required(errors, "source", &self.source, 50, "Say where it was said, as “phone call”.");
        let evidence = Some(self.evidence.trim().to_owned()).filter(|text| !text.is_empty());
        if evidence.as_ref().is_some_and(|text| text.chars().count() > 2000) {
            errors.add("evidence", "At most 2,000 characters.");
        }
        let message = Some(self.message.trim()).filter(|text| !text.is_empty());
        let message = message.map(|text| text.rsplit(['/', '#', '=']).next().unwrap_or_default().parse());
        if message.as_ref().is_some_and(Result::is_err) {
            errors.add("message", "This is no message's id or link.");
        }
        if let Err((field, why)) = occurred_at {
            errors.add(field, why);
        }
        match (purpose, channel, state, lawful_basis, occurred_at) {
            (Some(purpose), Some(channel), Some(state), Some(lawful_basis), Ok(occurred_at))
                if self.errors.is_empty() =>
            {
                let message = message.and_then(Result::ok);
                Ok(ConsentData { purpose, channel, state, lawful_basis, source, evidence, message, occurred_at })
            }
            _ => Err(self),
        }
    }
}

fn chosen<T>(errors: &mut Errors, field: &str, found: Option<T>) -> Option<T> {
    if found.is_none() {
        errors.add(field, CHOOSE);
    }
    found
}

/// Nothing was said earlier that would count here.
fn oldest() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN).and_utc()
}

/// Today is now; another day its noon.
fn day(typed: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day = NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d").ok()?;
    let (oldest, today) = (oldest().date_naive(), now.with_timezone(&zone).date_naive());
    if day == today {
        return Some(now);
    }
    let noon = zone.from_local_datetime(&day.and_time(NaiveTime::from_hms_opt(12, 0, 0)?)).earliest()?;
    (oldest..today).contains(&day).then(|| noon.with_timezone(&Utc))
}

/// The query of the ledger.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    pub purpose: String,
    pub channel: String,
    pub state: String,
    /// The last row of the page before.
    pub after: String,
}

impl Look {
    /// What cannot be read narrows nothing.
    pub fn filter(&self) -> Filter {
        Filter {
            customer: None,
            purpose: Purpose::of_word(&self.purpose),
            channel: Channel::of_word(&self.channel),
            state: State::of_word(&self.state),
        }
    }

    pub fn after(&self) -> Option<ConsentId> {
        self.after.parse().ok()
    }

    /// The filter as a query.
    pub fn query(&self) -> String {
        let own = [("purpose", &self.purpose), ("channel", &self.channel), ("state", &self.state)];
        let given = own.iter().filter(|(_, value)| !value.is_empty());
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ConsentForm {
        ConsentForm {
            purpose: "marketing".into(),
            channel: "email".into(),
            state: "given".into(),
            lawful_basis: "consent".into(),
            source: "phone call".into(),
            occurred_on: "2026-11-20".into(),
            ..ConsentForm::default()
        }
    }

    #[test]
    fn a_whole_form_is_taken() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let data = form().validate(chrono_tz::Europe::Berlin, now).unwrap();
        assert_eq!(data.occurred_at.to_rfc3339(), "2026-11-20T11:00:00+00:00");
        let today = ConsentForm { occurred_on: "2026-11-21".into(), ..form() };
        assert_eq!(today.validate(chrono_tz::Europe::Berlin, now).unwrap().occurred_at, now);
    }

    #[test]
    fn a_program_says_the_moment() {
        let now: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().unwrap();
        let at = |said: Option<&str>| form().validate_at(said.map(|said| said.parse().unwrap()), now);
        assert_eq!(at(None).unwrap().occurred_at, now);
        assert_eq!(at(Some("2026-11-21T12:00:30Z")).unwrap().occurred_at, now, "its clock is ahead");
        assert_eq!(at(Some("2000-01-01T00:00:00Z")).unwrap().occurred_at, oldest());
        for moment in ["2026-11-21T12:01:01Z", "1999-12-31T23:59:59Z", "9999-12-31T00:00:00Z"] {
            assert!(at(Some(moment)).unwrap_err().errors.of("occurred_at").is_some(), "{moment}");
        }
    }

    #[test]
    fn every_field_is_checked() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let bad = ConsentForm {
            evidence: "x".repeat(2001),
            message: "https://desk.test/inbox/none".into(),
            occurred_on: "2026-11-22".into(),
            ..ConsentForm::default()
        };
        let errors = bad.validate(chrono_tz::UTC, now).unwrap_err().errors;
        for field in ["purpose", "channel", "state", "lawful_basis", "source", "evidence", "message", "occurred_on"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        for day in ["0000-00-00", "9999-12-31", "1999-12-31", "yesterday", ""] {
            let form = ConsentForm { occurred_on: day.into(), ..form() };
            assert!(form.validate(chrono_tz::UTC, now).is_err(), "{day}");
        }
    }
}
