//! A rule as typed.

use super::model::{Action, RuleData};
use super::whom;
use crate::customers::model::{CustomerState, CustomerType};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    pub name: String,
    pub action: String,
    /// Empty, here and below: any.
    pub customer_type: String,
    pub state: String,
    pub label: String,
    pub idle_days: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for RuleForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

const CHOOSE: &str = "Choose one of the list.";

impl RuleForm {
    pub fn of(data: &RuleData) -> Self {
        Self {
            name: data.name.clone(),
            action: data.action.word().into(),
            customer_type: data.customer_type.map(CustomerType::word).unwrap_or_default().into(),
            state: data.state.map(CustomerState::word).unwrap_or_default().into(),
            label: data.label_id.map(|id| id.to_string()).unwrap_or_default(),
            idle_days: data.idle_days.to_string(),
            errors: Errors::default(),
        }
    }

    pub fn validate(mut self) -> Result<RuleData, Self> {
        let errors = &mut self.errors;
        let name = fields::required(errors, "name", &self.name, 100, "Give the rule a name, as “Forgotten leads”.");
        let action = Action::of_word(&self.action);
        if action.is_none() {
            errors.add("action", "Choose what becomes of them.");
        }
        let customer_type = any(errors, "customer_type", &self.customer_type, CustomerType::of_word);
        let state = any(errors, "state", &self.state, CustomerState::of_word);
        let label_id = any(errors, "label", &self.label, |text| text.parse().ok());
        let idle_days = self.idle_days.trim().parse().ok().filter(|days| (1..=36_500).contains(days));
        if idle_days.is_none() {
            errors.add("idle_days", "Enter a whole number of days from 1 to 36500.");
        }
        match (action, idle_days) {
            (Some(action), Some(idle_days)) if self.errors.is_empty() => {
                let data = RuleData { name, action, customer_type, state, label_id, idle_days };
                match whom::is_possible(&data) {
                    true => Ok(data),
                    false => Err(self.wrong("state", "Nobody goes there from this state.")),
                }
            }
            _ => Err(self),
        }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }
}

/// None for nothing; what cannot be read is marked.
fn any<T>(errors: &mut Errors, field: &str, typed: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    if typed.is_empty() {
        return None;
    }
    let found = read(typed);
    if found.is_none() {
        errors.add(field, CHOOSE);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> RuleForm {
        RuleForm {
            name: "Forgotten leads".into(),
            action: "archive".into(),
            idle_days: "365".into(),
            ..RuleForm::default()
        }
    }

    #[test]
    fn a_rule_is_read_and_shown_again_as_typed() {
        let data = RuleForm { customer_type: "new".into(), state: "active".into(), ..form() }.validate().unwrap();
        assert_eq!(RuleForm::of(&data).validate().unwrap(), data);
        assert_eq!((data.idle_days, data.customer_type), (365, Some(CustomerType::New)));
    }

    #[test]
    fn every_field_is_checked() {
        let bad = RuleForm { customer_type: "x".into(), state: "x".into(), label: "x".into(), ..RuleForm::default() };
        let errors = bad.validate().unwrap_err().errors;
        for field in ["name", "action", "customer_type", "state", "label", "idle_days"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        for days in ["0", "-1", "36501", "1.5", "many"] {
            assert!(RuleForm { idle_days: days.into(), ..form() }.validate().is_err(), "{days}");
        }
        let archived = RuleForm { state: "archived".into(), ..form() };
        assert!(archived.validate().unwrap_err().errors.of("state").is_some(), "it stands there already");
    }
}
