//! Why a program's request failed, as RFC 9457 has it: a type of its own, words for people, members for programs.

use super::form::Errors;
use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};
use std::fmt;

/// What `type` says where the status says it all.
pub const BLANK: &str = "about:blank";

/// One refused field or parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// A JSON pointer as a fragment: `#/email`.
    pub pointer: String,
    pub detail: String,
}

#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    /// A word that programs compare; never changes.
    pub kind: &'static str,
    pub detail: String,
    /// Further members of the JSON object.
    pub members: Map<String, Value>,
}

impl Problem {
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), members: Map::new() }
    }

    pub fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// 422: understood, and refused field by field.
    pub fn rejected(errors: impl IntoIterator<Item = Refused>) -> Self {
        let item = |refused: Refused| json!({ "pointer": refused.pointer, "detail": refused.detail });
        let errors: Vec<Value> = errors.into_iter().map(item).collect();
        let detail = match errors.len() {
            1 => "One value is not possible; nothing was changed.".to_owned(),
            count => format!("{count} values are not possible; nothing was changed."),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_values", detail).with("errors", errors)
    }

    /// The same of one field.
    pub fn refused(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::rejected([Refused { pointer: pointer.into(), detail: detail.into() }])
    }

    /// What a form says about its fields, said of a body's members.
    pub fn of_form(errors: &Errors) -> Self {
        Self::rejected(
            errors.iter().map(|(field, message)| Refused { pointer: format!("#/{field}"), detail: message.to_owned() }),
        )
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}
