//! The people outside, with whom the tenant talks: their record, their addresses, their states, and how they are met.
//! What users see of them is `customer_desk`.

pub mod addresses;
pub mod attributes;
pub mod bulk;
pub mod changes;
pub mod columns;
pub mod consent;
pub mod counts;
pub mod data;
pub mod erased;
pub mod fields;
pub mod filter;
mod fitting;
pub mod holds;
pub mod labels;
pub mod listing;
pub mod meeting;
pub mod model;
pub mod note;
pub mod reads;
pub mod restriction;
pub mod states;
mod told;
pub mod types;
