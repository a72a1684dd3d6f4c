//! Organisations. Platform administrators create them; everything else lives inside one.

pub mod api;
pub mod brief;
pub mod model;
pub mod settings;
