//! What a list of customers is narrowed to: for pages, exports and changes of many.

use super::consent::{ConsentChannel, ConsentPurpose, ConsentState};
use super::model::{CustomerId, CustomerState, CustomerType};
use super::note;
use crate::kit::vault::Vault;
use crate::labels::model::LabelId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// Days that "seen within" reaches at most.
pub const MOST_DAYS: u32 = 36_500;
/// Customers that are collected rather than met on the way, at most.
const MANY: i32 = 50_000;

/// Kept as it is by work that takes long, so fields are only added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Just these; None: everybody.
    pub picked: Option<Vec<CustomerId>>,
    /// What a record has to hold, all of it: see [`words`].
    pub words: Vec<String>,
    /// Something was looked for that no record can hold, so that nothing is found.
    pub is_vain: bool,
    /// Hashes of the words, where the note may hold them instead.
    pub notes: Vec<i64>,
    /// Whether phones and email addresses are looked through, too.
    pub by_address: bool,
    pub customer_type: Option<CustomerType>,
    pub standing: Standing,
    /// All of them.
    pub labels: Vec<LabelId>,
    pub values: Vec<ValueTest>,
    pub seen: Option<Seen>,
    pub consent: Option<ConsentTest>,
    pub made_from: Option<DateTime<Utc>>,
    pub made_until: Option<DateTime<Utc>>,
}

/// In which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    In(CustomerState),
    /// Whoever was not deleted.
    Present,
    /// The deleted, too.
    Any,
}

impl Default for Standing {
    fn default() -> Self {
        Self::In(CustomerState::Active)
    }
}

/// When somebody last wrote, in days before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    Within(u32),
    NotWithin(u32),
    Never,
}

/// What was last said about a purpose over a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentTest {
    pub purpose: ConsentPurpose,
    pub channel: ConsentChannel,
    /// None: nothing was ever said.
    pub state: Option<ConsentState>,
}

/// A condition on one of the tenant's own fields, by its key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueTest {
    pub key: String,
    pub test: Test,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    Is(Value),
    Contains(String),
    /// Numbers; both ends belong to it.
    Numbers(Option<f64>, Option<f64>),
    /// Dates as texts; both ends belong to it.
    Dates(Option<String>, Option<String>),
    Empty,
}

impl Filter {
    /// Looks for what was typed.
    pub fn looking_for(self, typed: &str, vault: &Vault) -> Self {
        let words = words(typed);
        Self { is_vain: words.is_empty() && !typed.trim().is_empty(), notes: note::wanted(vault, typed), words, ..self }
    }

    /// The conditions that an index answers, the quickest first, as `switchboard_narrow_customers` reads them.
    pub(super) fn narrowing(&self, now: DateTime<Utc>) -> Vec<Value> {
        let mut all: Vec<Value> = self.labels.iter().map(|label| json!({ "by": "label", "label": label })).collect();
        if let Standing::In(state) = self.standing
            && state != CustomerState::Active
        {
            all.push(json!({ "by": "state", "state": state }));
        }
        all.extend(self.of_type());
        if let Some(ConsentTest { purpose, channel, state: Some(state) }) = self.consent {
            all.push(json!({ "by": "consent", "purpose": purpose, "channel": channel, "state": state }));
        }
        if self.made_from.is_some() || self.made_until.is_some() {
            let (from, until) = self.made();
            all.push(json!({ "by": "made", "from": from, "until": until }));
        }
        all.extend(self.seen.map(|seen| {
            let (from, until) = seen.range(now);
            json!({ "by": "seen", "from": from, "until": until })
        }));
        for ValueTest { key, test } in &self.values {
            match test {
                Test::Is(value) => all.push(json!({ "by": "value", "value": { (key.as_str()): value } })),
                Test::Contains(text) if is_indexed(text) => all.push(like(std::slice::from_ref(text), false, &[])),
                _ => {}
            }
        }
        all.extend(self.with_words());
        all
    }

    /// Those among them that hang together with names and companies, so that in the order of these most may have to be
    /// passed before the first who fits is met; of these more are collected.
    pub(super) fn naming(&self) -> Vec<Value> {
        let mut all: Vec<Value> = self.of_type().into_iter().chain(self.with_words()).collect();
        all.iter_mut().for_each(|condition| condition["most"] = json!(MANY));
        all
    }

