//! `/events`: what changes elsewhere, told to the signed-in browser.

pub mod handlers;

pub use handlers::index;
