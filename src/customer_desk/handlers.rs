//! `/customers` and what belongs to them, a file per part.

pub mod customer_fields;
pub mod record;
