//! The entries of conversations: taking them in, sending them out, and following them to the reader.

pub mod automatic;
mod content;
pub mod figures;
pub mod incoming;
pub mod jobs;
pub mod media;
pub mod model;
pub mod outbox;
pub mod sending;
pub mod signals;
pub mod thread;
