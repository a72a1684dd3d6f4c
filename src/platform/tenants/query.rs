//! Where one looks in the list of tenants, and what is typed to delete one.

use super::model::{Filter, State};
use crate::kit::form::{Errors, Typed};
use crate::kit::page::TextCursor;
use serde::Deserialize;

/// The query of the list.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    pub q: String,
    pub state: String,
    pub after: String,
}

impl Look {
    pub fn filter(&self) -> Filter {
        let state = match self.state.as_str() {
            "active" => State::Active,
            "inactive" => State::Inactive,
            "deleted" => State::Deleted,
            _ => State::Living,
        };
        Filter { words: self.q.replace('\0', "").trim().chars().take(100).collect(), state }
    }

    pub fn after(&self) -> Option<TextCursor> {
        TextCursor::parse(&self.after)
    }
}

/// What is to be typed before a tenant is deleted.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct DeletionForm {
    pub name: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for DeletionForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}
