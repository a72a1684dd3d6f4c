//! What lets a newcomer try the house without a phone or a gateway.

pub mod data;
pub mod load;
pub mod shop;
pub mod simulator;
mod stories;
