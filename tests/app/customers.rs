//! Customers: their record and what belongs to it.

mod drawer;
mod fields;
mod record;
mod silence;
mod states;
mod timeline;
