//! What the browser sends of a passkey. A device's answer comes as JSON, from static/js/passkeys.js.

use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::security::form::ProofForm;
use serde::Deserialize;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

/// What its owner calls a passkey, with the proof that a new one needs.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct NameForm {
    pub name: String,
    password: String,
    code: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for NameForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl NameForm {
    pub fn validate(mut self) -> Result<(String, ProofForm), Self> {
        let missing = "Enter a name that you will know the device by, as “Laptop”.";
        let name = fields::required(&mut self.errors, "name", &self.name, 60, missing);
        match self.errors.is_empty() {
            true => Ok((name, ProofForm { password: self.password, code: self.code, ..ProofForm::default() })),
            false => Err(self),
        }
    }
}

#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct AnswerForm {
    credential: String,
    /// "on" when the browser is to keep the session.
    pub stay: String,
    /// Where to go afterwards.
    pub next: String,
    #[serde(skip)]
    errors: Errors,
}

impl Typed for AnswerForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl AnswerForm {
    /// To a challenge to make a passkey.
    pub fn made(&self) -> Option<RegisterPublicKeyCredential> {
        serde_json::from_str(&self.credential).ok()
    }

    /// To a challenge to use one.
    pub fn used(&self) -> Option<PublicKeyCredential> {
        serde_json::from_str(&self.credential).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_sixty_characters() {
        let form = |name: &str| NameForm { name: name.into(), ..NameForm::default() }.validate();
        assert_eq!(form(" Laptop ").unwrap().0, "Laptop");
        assert!(form(&"ü".repeat(60)).is_ok());
        for bad in ["", " ", "a\nb", &"x".repeat(61), "\u{202E}potpaL"] {
            assert!(form(bad).unwrap_err().errors.of("name").is_some(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for text in ["", "null", "{}", "[1]", "{\"id\":\"\\u0000\"}", "nonsense"] {
            let form = AnswerForm { credential: text.into(), ..AnswerForm::default() };
            assert!(form.made().is_none() && form.used().is_none(), "{text}");
        }
    }
}
