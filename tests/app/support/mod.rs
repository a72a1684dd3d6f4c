//! What the tests stand on: a database each, the whole program in process, and the cast.

pub mod app;
pub mod authenticator;
pub mod authority;
pub mod bad_inputs;
pub mod cast;
pub mod cluster;
pub mod contract;
pub mod database;
mod desk;
pub mod http;
pub mod mail;
pub mod owner;
mod programs;
pub mod queries;
pub mod talk;
pub mod waiting;

pub use app::TestApp;
pub use cast::Who;
pub use http::{Answer, Ask, delete, form, get, post};
