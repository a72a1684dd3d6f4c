//! What the forms around the list send.

use crate::bulk_changes::model::{BulkChangeId, Change};
use crate::customer_exports::sheets::Format;
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::look::LONGEST;

const PICK: &str = "pick.";

/// A change of many: of those that are picked, or of everybody whom the list shows.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// Made with the page, so that a form sent twice is one change.
    pub id: String,
    /// The list's.
    pub query: String,
    /// A word of [`change_word`].
    pub change: String,
    pub everyone: String,
    pub confirmed: String,
    /// `pick.` and the customer's id.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for BulkForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl BulkForm {
    pub fn picks(&self) -> Vec<CustomerId> {
        picks(&self.rest)
    }

    /// # Errors
    /// The form with the message that its page shows.
    pub fn validate(mut self) -> Result<(BulkChangeId, Change, Self), Self> {
        let (id, change) = (self.id.parse().ok(), change(&self.change));
        if self.everyone.is_empty() && self.picks().is_empty() {
            self.errors.add("", "Tick the customers that you want to change.");
        }
        if change.is_none() {
            self.errors.add("", "Choose what is to be done with these customers.");
        }
        match (id, change) {
            (Some(id), Some(change)) if self.errors.is_empty() => Ok((id, change, self)),
            (None, _) => {
                self.errors.add("", "This page is out of date. Please try again.");
                Err(self)
            }
            _ => Err(self),
        }
    }
}

fn picks(rest: &BTreeMap<String, String>) -> Vec<CustomerId> {
    rest.keys().filter_map(|name| name.strip_prefix(PICK)?.parse().ok()).collect()
}

fn change(word: &str) -> Option<Change> {
    let (what, with) = word.split_once(':')?;
    match what {
        "add_label" => Some(Change::AddLabel(with.parse().ok()?)),
        "remove_label" => Some(Change::RemoveLabel(with.parse().ok()?)),
        "set_type" => CustomerType::of_word(with).map(Change::SetType),
        "set_state" => {
            CustomerState::of_word(with).filter(|state| *state != CustomerState::Erased).map(Change::SetState)
        }
        _ => None,
    }
}

pub fn change_word(change: Change) -> String {
    match change {
        Change::AddLabel(label) => format!("add_label:{label}"),
        Change::RemoveLabel(label) => format!("remove_label:{label}"),
        Change::SetType(wanted) => format!("set_type:{}", wanted.word()),
        Change::SetState(state) => format!("set_state:{}", state.word()),
    }
}

/// Which columns one wants.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ColumnsForm {
    pub query: String,
    /// `column.` and its word.
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ColumnsForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ColumnsForm {
    pub fn words(&self) -> Vec<String> {
        let words = self.rest.keys().filter_map(|name| name.strip_prefix("column."));
        words.take(150).map(|word| word.chars().take(100).collect()).collect()
    }
}

/// A filter that is to be kept.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct SaveForm {
    pub query: String,
    pub name: String,
    pub shared: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for SaveForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl SaveForm {
    /// (its name, the canonical query)
    pub fn validate(mut self) -> Result<(String, String, bool), Self> {
        let name = fields::required(&mut self.errors, "name", &self.name, 100, "Give the filter a name.");
        let query = super::look::Look::parse(&self.query).query();
        if query.len() > LONGEST {
            self.errors.add("name", "This filter is too long to be saved.");
        }
        if self.errors.is_empty() { Ok((name, query, !self.shared.is_empty())) } else { Err(self) }
    }

    pub fn name_taken(mut self) -> Self {
        self.errors.add("name", "You have a filter of this name.");
        self
    }

    pub fn wrong(mut self, why: String) -> Self {
        self.errors.add("name", why);
        self
    }
}

/// Whom to take out: those that are picked, else everybody whom the list shows.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ExportForm {
    pub query: String,
    pub format: String,
    pub everyone: String,
    #[serde(flatten)]
    pub rest: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ExportForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ExportForm {
    pub fn format(&self) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.word() == self.format)
    }

    pub fn picks(&self) -> Option<Vec<CustomerId>> {
        let picks = picks(&self.rest);
        (self.everyone.is_empty() && !picks.is_empty()).then_some(picks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_survives_its_word() {
        use crate::labels::model::LabelId;
        let label = LabelId::new();
        let types = CustomerType::ALL.iter().map(|word| Change::SetType(*word));
        let states = [CustomerState::Active, CustomerState::Deleted].map(Change::SetState);
        for one in types.chain(states).chain([Change::AddLabel(label), Change::RemoveLabel(label)]) {
            assert_eq!(change(&change_word(one)), Some(one));
        }
        for wrong in ["", "set_state:erased", "set_type:royal", "add_label:x", "explode:now"] {
            assert_eq!(change(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn whoever_is_picked_is_named() {
        let id = CustomerId::new();
        let rest = BTreeMap::from([(format!("pick.{id}"), "on".to_owned()), ("pick.x".into(), "on".into())]);
        assert_eq!(picks(&rest), [id]);
    }
}
