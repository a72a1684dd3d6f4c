//! What somebody asks the search for: words, phrases, and operators such as `from:` and `has:`.

use crate::customers::filter;
use chrono::NaiveDate;

/// Pieces of a question that are listened to.
const MOST: usize = 12;
/// Digits from which on a number may be somebody's.
const OF_SOMEBODY: usize = 7;

/// A question, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Words, and phrases whose words stand side by side.
    pub words: Vec<String>,
    /// Numbers as digits, wherever they stand in a longer one.
    pub numbers: Vec<String>,
    pub without: Vec<String>,
    pub from: Vec<String>,
    pub within: Vec<String>,
    pub labels: Vec<String>,
    pub has: Vec<String>,
    /// The first day that counts.
    pub after: Option<NaiveDate>,
    /// The first day that does not.
    pub before: Option<NaiveDate>,
    /// Days that are none, as typed.
    pub odd_days: Vec<String>,
}

impl Asked {
    /// `today` is the asker's.
    pub fn parse(typed: &str, today: NaiveDate) -> Self {
        let (mut asked, mut free) = (Self::default(), Vec::new());
        for Piece { is_without, operator, value, is_quoted } in pieces(&typed.replace('\0', "")).into_iter().take(MOST)
        {
            match operator {
                Some("from") => asked.from.push(value),
                Some("in") => asked.within.push(value),
                Some("label") => asked.labels.push(value),
                Some("has") => asked.has.push(value.to_lowercase()),
                Some("after") => asked.after = asked.day(&value, today),
                Some("before") => asked.before = asked.day(&value, today),
                Some("on") => {
                    asked.after = asked.day(&value, today);
                    asked.before = asked.after.and_then(|day| day.succ_opt());
                }
                _ if is_without => asked.without.push(value),
                _ if is_quoted => asked.words.push(value),
                _ => free.push(value),
            }
        }
        for word in filter::words(&free.join(" ")) {
            let is_number = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { asked.numbers.push(word) } else { asked.words.push(word) }
        }
        asked.words.retain(|word| word.chars().any(char::is_alphanumeric));
        asked.without.retain(|word| word.chars().any(char::is_alphanumeric));
        asked
    }

    fn day(&mut self, typed: &str, today: NaiveDate) -> Option<NaiveDate> {
        let day = match typed.to_lowercase().as_str() {
            "today" => Some(today),
            "yesterday" => today.pred_opt(),
            day => day.parse().ok(),
        };
        if day.is_none() {
            self.odd_days.push(typed.to_owned());
        }
        day
    }

    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }

    /// Whether people and threads are looked for, too: operators speak of messages.
    pub fn is_plain(&self) -> bool {
        let operators = [&self.without, &self.from, &self.within, &self.labels, &self.has, &self.odd_days];
        operators.iter().all(|values| values.is_empty()) && self.after.is_none() && self.before.is_none()
    }

    /// Whether a number or an address of somebody is looked for, which not everybody may.
    pub fn asks_for_addresses(&self) -> bool {
        let digits = |text: &String| text.bytes().filter(u8::is_ascii_digit).count();
        let texts = [&self.words, &self.without, &self.numbers];
        texts.into_iter().flatten().any(|text| text.contains('@') || digits(text) >= OF_SOMEBODY)
    }
}

struct Piece<'a> {
    is_without: bool,
    operator: Option<&'a str>,
    value: String,
    is_quoted: bool,
}

const OPERATORS: [&str; 7] = ["from", "in", "label", "has", "after", "before", "on"];

fn pieces(typed: &str) -> Vec<Piece<'_>> {
    let (mut all, mut rest) = (Vec::new(), typed.trim_start());
    while !rest.is_empty() {
        let is_without =
            rest.starts_with('-') && rest[1..].starts_with(|char: char| char.is_alphanumeric() || char == '"');
        rest = if is_without { &rest[1..] } else { rest };
        let operator = OPERATORS.into_iter().find(|name| {
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && rest[name.len()..].starts_with(':')
                && rest[name.len() + 1..].starts_with(|char: char| !char.is_whitespace())
        });
        rest = operator.map_or(rest, |name| &rest[name.len() + 1..]);
        let is_quoted = rest.starts_with('"');
        let (value, after) = match rest.strip_prefix('"') {
            Some(inner) => inner.split_once('"').unwrap_or((inner, "")),
            None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
        };
        all.push(Piece {
            is_without: is_without && operator.is_none(),
            operator,
            value: value.trim().to_owned(),
            is_quoted,
        });
        rest = after.trim_start();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(typed: &str) -> Asked {
        Asked::parse(typed, NaiveDate::from_ymd_opt(2026, 3, 1).unwrap())
    }

    #[test]
    fn words_phrases_numbers_and_what_is_not_wanted() {
        let asked = asked(r#"late "grey parcel" 0151 234 567 -refund -"old one""#);
        assert_eq!(asked.words, ["grey parcel", "late"]);
        assert_eq!(asked.numbers, ["151234567"]);
        assert_eq!(asked.without, ["refund", "old one"]);
        assert!(asked.asks_for_addresses());
    }

    #[test]
    fn operators_take_one_word_or_a_phrase() {
        let asked = asked(r#"FROM:me in:open label:"Big client" has:image after:2026-01-31 before:today tea"#);
        assert_eq!((asked.from, asked.within), (vec!["me".to_owned()], vec!["open".to_owned()]));
        assert_eq!((asked.labels, asked.has), (vec!["Big client".to_owned()], vec!["image".to_owned()]));
        assert_eq!(asked.after.map(|day| day.to_string()).as_deref(), Some("2026-01-31"));
        assert_eq!(asked.before.map(|day| day.to_string()).as_deref(), Some("2026-03-01"));
        assert_eq!(asked.words, ["tea"]);
    }

    #[test]
    fn on_is_one_day_and_no_day_is_told() {
        let one = asked("on:yesterday");
        assert_eq!(one.before, one.after.and_then(|day| day.succ_opt()));
        assert_eq!(asked("before:soon").odd_days, ["soon"]);
    }

    #[test]
    fn what_looks_like_an_operator_and_is_none_stays_a_word() {
        assert_eq!(asked("https://acme.test from: -").words, ["https://acme.test", "from:"]);
        assert!(
            asked("  ").is_empty()
                && asked("-").is_empty()
                && asked("tea").is_plain()
                && !asked("tea has:link").is_plain()
        );
        assert_eq!(asked(r#""unfinished"#).words, ["unfinished"]);
        assert!(asked(&"a ".repeat(100)).words.len() <= MOST);
    }
}
