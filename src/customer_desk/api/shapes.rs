//! Customers as programs send and get them.

use crate::customer_desk::form::CustomerForm;
use crate::customers::attributes::{Values, typed};
use crate::customers::changes::Record;
use crate::customers::model::{CustomerId, CustomerState, CustomerType};
use crate::customers::note::Opened;
use crate::kit::error::Result;
use crate::kit::json::{nullable, refused};
use crate::kit::{masks, words};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A person outside. Callers without `customers:read_addresses` see no address and no number whole, wherever it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Customer {
    #[schema(value_type = uuid::Uuid)]
    id: CustomerId,
    #[schema(example = "Ana")]
    first_name: Option<String>,
    #[schema(example = "Alves")]
    last_name: Option<String>,
    /// What they call themselves on WhatsApp.
    display_name: Option<String>,
    /// Digits with country code.
    #[schema(example = "351912345678")]
    phone: Option<String>,
    #[schema(example = "ana@example.org")]
    email: Option<String>,
    company: Option<String>,
    #[serde(rename = "type")]
    customer_type: CustomerType,
    state: CustomerState,
    locale: Option<String>,
    time_zone: Option<String>,
    external_id: Option<String>,
    /// Only where one customer is shown.
    note: Option<String>,
    /// Values of the organisation's own fields by their key; sensitive ones only where one customer is shown.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    attributes: Values,
    last_seen_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    deleted_at: Option<DateTime<Utc>>,
    /// The customer that this deleted one turned out to be.
    #[schema(value_type = Option<uuid::Uuid>)]
    merged_into: Option<CustomerId>,
}

impl Customer {
    pub fn of(record: Record, opened: Option<&Opened>, sees_all: bool) -> Self {
        let mut attributes = record.values();
        if let Some(opened) = opened.filter(|_| sees_all) {
            attributes.extend(opened.sensitive.clone());
        }
        let masked = |value, mask| masks::unless(sees_all, value, mask);
        let words = |value| masks::unless(sees_all, value, masks::masked_text);
        Self {
            id: record.id,
            phone: masked(record.phone, words::masked_phone),
            email: masked(record.email, words::masked_email),
            note: words(opened.and_then(|opened| opened.note.clone())),
            attributes: if sees_all {
                attributes
            } else {
                attributes.into_iter().map(|(key, value)| (key, masks::masked(value))).collect()
            },
            first_name: words(record.first_name),
            last_name: words(record.last_name),
            display_name: words(record.display_name),
            company: words(record.company),
            customer_type: record.customer_type,
            state: record.state,
            locale: record.locale,
            time_zone: record.time_zone,
            external_id: words(record.external_id),
            last_seen_at: record.last_seen_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
            deleted_at: record.deleted_at,
            merged_into: record.merged_into_id,
        }
    }
}

/// A customer who is to be made: at least a name, a phone number or an email address.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewCustomer {
    #[schema(example = "Ana", max_length = 100)]
    first_name: Option<String>,
    #[schema(example = "Alves", max_length = 100)]
    last_name: Option<String>,
    /// In any notation; without country code it is dialled from the organisation's region.
    #[schema(example = "+351 912 345 678")]
    phone: Option<String>,
    #[schema(example = "ana@example.org", max_length = 255)]
    email: Option<String>,
    #[schema(max_length = 200)]
    company: Option<String>,
    #[schema(max_length = 10000)]
    note: Option<String>,
    /// `regular` (needs phone and email), `unregistered`, `new` or `anonymous`; null: what fits.
    #[schema(example = "regular")]
    r#type: Option<String>,
    #[schema(example = "pt")]
    locale: Option<String>,
    #[schema(example = "Europe/Lisbon")]
    time_zone: Option<String>,
    #[schema(max_length = 255)]
    external_id: Option<String>,
    /// Values of the organisation's own fields by their key.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    attributes: Map<String, Value>,
}

impl NewCustomer {
    pub fn form(self) -> CustomerForm {
        let text = Option::unwrap_or_default;
        CustomerForm {
            first_name: text(self.first_name),
            last_name: text(self.last_name),
            phone: text(self.phone),
            email: text(self.email),
            company: text(self.company),
            note: text(self.note),
            customer_type: text(self.r#type),
            locale: text(self.locale),
            time_zone: text(self.time_zone),
            external_id: text(self.external_id),
            more: self.attributes.iter().map(|(key, value)| (format!("attributes.{key}"), typed(value))).collect(),
            ..CustomerForm::default()
        }
    }
}

/// What is to be changed; what is absent stays, and null takes away.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerChange {
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    first_name: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    last_name: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    phone: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    company: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    note: Option<Option<String>>,
    r#type: Option<String>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    locale: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
    #[serde(deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    external_id: Option<Option<String>>,
    /// By key; null takes a value away, what is not named stays.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    attributes: Map<String, Value>,
    /// `active`, `suspended`, `archived` or `deleted`.
    state: Option<String>,
    /// Why the state changes.
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

impl CustomerChange {
    /// Where they are to go.
    pub fn state(&self) -> Result<Option<CustomerState>> {
        let state = self.state.as_deref().map(CustomerState::of_word);
        if self.reason.as_ref().is_some_and(|reason| reason.chars().count() > 500) {
            return Err(refused("reason", "A reason has at most 500 characters."));
        }
        match state {
            Some(None | Some(CustomerState::Erased)) => Err(refused("state", "There is no such state.")),
            state => Ok(state.flatten()),
        }
    }

    /// Whether more than the state is to be changed.
    pub fn touches_record(&self) -> bool {
        let texts = [
            &self.first_name,
            &self.last_name,
            &self.phone,
            &self.email,
            &self.company,
            &self.note,
            &self.locale,
            &self.time_zone,
            &self.external_id,
        ];
        texts.iter().any(|text| text.is_some()) || self.r#type.is_some() || !self.attributes.is_empty()
    }

    /// The record's form with the changes in it.
    pub fn apply(self, mut form: CustomerForm) -> CustomerForm {
        let put = |field: &mut String, value: Option<Option<String>>| {
            if let Some(value) = value {
                *field = value.unwrap_or_default();
            }
        };
        put(&mut form.first_name, self.first_name);
        put(&mut form.last_name, self.last_name);
        put(&mut form.phone, self.phone);
        put(&mut form.email, self.email);
        put(&mut form.company, self.company);
        put(&mut form.note, self.note);
        put(&mut form.customer_type, self.r#type.map(Some));
        put(&mut form.locale, self.locale);
        put(&mut form.time_zone, self.time_zone);
        put(&mut form.external_id, self.external_id);
        form.more.extend(self.attributes.iter().map(|(key, value)| (format!("attributes.{key}"), typed(value))));
        form
    }
}
