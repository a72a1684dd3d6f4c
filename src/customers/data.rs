//! What may stand in a customer's record: the same rules for forms, imports and programs.

use super::attributes::{Definition, Values};
use super::model::CustomerType;
use super::note;
use crate::kit::email::Email;
use crate::kit::fields;
use crate::kit::form::Errors;
use crate::kit::phone::{Phone, Region};
use serde::Serialize;
use std::collections::BTreeMap;

/// A record as typed: empty text is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: String,
    pub company: String,
    pub note: String,
    /// A word of [`CustomerType`]; empty: what the rest makes it, see [`fitting`].
    pub customer_type: String,
    pub locale: String,
    pub time_zone: String,
    pub external_id: String,
    /// By the key of the field.
    pub attributes: BTreeMap<String, String>,
}

/// A record that obeys the rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomerData {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    pub company: Option<String>,
    pub note: Option<String>,
    pub customer_type: CustomerType,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub external_id: Option<String>,
    /// Values of the fields that are not sensitive.
    pub attributes: Values,
    /// Values of the fields that are.
    pub sensitive: Values,
}

/// Reads a record.
///
/// # Errors
/// A sentence per field; those of the tenant's own fields are named `attributes.key`.
pub fn read(typed: &Typed, region: Option<Region>, definitions: &[Definition]) -> Result<CustomerData, Errors> {
    let mut errors = Errors::default();
    let of = |errors: &mut Errors, field, text: &str, most| fields::line(errors, field, text, most);
    let first_name = of(&mut errors, "first_name", &typed.first_name, 100);
    let last_name = of(&mut errors, "last_name", &typed.last_name, 100);
    let company = of(&mut errors, "company", &typed.company, 200);
    let external_id = of(&mut errors, "external_id", &typed.external_id, 255);
    let phone = optional(&mut errors, "phone", &typed.phone, |text| Phone::parse(text, region));
    let email = optional(&mut errors, "email", &typed.email, Email::parse);
    let note = text(&mut errors, "note", &typed.note);
    let locale = fields::locale(&mut errors, typed.locale.trim());
    let time_zone = fields::time_zone(&mut errors, &typed.time_zone);
    let (attributes, sensitive) = values(&mut errors, &typed.attributes, definitions);
    let is_somebody = first_name.is_some() || last_name.is_some() || phone.is_some() || email.is_some();
    let customer_type = customer_type(&mut errors, &typed.customer_type, is_somebody, &phone, &email);
    let data = CustomerData {
        first_name,
        last_name,
        phone,
        email,
        company,
        note,
        customer_type,
        locale,
        time_zone,
        external_id,
        attributes,
        sensitive,
    };
    if errors.is_empty() { Ok(data) } else { Err(errors) }
}

fn optional<T>(
    errors: &mut Errors,
    field: &str,
    typed: &str,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Option<T> {
    if typed.trim().is_empty() {
        return None;
    }
    parse(typed).map_err(|why| errors.add(field, why)).ok()
}

/// Several lines of text.
fn text(errors: &mut Errors, field: &str, typed: &str) -> Option<String> {
    let text = typed.trim().replace("\r\n", "\n");
    if text.chars().count() > note::MOST {
        errors.add(field, format!("At most {} characters.", note::MOST));
    }
    Some(text).filter(|text| !text.is_empty())
}

fn customer_type(
    errors: &mut Errors,
    word: &str,
    is_somebody: bool,
    phone: &Option<Phone>,
    email: &Option<Email>,
) -> CustomerType {
    let kind = match word.trim() {
        "" => fitting(phone.is_some(), email.is_some()),
        word => CustomerType::of_word(word).unwrap_or_else(|| {
            errors.add("customer_type", "Choose one of the list.");
            CustomerType::Unregistered
        }),
    };
    if !is_somebody && kind != CustomerType::Anonymous && errors.of("phone").is_none() && errors.of("email").is_none() {
        errors.add("first_name", "Enter a name, a phone number or an email address.");
    }
    if kind == CustomerType::Regular {
        if phone.is_none() {
            errors.add("phone", "A regular customer needs a phone number.");
        }
        if email.is_none() {
            errors.add("email", "A regular customer needs an email address.");
        }
    }
    kind
}

/// The type of somebody of whom nobody said one: regular with both addresses, else unregistered.
pub fn fitting(has_phone: bool, has_email: bool) -> CustomerType {
    if has_phone && has_email { CustomerType::Regular } else { CustomerType::Unregistered }
}

/// (open values, sensitive ones)
fn values(errors: &mut Errors, typed: &BTreeMap<String, String>, definitions: &[Definition]) -> (Values, Values) {
    let (mut open, mut sensitive) = (Values::new(), Values::new());
    for (key, text) in typed {
        let Some(definition) = definitions.iter().find(|definition| definition.key == *key) else {
            errors.add(&format!("attributes.{key}"), "There is no such field.");
            continue;
        };
        match definition.parse(text) {
            Ok(Some(value)) => drop(
                if definition.is_sensitive { &mut sensitive } else { &mut open }.insert(definition.key.clone(), value),
            ),
            Ok(None) => {}
            Err(why) => errors.add(&format!("attributes.{key}"), why),
        }
    }
    (open, sensitive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(first_name: &str, phone: &str, email: &str, customer_type: &str) -> Typed {
        let text = str::to_owned;
        Typed {
            first_name: text(first_name),
            phone: text(phone),
            email: text(email),
            customer_type: text(customer_type),
            ..Typed::default()
        }
    }

    #[test]
    fn a_customer_is_somebody() {
        let errors = read(&Typed::default(), None, &[]).unwrap_err();
        assert_eq!(errors.of("first_name"), Some("Enter a name, a phone number or an email address."));
        assert!(read(&typed("", "", "", "anonymous"), None, &[]).is_ok());
        for one in [typed("Ana", "", "", ""), typed("", "+4915123456789", "", ""), typed("", "", "a@b.test", "")] {
            assert_eq!(read(&one, None, &[]).unwrap().customer_type, CustomerType::Unregistered);
        }
    }

    #[test]
    fn a_regular_customer_can_be_reached_by_phone_and_email() {
        let errors = read(&typed("Ana", "", "", "regular"), None, &[]).unwrap_err();
        assert!(errors.of("phone").is_some() && errors.of("email").is_some());
        let data = read(&typed("Ana", "0151 23456789", "Ana@Example.org", "regular"), Region::of("DE"), &[]).unwrap();
        assert_eq!(data.phone.unwrap().digits(), "4915123456789");
        assert_eq!(data.email.unwrap().as_str(), "ana@example.org");
    }

    #[test]
    fn every_field_is_told_what_is_wrong_with_it() {
        let mut wrong = typed(&"x".repeat(101), "12", "nobody", "royal");
        (wrong.locale, wrong.time_zone) = ("xx".into(), "Mars/Base".into());
        wrong.attributes.insert("no_such".into(), "1".into());
        let errors = read(&wrong, None, &[]).unwrap_err();
        for field in ["first_name", "phone", "email", "customer_type", "locale", "time_zone", "attributes.no_such"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }
}
