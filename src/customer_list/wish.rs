//! How an address of the list becomes a filter, and what is wrong with one that does not.

use super::look::Look;
use crate::customers::attributes::{AttributeKind, Definition, date, number};
use crate::customers::consent::{ConsentChannel, ConsentPurpose, ConsentState};
use crate::customers::filter::{ConsentTest, Filter, MOST_DAYS, Seen, Standing, Test, ValueTest};
use crate::customers::model::{CustomerState, CustomerType};
use crate::kit::form::Errors;
use crate::kit::vault::Vault;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// What of whoever asks decides how an address is understood.
#[derive(Clone)]
pub struct Asker {
    pub sees_addresses: bool,
    pub zone: Tz,
    pub vault: Vault,
}

impl Look {
    /// The filter behind it. `asker` is who asks.
    ///
    /// # Errors
    /// A sentence per field that cannot be understood.
    pub fn filter(&self, definitions: &[Definition], asker: &Asker) -> Result<Filter, Errors> {
        let mut errors = Errors::default();
        let standing = match self.state.as_str() {
            "" => Standing::default(),
            "all" => Standing::Present,
            word => {
                Standing::In(known(&mut errors, "state", CustomerState::of_word(word)).unwrap_or(CustomerState::Active))
            }
        };
        let customer_type = chosen(&mut errors, "type", &self.customer_type, CustomerType::of_word);
        let labels = self.labels.iter().filter_map(|label| known(&mut errors, "label", label.parse().ok())).collect();
        let seen = self.seen(&mut errors);
        let consent = self.consent(&mut errors);
        let from = chosen(&mut errors, "from", &self.made_from, day);
        let until = chosen(&mut errors, "until", &self.made_until, day);
        let values = self.tests(&mut errors, definitions);
        let filter = Filter {
            by_address: asker.sees_addresses,
            customer_type,
            standing,
            labels,
            values,
            seen,
            consent,
            made_from: from.map(|day| midnight(day, asker.zone)),
            made_until: until.and_then(|day| day.checked_add_days(Days::new(1))).map(|day| midnight(day, asker.zone)),
            ..Filter::default()
        };
        let words: String = self.q.chars().take(200).collect();
        if errors.is_empty() { Ok(filter.looking_for(&words, &asker.vault)) } else { Err(errors) }
    }

    fn seen(&self, errors: &mut Errors) -> Option<Seen> {
        let days = |errors: &mut Errors| {
            let days = self.days.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
            if days.is_none() {
                errors.add("days", "Enter a number of days.");
            }
            days.unwrap_or(1)
        };
        match self.seen.as_str() {
            "" => None,
            "never" => Some(Seen::Never),
            "within" => Some(Seen::Within(days(errors))),
            "not_within" => Some(Seen::NotWithin(days(errors))),
            _ => known(errors, "seen", None),
        }
    }

    fn consent(&self, errors: &mut Errors) -> Option<ConsentTest> {
        let state = match self.consent.as_str() {
            "" => return None,
            "none" => None,
            word => known(errors, "consent", ConsentState::of_word(word)),
        };
        let purpose = known(errors, "purpose", ConsentPurpose::of_word(or(&self.purpose, "marketing")))?;
        let channel = known(errors, "channel", ConsentChannel::of_word(or(&self.channel, "whatsapp")))?;
        Some(ConsentTest { purpose, channel, state })
    }

    fn tests(&self, errors: &mut Errors, definitions: &[Definition]) -> Vec<ValueTest> {
        let mut tests = Vec::new();
        for definition in definitions.iter().filter(|definition| !definition.is_sensitive) {
            let typed = |how| self.value(&definition.key, how).trim();
            let name = |how: &str| format!("field.{}.{how}", definition.key);
            let mut test = |test| tests.push(ValueTest { key: definition.key.clone(), test });
            if !typed("empty").is_empty() {
                test(Test::Empty);
            }
            if !typed("has").is_empty() {
                test(Test::Contains(typed("has").to_owned()));
            }
            match definition.parse(typed("is")) {
                Ok(Some(value)) => test(Test::Is(value)),
                Ok(None) => {}
                Err(why) => errors.add(&name("is"), why),
            }
            let (from, until) = (typed("from"), typed("until"));
            match definition.kind {
                _ if from.is_empty() && until.is_empty() => {}
                AttributeKind::Number => {
                    let read = |errors: &mut Errors, how, text| {
                        chosen(errors, &name(how), text, |text| number(text).and_then(|value| value.as_f64()))
                    };
                    test(Test::Numbers(read(errors, "from", from), read(errors, "until", until)));
                }
                AttributeKind::Date => {
                    let read = |errors: &mut Errors, how, text| {
                        chosen(errors, &name(how), text, |text| {
                            date(text).and_then(|day| day.as_str().map(str::to_owned))
                        })
                    };
                    test(Test::Dates(read(errors, "from", from), read(errors, "until", until)));
                }
                _ => {}
            }
        }
        tests
    }
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn known<T>(errors: &mut Errors, field: &str, value: Option<T>) -> Option<T> {
    if value.is_none() {
        errors.add(field, "Choose one of the list.");
    }
    value
}

/// Nothing where nothing was typed.
fn chosen<T>(errors: &mut Errors, field: &str, typed: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let value = read(typed);
    if value.is_none() {
        errors.add(field, "This cannot be looked for. Please choose anew.");
    }
    value
}

fn day(text: &str) -> Option<NaiveDate> {
    date(text).and_then(|_| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
}

/// The first moment of a day; where a clock is put forward at midnight there is a later one.
fn midnight(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = (0..4).find_map(|hour| zone.from_local_datetime(&(midnight + TimeDelta::hours(hour))).earliest());
    local.map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::vault::random_token;

    fn asker() -> Asker {
        let vault = Vault::new(&random_token()).unwrap();
        Asker { sees_addresses: true, zone: chrono_tz::Europe::Berlin, vault }
    }

    #[test]
    fn each_field_is_told_what_is_wrong_with_it() {
        let wrong = "type=royal&state=gone&label=x&seen=within&days=0&consent=perhaps&from=2026-02-30&until=x";
        let errors = Look::parse(wrong).filter(&[], &asker()).unwrap_err();
        for field in ["type", "state", "label", "days", "consent", "from", "until"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }

    #[test]
    fn a_day_is_the_askers() {
        let filter = Look::parse("from=2026-11-21&until=2026-11-21").filter(&[], &asker()).unwrap();
        assert_eq!(filter.made_from.unwrap().to_rfc3339(), "2026-11-20T23:00:00+00:00");
        assert_eq!(filter.made_until.unwrap().to_rfc3339(), "2026-11-21T23:00:00+00:00");
    }
}
