//! Settings → Organisation: what an organisation says of itself and decides for itself, and its limits with their use.

pub mod form;
pub mod handlers;
pub mod screens;
mod view;