    fn of_type(&self) -> Option<Value> {
        self.customer_type.map(|word| json!({ "by": "type", "type": word }))
    }

    fn with_words(&self) -> Option<Value> {
        (!self.words.is_empty()).then(|| like(&self.words, self.by_address, &self.notes))
    }

    /// Ids are made in the order of time: the first that belongs to it, and the first that does not any more.
    pub(super) fn made(&self) -> (CustomerId, CustomerId) {
        let from = self.made_from.map_or(CustomerId::from(Uuid::nil()), CustomerId::at);
        (from, self.made_until.map_or(CustomerId::from(Uuid::max()), CustomerId::at))
    }
}

fn like(words: &[String], by_address: bool, notes: &[i64]) -> Value {
    json!({ "by": "words", "words": words, "by_address": by_address, "notes": notes })
}

/// Whether whatever contains the text is found by it as a word: longer than an index knows, and folded letter by letter.
fn is_indexed(text: &str) -> bool {
    let is_plain = |char: char| char.is_alphanumeric() && !('\u{3040}'..='\u{9FFF}').contains(&char);
    text.chars().count() >= 3 && text.chars().all(is_plain)
}

impl Seen {
    /// Of `customers.sort_seen`: the first moment that belongs to it, and the first that does not.
    pub(super) fn range(self, now: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
        let ago = |days: u32| now - TimeDelta::days(i64::from(days.min(MOST_DAYS)));
        let never = DateTime::UNIX_EPOCH;
        match self {
            Self::Within(days) => (ago(days).max(never + TimeDelta::seconds(1)), now + TimeDelta::days(2)),
            Self::NotWithin(days) => (never, ago(days)),
            Self::Never => (never, never + TimeDelta::seconds(1)),
        }
    }
}

/// Of what was typed each word that can be found; the parts of a phone number are one. At most six.
pub fn words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_number = false;
    for part in typed.replace('\0', "").split_whitespace() {
        let is_digits = part.chars().all(|char| char.is_ascii_digit() || "+()/-.".contains(char))
            && part.chars().any(|char| char.is_ascii_digit());
        match (is_digits, is_number, words.last_mut()) {
            (true, true, Some(number)) => number.extend(part.chars().filter(char::is_ascii_digit)),
            (true, ..) => words.push(digits(part)),
            (false, ..) => words.extend(Some(part.to_owned()).filter(|part| part.chars().any(char::is_alphanumeric))),
        }
        is_number = is_digits;
    }
    words.truncate(6);
    words
}

/// The digits of a number's beginning, without what a country code is dialled with: what is left is part of any notation.
fn digits(part: &str) -> String {
    let looks_like_phone = part.len() > 4 || part.starts_with(['+', '(', '0']);
    if !looks_like_phone {
        return part.to_owned();
    }
    let digits: String = part.chars().filter(char::is_ascii_digit).collect();
    match digits.trim_start_matches('0') {
        "" => digits,
        rest => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_in_any_notation_is_one_word() {
        for typed in ["+49 151 234-56", "0049 15123456", "(0)49 151 23456", "49/151/23456"] {
            assert_eq!(words(typed), ["4915123456"], "{typed}");
        }
        assert_eq!(words("0151 23456"), ["15123456"]);
        assert_eq!(words("Ana +49 151 Müller"), ["Ana", "49151", "Müller"]);
    }

    #[test]
    fn what_cannot_be_found_is_no_word() {
        assert_eq!(words(" - … !! "), Vec::<String>::new());
        assert_eq!(words("李 小明 x"), ["李", "小明", "x"]);
        assert_eq!(words("a b c d e f g h").len(), 6);
        assert_eq!(words("12.5"), ["12.5"], "a number of a field");
    }

    #[test]
    fn days_lie_behind_now() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let week = now - TimeDelta::days(7);
        assert_eq!(Seen::Within(7).range(now).0, week);
        assert_eq!(Seen::NotWithin(7).range(now), (DateTime::UNIX_EPOCH, week));
        assert!(Seen::Never.range(now).1 < week);
        assert!(Seen::Within(u32::MAX).range(now).0 > DateTime::UNIX_EPOCH, "who was never seen is not among them");
    }
}
