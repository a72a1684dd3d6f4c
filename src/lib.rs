//! Reading order: `routes` (every URL), then the room it names.

// What every feature is made from.
pub mod kit;
pub use schema;
