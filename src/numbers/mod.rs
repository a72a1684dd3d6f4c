//! WhatsApp numbers: pairing them, keeping them running, and talking to the gateway that carries them.

pub mod form;
pub mod gateway;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod reports;
pub mod screens;
pub mod view;
pub mod waha;
