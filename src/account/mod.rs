//! One's own account: what everybody may change for themselves.

pub mod form;
pub mod handlers;
pub mod screens;
pub mod view;
