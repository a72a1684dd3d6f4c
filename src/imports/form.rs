//! What the forms of imports send.

use super::choices::{Choices, MatchBy, Mode, Target};
use super::format::{DELIMITERS, ENCODINGS, Format};
use crate::customers::attributes::Definition;
use crate::kit::form::{Errors, Typed};
use crate::kit::phone::Region;
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What the columns mean, and what shall be done.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ChoicesForm {
    pub mode: String,
    pub match_by: String,
    pub region: String,
    pub empty: String,
    pub label: String,
    /// `column.0` and so on.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ChoicesForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ChoicesForm {
    /// What was chosen, as it would be typed.
    pub fn of(choices: &Choices) -> Self {
        let column = |(index, target): (usize, &Target)| (format!("column.{index}"), target.word());
        Self {
            mode: choices.mode.word().to_owned(),
            match_by: choices.match_by.field().word().to_owned(),
            region: choices.region.clone().unwrap_or_default(),
            empty: if choices.clears_empty { "clear" } else { "keep" }.to_owned(),
            label: choices.label.map(|label| label.to_string()).unwrap_or_default(),
            rest: choices.columns.iter().enumerate().map(column).collect(),
            errors: Errors::default(),
        }
    }

    /// What was chosen for the column, as typed.
    pub fn column(&self, index: usize) -> &str {
        self.rest.get(&format!("column.{index}")).map_or("", String::as_str)
    }

    /// For `width` columns. What is wrong is at `column.…`, at a field, or at `row` for the whole.
    pub fn validate(mut self, width: usize, definitions: &[Definition], labels: &[Uuid]) -> Result<Choices, Self> {
        let columns: Vec<Option<Target>> = (0..width).map(|index| Target::of_word(self.column(index))).collect();
        for index in (0..width).filter(|index| columns[*index].is_none()) {
            self.errors.add(&format!("column.{index}"), "Choose one of the list.");
        }
        let mode = Mode::of_word(&self.mode);
        let match_by = MatchBy::of_word(&self.match_by);
        if mode.is_none() {
            self.errors.add("mode", "Choose one of the list.");
        }
        if match_by.is_none() && mode != Some(Mode::Create) {
            self.errors.add("match_by", "Choose one of the list.");
        }
        let region = Region::of(&self.region);
        if region.is_none() && !self.region.trim().is_empty() {
            self.errors.add("region", "There is no such country. Two letters name one, as DE or PT.");
        }
        let label = Some(self.label.trim()).filter(|label| !label.is_empty()).map(str::parse::<Uuid>);
        let label = label.map(|label| label.ok().filter(|label| labels.contains(label)));
        if label == Some(None) {
            self.errors.add("label", "This label is gone. Choose another.");
        }
        if !self.errors.is_empty() {
            return Err(self);
        }
        let choices = Choices {
            columns: columns.into_iter().map(Option::unwrap_or_default).collect(),
            mode: mode.unwrap_or_default(),
            match_by: match_by.unwrap_or_default(),
            region: region.map(Region::code),
            clears_empty: self.empty == "clear",
            label: label.flatten(),
        };
        for (column, why) in choices.problems(definitions) {
            self.errors.add(&column.map_or("row".into(), |index| format!("column.{index}")), why);
        }
        if self.errors.is_empty() { Ok(choices) } else { Err(self) }
    }
}

/// How the file is read.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct FormatForm {
    pub encoding: String,
    pub delimiter: String,
    pub header: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for FormatForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl FormatForm {
    /// The format as it was, with what was chosen.
    pub fn validate(self, old: &Format) -> Option<Format> {
        let encoding = match self.encoding.as_str() {
            "" => old.encoding.clone(),
            label => ENCODINGS.iter().find(|(known, _)| *known == label)?.0.to_owned(),
        };
        let delimiter = match self.delimiter.as_str() {
            "" => old.delimiter,
            word => Some(DELIMITERS.iter().find(|(_, known)| *known == word)?.0),
        };
        let has_header = match self.header.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => old.has_header,
        };
        Some(Format { encoding, delimiter, has_header, ..old.clone() })
    }
}

/// A faulty row's cells: `cell.0` and so on.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RowForm {
    #[serde(flatten)]
    pub cells: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for RowForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl RowForm {
    /// As many cells as the file has columns; those that are not in the form stay as they are.
    pub fn cells(&self, width: usize, old: &[&str]) -> Vec<String> {
        let cell = |index: usize| self.cells.get(&format!("cell.{index}")).map(|cell| cell.trim().to_owned());
        let kept = |index: usize| old.get(index).map(|cell| (*cell).to_owned()).unwrap_or_default();
        (0..width).map(|index| cell(index).unwrap_or_else(|| kept(index))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(columns: &[&str]) -> ChoicesForm {
        let rest = columns.iter().enumerate().map(|(index, word)| (format!("column.{index}"), (*word).to_owned()));
        let text = str::to_owned;
        ChoicesForm {
            mode: text("upsert"),
            match_by: text("phone"),
            region: text("de"),
            empty: text("keep"),
            rest: rest.collect(),
            ..ChoicesForm::default()
        }
    }

    #[test]
    fn a_whole_form_becomes_choices() {
        let choices = form(&["full_name", "phone", "ignore"]).validate(3, &[], &[]).unwrap();
        assert_eq!(choices.columns.len(), 3);
        assert_eq!((choices.region.as_deref(), choices.clears_empty, choices.label), (Some("DE"), false, None));
        assert_eq!(ChoicesForm::of(&choices).validate(3, &[], &[]).unwrap(), choices);
    }

    #[test]
    fn what_cannot_be_is_told_where_it_stands() {
        let wrong = ChoicesForm {
            mode: "x".into(),
            region: "XX".into(),
            label: Uuid::nil().to_string(),
            ..form(&["phone", "nonsense"])
        };
        let form_back = wrong.validate(2, &[], &[]).unwrap_err();
        for field in ["mode", "region", "label", "column.1"] {
            assert!(form_back.errors.of(field).is_some(), "{field}");
        }
        let double = form(&["phone", "phone"]).validate(2, &[], &[]).unwrap_err();
        assert!(double.errors.of("column.1").is_some());
        let nobody = form(&["labels"]).validate(1, &[], &[]).unwrap_err();
        assert!(nobody.errors.of("row").is_some());
    }

    #[test]
    fn cells_that_are_not_sent_stay() {
        let sent = RowForm { cells: BTreeMap::from([("cell.1".to_owned(), " b ".to_owned())]), ..RowForm::default() };
        assert_eq!(sent.cells(3, &["a", "x"]), ["a", "b", ""]);
    }
}
