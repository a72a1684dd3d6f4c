//! Settings → Customer fields.

use crate::kit::html::{Area, Choice, Screen, Sections, status_of_form};
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "customers/fields.html")]
pub struct FieldIndex {
    pub sections: Sections,
    pub rows: Vec<FieldRow>,
    pub is_deleted: bool,
    pub may_edit: bool,
}

#[derive(Debug, Default)]
pub struct FieldRow {
    pub href: String,
    pub name: String,
    /// "Choice · tier · sensitive".
    pub detail: String,
    pub is_first: bool,
    pub is_last: bool,
}

impl Screen for FieldIndex {
    fn title(&self) -> String {
        "Customer fields".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "customers/field.html")]
pub struct FieldShow {
    pub sections: Sections,
    /// None for a new one.
    pub href: Option<String>,
    pub title: String,
    pub name: String,
    pub key: String,
    pub description: String,
    pub choices: String,
    pub kinds: Vec<Choice>,
    /// In words, where it is decided.
    pub kind: String,
    pub has_choices: bool,
    pub is_sensitive: bool,
    pub may_edit: bool,
    pub is_deleted: bool,
    /// Field and message.
    pub errors: Vec<(String, String)>,
}

impl FieldShow {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, why)| why.as_str())
    }

    fn form_action(&self) -> &str {
        self.href.as_deref().unwrap_or("/settings/customer-fields")
    }

    fn has_form(&self) -> bool {
        self.may_edit && !self.is_deleted
    }
}

impl Screen for FieldShow {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}
