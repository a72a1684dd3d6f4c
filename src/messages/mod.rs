//! The entries of conversations: taking them in, sending them out, and following them to the reader.

pub mod about;
pub mod attachments;
pub mod automatic;
mod content;
pub mod figures;
pub mod found;
pub mod incoming;
pub mod jobs;
pub mod lost;
pub mod media;
pub mod mentioning;
pub mod model;
pub mod notes;
pub mod outbox;
pub mod sending;
pub mod signals;
pub mod thread;
