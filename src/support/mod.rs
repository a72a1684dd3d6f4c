//! Support access: an organisation lets the platform's administrators in for some hours, to read and to change nothing;
//! both sides see it, both can end it, and all of it is in the organisation's log.

pub mod form;
pub mod handlers;
pub mod model;
pub mod screens;
mod view;
