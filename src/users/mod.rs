//! People with an account: their role, their password, their preferences.

pub mod links;
pub mod model;
pub mod password;
