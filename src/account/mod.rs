//! One's own account.

pub mod api;
pub mod handlers;

pub use handlers::update_theme;
