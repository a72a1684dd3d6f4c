//! Organisations. Platform administrators create them; everything else lives inside one.

pub mod administration;
pub mod api;
pub mod brief;
pub mod days;
pub mod limits;
pub mod model;
pub mod profile;
pub mod settings;
pub mod view;
