//! Getting in and out: address and password, one-time links, and what slows down guessing.

pub mod form;
pub mod handlers;
pub mod model;
pub mod refusal;
pub mod screens;
pub mod throttle;
