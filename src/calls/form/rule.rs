//! The form of a number's rule.

use crate::calls::rules::Rule;
use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

const LONGEST_TEXT: usize = 1000;

/// What becomes of a number's calls.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct RuleForm {
    /// `ring` or `decline`.
    pub answer: String,
    pub text: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for RuleForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl RuleForm {
    pub fn of(rule: &Rule) -> Self {
        let answer = if rule.declines { "decline" } else { "ring" };
        Self { answer: answer.into(), text: rule.text.clone().unwrap_or_default(), errors: Errors::default() }
    }

    /// The text is kept while calls ring, for the day they are declined again.
    pub fn validate(mut self) -> Result<Rule, Self> {
        let text = self.text.trim().replace("\r\n", "\n");
        if text.chars().count() > LONGEST_TEXT {
            self.errors.add("text", "At most 1,000 characters.");
        }
        if !["ring", "decline"].contains(&self.answer.as_str()) {
            self.errors.add("answer", "Choose what becomes of calls.");
        }
        match self.errors.is_empty() {
            true => Ok(Rule { declines: self.answer == "decline", text: Some(text).filter(|text| !text.is_empty()) }),
            false => Err(self),
        }
    }
}
