//! For whoever runs the program: is it alive, is it ready.

pub mod handlers;

pub use handlers::{healthz, readyz};
