//! Consents: the ledger of who agreed to what over which channel, or took it back, and how we know.

pub mod api;
pub mod form;
pub mod handlers;
pub mod ledger;
pub mod model;
pub mod screens;
pub mod view;
