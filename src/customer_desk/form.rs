//! What the forms of a customer send.

mod fields;

pub use fields::FieldForm;

use crate::customers::attributes::{Definition, typed};
use crate::customers::changes::Record;
use crate::customers::data::{self, CustomerData, Typed as Raw};
use crate::customers::model::{CustomerState, IdentityKind};
use crate::customers::note::Opened;
use crate::kit::email::Email;
use crate::kit::fields as kit;
use crate::kit::form::{Errors, Typed};
use crate::kit::phone::{Phone, Region};
use crate::kit::words;
use crate::labels::model::LabelId;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The record: the tenant's own fields come as `attributes.<key>`, labels as `label.<id>`.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct CustomerForm {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: String,
    pub company: String,
    pub note: String,
    pub customer_type: String,
    pub locale: String,
    pub time_zone: String,
    pub external_id: String,
    /// When the record that was edited had last changed, in microseconds.
    pub seen: String,
    #[serde(flatten)]
    pub more: BTreeMap<String, String>,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for CustomerForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl CustomerForm {
    /// The record as it stands.
    pub fn of(record: &Record, opened: &Opened) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let values = record.values().into_iter().chain(opened.sensitive.clone());
        Self {
            first_name: text(&record.first_name),
            last_name: text(&record.last_name),
            phone: record.phone.as_deref().map(words::phone).unwrap_or_default(),
            email: text(&record.email),
            company: text(&record.company),
            note: text(&opened.note),
            customer_type: record.customer_type.word().into(),
            locale: text(&record.locale),
            time_zone: text(&record.time_zone),
            external_id: text(&record.external_id),
            seen: record.updated_at.timestamp_micros().to_string(),
            more: values.map(|(key, value)| (format!("attributes.{key}"), typed(&value))).collect(),
            errors: Errors::default(),
        }
    }

    pub fn attribute(&self, key: &str) -> &str {
        self.more.get(&format!("attributes.{key}")).map(String::as_str).unwrap_or_default()
    }

    pub fn has_label(&self, label: &str) -> bool {
        self.more.contains_key(&format!("label.{label}"))
    }

    /// The labels that are ticked; what is no id is none.
    pub fn labels(&self) -> Vec<LabelId> {
        self.more.keys().filter_map(|name| name.strip_prefix("label.")?.parse().ok()).collect()
    }

    pub fn seen(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp_micros(self.seen.parse().ok()?)
    }

    pub fn validate(mut self, region: Option<Region>, definitions: &[Definition]) -> Result<CustomerData, Self> {
        let attribute = |(name, value): (&String, &String)| {
            name.strip_prefix("attributes.").map(|key| (key.to_owned(), value.clone()))
        };
        let raw = Raw {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            company: self.company.clone(),
            note: self.note.clone(),
            customer_type: self.customer_type.clone(),
            locale: self.locale.clone(),
            time_zone: self.time_zone.clone(),
            external_id: self.external_id.clone(),
            attributes: self.more.iter().filter_map(attribute).collect(),
        };
        match data::read(&raw, region, definitions) {
            Ok(data) if self.errors.is_empty() => Ok(data),
            Ok(_) => Err(self),
            Err(errors) => {
                errors.iter().for_each(|(field, why)| self.errors.add(field, why));
                Err(self)
            }
        }
    }

    pub fn wrong(mut self, field: &str, message: impl Into<String>) -> Self {
        self.errors.add(field, message);
        self
    }

    /// What the database refused, beside its field; None when it is no matter of a field.
    pub fn taken(self, index: &str) -> Option<Self> {
        let (field, what) = match index {
            "customers_phone_taken" => ("phone", "Another customer has this phone number."),
            "customers_email_taken" => ("email", "Another customer has this email address."),
            "customers_external_id_taken" => ("external_id", "Another customer has this id."),
            "customer_identities_taken" => ("", "Another customer is known by this phone number or email address."),
            _ => return None,
        };
        Some(self.wrong(field, what))
    }
}

/// A step to another state.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct StateForm {
    pub state: String,
    pub reason: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for StateForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl StateForm {
    pub fn validate(mut self) -> Result<(CustomerState, Option<String>), Self> {
        let reason = kit::line(&mut self.errors, "reason", &self.reason, 500);
        let state = CustomerState::of_word(&self.state).filter(|state| *state != CustomerState::Erased);
        match (state, self.errors.is_empty()) {
            (Some(state), true) => Ok((state, reason)),
            (Some(_), false) => Err(self),
            (None, _) => {
                self.errors.add("state", "Choose one of the list.");
                Err(self)
            }
        }
    }
}

/// One more address of a customer.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub struct AddressForm {
    /// A phone number or an email address.
    pub address: String,
    #[serde(skip)]
    pub errors: Errors,
}

impl Typed for AddressForm {
    fn errors(&mut self) -> &mut Errors {
        &mut self.errors
    }
}

impl AddressForm {
    pub fn validate(mut self, region: Option<Region>) -> Result<(IdentityKind, String), Self> {
        let read = match self.address.contains('@') {
            true => Email::parse(&self.address).map(|email| (IdentityKind::Email, email.into_string())),
            false => Phone::parse(&self.address, region).map(|phone| (IdentityKind::Phone, phone.into_digits())),
        };
        match read {
            Ok(read) if self.errors.is_empty() => Ok(read),
            Ok(_) => Err(self),
            Err(why) => {
                self.errors.add("address", why);
                Err(self)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::form::parse;

    #[test]
    fn ticked_boxes_are_labels_and_dotted_names_are_fields() {
        let label = LabelId::new();
        let form: CustomerForm =
            parse(format!("first_name=Ana&label.{label}=on&label.x=on&attributes.tier=Gold").as_bytes()).unwrap();
        assert_eq!(form.labels(), [label]);
        assert_eq!(form.attribute("tier"), "Gold");
        assert!(form.has_label(&label.to_string()));
    }

    #[test]
    fn an_address_is_a_phone_or_an_email() {
        let of = |address: &str| AddressForm { address: address.into(), ..AddressForm::default() }.validate(None);
        assert_eq!(of("Ana@Example.org").unwrap(), (IdentityKind::Email, "ana@example.org".into()));
        assert_eq!(of("+49 1512 3456789").unwrap(), (IdentityKind::Phone, "4915123456789".into()));
        assert!(of("nobody").is_err());
    }
}
