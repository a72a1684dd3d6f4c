//! One's own account.

pub mod handlers;

pub use handlers::update_theme;
