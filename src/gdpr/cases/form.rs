//! What the forms of a case send.

use super::model::{CaseData, Kind};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::users::model::UserId;
use chrono::NaiveDate;
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct CaseForm {
    pub kind: String,
    /// A phone number, an address or an id; empty where it is not known who they are.
    pub customer: String,
    pub requester: String,
    pub details: String,
    pub received_on: String,
    pub assignee: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for CaseForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl CaseForm {
    /// Everything but the customer, whom the database knows.
    pub fn validate(mut self, today: NaiveDate) -> Result<(Self, CaseData), Self> {
        let errors = &mut self.errors;
        let kind = Kind::of_word(&self.kind);
        if kind.is_none() {
            errors.add("kind", "Choose what they ask for.");
        }
        let requester = fields::required(errors, "requester", &self.requester, 200, "Say who asked.");
        let details = several_lines(errors, "details", &self.details, 2000);
        let received_on = NaiveDate::parse_from_str(self.received_on.trim(), "%Y-%m-%d").ok();
        let oldest = today - chrono::Days::new(366);
        let received_on = received_on.filter(|day| (oldest..=today).contains(day));
        if received_on.is_none() {
            errors.add("received_on", "Enter the day it reached you, within the last year.");
        }
        let assignee = assignee(errors, &self.assignee);
        match (kind, received_on, assignee) {
            (Some(kind), Some(received_on), Some(assignee)) if self.errors.is_empty() => {
                let data = CaseData { kind, customer: None, requester, details, received_on, assignee };
                Ok((self, data))
            }
            _ => Err(self),
        }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// Some(None): nobody.
fn assignee(errors: &mut Errors, typed: &str) -> Option<Option<UserId>> {
    match typed.trim() {
        "" => Some(None),
        id => id.parse().ok().map(Some).or_else(|| {
            errors.add("assignee", "Choose one of the list.");
            None
        }),
    }
}

fn several_lines(errors: &mut Errors, field: &str, typed: &str, most: usize) -> Option<String> {
    let text = typed.trim().replace("\r\n", "\n");
    if text.chars().count() > most {
        errors.add(field, format!("At most {most} characters."));
    }
    Some(text).filter(|text| !text.is_empty())
}

/// Words that a step asks for: a note, a reason, an outcome, a customer, a user.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct WordsForm {
    /// Each form of the page has a name of its own for it, since ids are made of names.
    #[serde(alias = "note", alias = "extension", alias = "refusal", alias = "outcome", alias = "customer")]
    #[serde(alias = "assignee")]
    pub words: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for WordsForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl WordsForm {
    /// What must be said, in at most `most` characters; `missing` asks for it.
    pub fn said(mut self, most: usize, missing: &str) -> Result<String, Self> {
        let words = several_lines(&mut self.errors, "words", &self.words, most);
        if words.is_none() {
            self.errors.add("words", missing);
        }
        match words {
            Some(words) if self.errors.is_empty() => Ok(words),
            _ => Err(self),
        }
    }

    /// The same where nothing may be said.
    pub fn maybe(mut self, most: usize) -> Result<Option<String>, Self> {
        let words = several_lines(&mut self.errors, "words", &self.words, most);
        if self.errors.is_empty() { Ok(words) } else { Err(self) }
    }

    pub fn user(mut self) -> Result<Option<UserId>, Self> {
        let mut errors = std::mem::take(&mut self.errors);
        let found = assignee(&mut errors, &self.words);
        match found {
            Some(user) if errors.is_empty() => Ok(user),
            _ => {
                errors.add("words", "Choose one of the list.");
                Err(Self { errors, ..self })
            }
        }
    }

    pub fn wrong(mut self, message: impl Into<String>) -> Self {
        self.errors.add("words", message);
        self
    }
}

/// The query of the list and of the new form.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    /// `mine`, `closed`, or nothing for all that is pending.
    pub state: String,
    pub after: String,
    /// Of the new form.
    pub customer: String,
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> CaseForm {
        CaseForm {
            kind: "access".into(),
            requester: "Ana Alves, by letter".into(),
            received_on: "2026-11-20".into(),
            ..CaseForm::default()
        }
    }

    #[test]
    fn a_whole_form_is_taken_and_each_field_is_checked() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        let (_, data) = form().validate(today).unwrap();
        assert_eq!((data.kind, data.assignee, data.details), (Kind::Access, None, None));
        let bad = CaseForm { assignee: "x".into(), details: "x".repeat(2001), ..CaseForm::default() };
        let errors = bad.validate(today).unwrap_err().errors;
        for field in ["kind", "requester", "details", "received_on", "assignee"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        for day in ["2026-11-22", "2020-01-01", "0000-00-00", "today"] {
            let form = CaseForm { received_on: day.into(), ..form() };
            assert!(form.validate(today).unwrap_err().errors.of("received_on").is_some(), "{day}");
        }
    }

    #[test]
    fn words_are_asked_for_where_they_must_be_said() {
        let form = |words: &str| WordsForm { words: words.into(), errors: Errors::default() };
        assert_eq!(form(" a\r\nb ").said(500, "Say why.").unwrap(), "a\nb");
        assert_eq!(form(" ").said(500, "Say why.").unwrap_err().errors.of("words"), Some("Say why."));
        assert!(form("xx").said(1, "").is_err() && form("xx").maybe(1).is_err());
        assert_eq!(form("").maybe(1).unwrap(), None);
        assert!(form("nobody").user().is_err() && form("").user().unwrap().is_none());
    }
}
