//! What the forms on the way to Microsoft and back send.

use crate::kit::form::{Errors, Typed};
use serde::Deserialize;

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct StartForm {
    /// Where to go afterwards.
    pub next: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for StartForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// Which organisation, by the id of the link that leads there.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct ChoiceForm {
    pub link: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for ChoiceForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

/// What Microsoft puts into the address of our callback.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Back {
    pub state: String,
    pub code: String,
    pub error: String,
}
