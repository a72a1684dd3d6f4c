//! What the forms for numbers send.

use super::model::{EngineName, NumberData};
use crate::kit::fields;
use crate::kit::form::{Errors, Typed};
use crate::kit::secret::Secret;
use serde::Deserialize;

/// The form of a new number.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct NumberForm {
    pub name: String,
    pub external_session_id: String,
    pub engine: String,
    pub waha_url: String,
    pub waha_api_key: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for NumberForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl NumberForm {
    /// With `needs_gateway` the tenant has to name its own, since there is no default one.
    pub fn validate(mut self, needs_gateway: bool) -> Result<NumberData, Self> {
        let missing = "Enter a name, such as the team that answers here.";
        let name = fields::required(&mut self.errors, "name", &self.name, 100, missing);
        let external_session_id = self.external_session_id.trim().to_owned();
        let is_session_name = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        if external_session_id.is_empty() || external_session_id.len() > 255 || !is_session_name(&external_session_id) {
            let message = "Use letters, digits, hyphens and underscores only, 255 at most.";
            self.errors.add("external_session_id", message);
        }
        let engine = EngineName::of_word(&self.engine);
        if engine.is_none() {
            self.errors.add("engine", "Choose the engine that your gateway runs.");
        }
        let waha_url = Some(self.waha_url.trim().to_owned()).filter(|url| !url.is_empty());
        match &waha_url {
            Some(url) => {
                if let Err(cause) = crate::kit::http::checked_url(url) {
                    self.errors.add("waha_url", cause.to_string());
                }
            }
            None if needs_gateway => self.errors.add("waha_url", "Enter the address of your WAHA gateway."),
            None if !self.waha_api_key.is_empty() => {
                self.errors.add("waha_url", "Enter the address that this key is for.");
            }
            None => {}
        }
        let waha_api_key = Some(self.waha_api_key.clone()).filter(|key| !key.is_empty()).map(Secret::new);
        match (engine, self.errors.is_empty()) {
            (Some(engine), true) => Ok(NumberData { name, external_session_id, engine, waha_url, waha_api_key }),
            _ => Err(self),
        }
    }

    pub fn session_taken(mut self) -> Self {
        self.errors.add("external_session_id", "Another number of yours has this session name.");
        self
    }
}

/// The phone that shall get a pairing code.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct PhoneForm {
    pub phone: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for PhoneForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl PhoneForm {
    /// The digits, with country code.
    pub fn validate(mut self) -> Result<String, Self> {
        let digits: String = self.phone.chars().filter(char::is_ascii_digit).collect();
        let is_international = phonenumber::parse(None, format!("+{digits}")).is_ok_and(|number| number.is_valid());
        if !is_international {
            self.errors.add("phone", "Enter the number with its country code, as +49 1512 3456789.");
        }
        if self.errors.is_empty() { Ok(digits) } else { Err(self) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> NumberForm {
        NumberForm {
            name: " Service ".into(),
            external_session_id: "acme-service".into(),
            engine: "NOWEB".into(),
            ..NumberForm::default()
        }
    }

    #[test]
    fn a_whole_form_becomes_data() {
        let data = form().validate(false).unwrap();
        assert_eq!((data.name.as_str(), data.engine), ("Service", EngineName::Noweb));
    }

    #[test]
    fn every_field_is_checked() {
        let bad = NumberForm {
            name: "x".repeat(101),
            external_session_id: "a b".into(),
            engine: "X".into(),
            waha_url: "ftp://gateway".into(),
            ..NumberForm::default()
        };
        let form = bad.validate(false).unwrap_err();
        for field in ["name", "external_session_id", "engine", "waha_url"] {
            assert!(form.errors.of(field).is_some(), "{field}");
        }
        assert!(form.validate(true).is_err());
        assert!(super::tests::form().validate(true).unwrap_err().errors.of("waha_url").is_some());
    }

    #[test]
    fn a_pairing_phone_has_a_country_code() {
        let of = |phone: &str| PhoneForm { phone: phone.into(), ..PhoneForm::default() }.validate();
        assert_eq!(of("+49 1512 3456789").unwrap(), "4915123456789");
        assert!(of("01512").is_err());
        assert!(of("").is_err());
    }
}
