//! What the audit log is told of a customer's record.

use super::changes::{Columns, Record};
use super::model::CustomerType;
use serde::Serialize;
use serde_json::Value;

/// What the audit log says of a record: what is sealed is named by its length only.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    company: Option<&'a str>,
    customer_type: CustomerType,
    locale: Option<&'a str>,
    time_zone: Option<&'a str>,
    external_id: Option<&'a str>,
    attributes: &'a Value,
}

impl<'a> Told<'a> {
    pub(super) fn before(record: &'a Record) -> Self {
        Self {
            first_name: record.first_name.as_deref(),
            last_name: record.last_name.as_deref(),
            phone: record.phone.as_deref(),
            email: record.email.as_deref(),
            company: record.company.as_deref(),
            customer_type: record.customer_type,
            locale: record.locale.as_deref(),
            time_zone: record.time_zone.as_deref(),
            external_id: record.external_id.as_deref(),
            attributes: &record.attributes,
        }
    }

    pub(super) fn after(columns: &'a Columns) -> Self {
        Self {
            first_name: columns.first_name.as_deref(),
            last_name: columns.last_name.as_deref(),
            phone: columns.phone.as_deref(),
            email: columns.email.as_deref(),
            company: columns.company.as_deref(),
            customer_type: columns.customer_type,
            locale: columns.locale.as_deref(),
            time_zone: columns.time_zone.as_deref(),
            external_id: columns.external_id.as_deref(),
            attributes: &columns.attributes,
        }
    }
}
