//! The order to erase somebody: what becomes of messages, and their name as the proof that it is meant.

use crate::gdpr::cases::model::CaseId;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ErasureForm {
    /// `keep` or `delete`.
    pub messages: String,
    pub name: String,
    /// The request that it answers; may be empty.
    pub case: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ErasureForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl ErasureForm {
    /// Whether messages are kept, and the request. `name` is what has to be typed.
    pub fn validate(mut self, name: &str) -> Result<(bool, Option<CaseId>), Self> {
        let keeps = match self.messages.as_str() {
            "keep" => Some(true),
            "delete" => Some(false),
            _ => None,
        };
        if keeps.is_none() {
            self.errors.add("messages", "Choose what becomes of the messages.");
        }
        if self.name.trim().to_lowercase() != name.to_lowercase() {
            self.errors.add("name", format!("Type {name} to say that you mean it."));
        }
        let case = Some(self.case.trim()).filter(|case| !case.is_empty()).map(str::parse).transpose();
        match (keeps, case, self.errors.is_empty()) {
            (Some(keeps), Ok(case), true) => Ok((keeps, case)),
            _ => Err(self),
        }
    }
}

/// The queries of these pages.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct Look {
    pub case: String,
    pub after: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_typed_and_messages_are_chosen() {
        let form = |messages: &str, name: &str, case: &str| ErasureForm {
            messages: messages.into(),
            name: name.into(),
            case: case.into(),
            errors: Errors::default(),
        };
        assert_eq!(form("keep", " ana alves", "").validate("Ana Alves").unwrap(), (true, None));
        assert!(!form("delete", "Ana Alves", "").validate("Ana Alves").unwrap().0);
        assert!(form("", "Ana Alves", "").validate("Ana Alves").unwrap_err().errors.of("messages").is_some());
        assert!(form("keep", "Ana", "").validate("Ana Alves").unwrap_err().errors.of("name").is_some());
        assert!(form("keep", "Ana Alves", "x").validate("Ana Alves").is_err());
    }
}
