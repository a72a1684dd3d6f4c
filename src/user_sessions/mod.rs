//! Where somebody is signed in: browsers and API clients, seen and ended alike.

pub mod api;
pub mod model;
