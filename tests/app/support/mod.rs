//! What the tests stand on: a database each, the whole program in process, and the cast.

pub mod app;
pub mod authority;
pub mod cast;
pub mod cluster;
pub mod database;
pub mod http;
pub mod mail;
pub mod queries;
pub mod talk;

pub use app::TestApp;
pub use cast::Who;
pub use http::{Answer, Ask, form, get, post};
