//! Customers: their record and what belongs to it.

mod fields;
mod record;
mod silence;
mod states;
