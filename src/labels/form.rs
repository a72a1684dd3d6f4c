//! What the form of a label sends.

use super::model::{COLOURS, Label, LabelData};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct LabelForm {
    pub name: String,
    pub colour: String,
    pub description: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for LabelForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl LabelForm {
    pub fn of(label: &Label) -> Self {
        Self {
            name: label.name.clone(),
            colour: label.colour.clone(),
            description: label.description.clone().unwrap_or_default(),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<LabelData, Self> {
        let errors = &mut self.errors;
        let name = fields::required(errors, "name", &self.name, 50, "Enter a name, as “VIP” or “Complaint”.");
        let description = fields::line(errors, "description", &self.description, 200);
        let colour = if self.colour.is_empty() { COLOURS[0].to_owned() } else { self.colour.clone() };
        if !COLOURS.contains(&colour.as_str()) {
            errors.add("colour", "Choose one of these colours.");
        }
        if errors.is_empty() { Ok(LabelData { name, colour, description }) } else { Err(self) }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_a_name_and_a_colour_of_the_palette() {
        let form = LabelForm { name: " VIP ".into(), ..LabelForm::default() };
        assert_eq!(
            form.validate().unwrap(),
            LabelData { name: "VIP".into(), colour: "grey".into(), description: None }
        );
        let form = LabelForm { colour: "plaid".into(), ..LabelForm::default() }.validate().unwrap_err();
        assert!(form.errors.of("name").is_some() && form.errors.of("colour").is_some());
    }
}
