//! Platform → Tenants: who is on this installation, with which limits, and what may be done about it.

pub mod form;
pub mod handlers;
pub mod model;
pub mod query;
pub mod screens;
mod view;
