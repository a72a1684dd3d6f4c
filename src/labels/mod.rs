//! Words that a tenant sticks to customers and conversations: Settings → Labels.

pub mod form;
pub mod handlers;
pub mod model;
pub mod screens;
pub mod view;
