//! The people outside, with whom the tenant talks, and their addresses.

pub mod model;
pub mod reads;
