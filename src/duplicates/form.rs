//! What the list of pairs is asked for, and what the page that joins two records sends: `keep`, `note`, and for each field that differs `field.<name>` or
//! `attribute.<key>`, with the side whose value is taken. `left` is the record that the address names first.

use super::choice::{Choice, FIELDS, NoteChoice, Side};
use super::pairs::PairState;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Which pairs.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    pub state: String,
    pub reason: String,
    pub after: String,
}

impl Look {
    pub fn state(&self) -> PairState {
        if self.state == "dismissed" { PairState::Dismissed } else { PairState::Open }
    }
}

/// What led to the page of what was joined.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Just {
    /// Joined just now.
    pub done: String,
    /// Taken apart just now.
    pub apart: String,
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct MergeForm {
    pub keep: String,
    pub note: String,
    #[serde(flatten)]
    pub picks: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for MergeForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// The page as it was sent, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeData {
    /// Whether the record stays that the address names first.
    pub keeps_left: bool,
    pub choice: Choice,
}

impl MergeForm {
    /// The side that is picked for a field; `otherwise` where the form says nothing.
    pub fn is_left(&self, name: &str, otherwise: bool) -> bool {
        match self.picks.get(name).map(String::as_str) {
            Some("left") => true,
            Some("right") => false,
            _ => otherwise,
        }
    }

    pub fn keeps_left(&self) -> bool {
        self.keep != "right"
    }

    pub fn validate(mut self) -> Result<MergeData, Self> {
        let keeps_left = match self.keep.as_str() {
            "left" => true,
            "right" => false,
            _ => return Err(self.wrong("keep", "Choose which of the two records stays.")),
        };
        let side = |word: &str| match word {
            "left" => Some(if keeps_left { Side::Kept } else { Side::Lost }),
            "right" => Some(if keeps_left { Side::Lost } else { Side::Kept }),
            _ => None,
        };
        let note = match (self.note.as_str(), side(&self.note)) {
            ("" | "both", _) => NoteChoice::Both,
            (_, Some(Side::Kept)) => NoteChoice::Kept,
            (_, Some(Side::Lost)) => NoteChoice::Lost,
            _ => return Err(self.wrong("note", "Choose a side, or both.")),
        };
        let mut choice = Choice { note, ..Choice::default() };
        for (name, word) in &self.picks {
            let known = match (name.strip_prefix("field."), name.strip_prefix("attribute.")) {
                (Some(field), _) if FIELDS.contains(&field) => Some((&mut choice.fields, field)),
                (_, Some(key)) => Some((&mut choice.attributes, key)),
                _ => None,
            };
            match (known, side(word)) {
                (Some((chosen, name)), Some(side)) => drop(chosen.insert(name.to_owned(), side)),
                (Some(_), None) => self.errors.add("", "Choose a side for each field."),
                // Something that is none of ours.
                (None, _) => {}
            }
        }
        if self.errors.is_empty() { Ok(MergeData { keeps_left, choice }) } else { Err(self) }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::form::parse;

    #[test]
    fn sides_of_the_page_become_sides_of_the_merge() {
        let body = b"keep=right&note=left&field.phone=left&field.email=right&attribute.plan=left&field.state=left";
        let data = parse::<MergeForm>(body).unwrap().validate().unwrap();
        assert!(!data.keeps_left);
        assert_eq!(data.choice.note, NoteChoice::Lost);
        let fields = [("email".to_owned(), Side::Kept), ("phone".to_owned(), Side::Lost)];
        assert_eq!(data.choice.fields, fields.into());
        assert_eq!(data.choice.attributes, [("plan".to_owned(), Side::Lost)].into());
    }

    #[test]
    fn nonsense_is_refused() {
        for (body, field) in
            [("", "keep"), ("keep=x", "keep"), ("keep=left&note=x", "note"), ("keep=left&field.phone=x", "")]
        {
            let form = parse::<MergeForm>(body.as_bytes()).unwrap().validate().unwrap_err();
            assert!(form.errors.of(field).is_some(), "{body}");
        }
    }
}
