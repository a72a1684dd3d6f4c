//! People with an account: their role, their password, their preferences.

pub mod model;
pub mod password;
pub mod people;
