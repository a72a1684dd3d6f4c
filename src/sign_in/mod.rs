//! Getting in and out: address and password, passkey, second factor, one-time links.

pub mod form;
pub mod handlers;
pub mod model;
pub mod refusal;
pub mod screens;
