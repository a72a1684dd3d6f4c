//! Organisations. Platform administrators create them; everything else lives inside one.

pub mod model;
pub mod settings;
