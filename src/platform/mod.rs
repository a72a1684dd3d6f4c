//! For those who look after the whole installation: its health, and the jobs that were given up.

pub mod handlers;
pub mod model;
pub mod screens;
pub mod tenants;
