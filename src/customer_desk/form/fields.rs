//! What the form of a field of the tenant's own sends.

use crate::customers::attributes::{AttributeKind, Definition};
use crate::customers::fields::FieldData;
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

/// A field of the tenant's own.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct FieldForm {
    pub name: String,
    /// Empty: made from the name.
    pub key: String,
    pub description: String,
    pub kind: String,
    /// One to a line.
    pub choices: String,
    pub is_sensitive: Option<String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for FieldForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl FieldForm {
    pub fn of(field: &Definition) -> Self {
        Self {
            name: field.name.clone(),
            key: field.key.clone(),
            description: field.description.clone().unwrap_or_default(),
            kind: field.kind.word().into(),
            choices: field.choices().join("\n"),
            is_sensitive: field.is_sensitive.then(|| "on".into()),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<FieldData, Self> {
        let errors = &mut self.errors;
        let name = fields::required(errors, "name", &self.name, 100, "Enter a name, as “Customer number”.");
        let description = fields::line(errors, "description", &self.description, 500);
        let key = if self.key.trim().is_empty() { key_of(&name) } else { self.key.trim().to_owned() };
        let is_key = key.len() <= 50
            && key.starts_with(|char: char| char.is_ascii_lowercase())
            && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !is_key && errors.of("name").is_none() {
            errors.add("key", "Enter a short word of a to z, 0 to 9 and _, as customer_number.");
        }
        let kind = AttributeKind::of_word(&self.kind);
        if kind.is_none() {
            errors.add("kind", "Choose one of the list.");
        }
        let choices = choices(errors, &self.choices, kind == Some(AttributeKind::Choice));
        match (kind, errors.is_empty()) {
            (Some(kind), true) => {
                Ok(FieldData { key, name, description, kind, choices, is_sensitive: self.is_sensitive.is_some() })
            }
            _ => Err(self),
        }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

fn choices(errors: &mut Errors, typed: &str, is_choice: bool) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for line in typed.lines().filter(|_| is_choice) {
        if let Some(choice) = fields::line(errors, "choices", line, 100)
            && !known.iter().any(|other| other.to_lowercase() == choice.to_lowercase())
        {
            known.push(choice);
        }
    }
    if is_choice && known.is_empty() {
        errors.add("choices", "Enter what can be chosen, one to a line.");
    }
    if known.len() > 200 {
        errors.add("choices", "At most 200.");
    }
    known
}

/// "Customer number" is `customer_number`; what is not of a to z leaves nothing.
fn key_of(name: &str) -> String {
    let words = name.split(|char: char| !char.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let key: String = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    key.chars().take(50).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_has_a_key_of_its_name() {
        let form = FieldForm { name: "Customer number".into(), kind: "text".into(), ..FieldForm::default() };
        assert_eq!(form.validate().unwrap().key, "customer_number");
        let form = FieldForm { name: "客户".into(), kind: "text".into(), ..FieldForm::default() };
        assert!(form.validate().unwrap_err().errors.of("key").is_some());
        let form = FieldForm { name: "Tier".into(), kind: "choice".into(), ..FieldForm::default() };
        assert!(form.validate().unwrap_err().errors.of("choices").is_some());
    }
}
