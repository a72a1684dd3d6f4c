//! Threads: who talks with whom over which number, whose they are and in which state, what was done with them, and how
//! far each user has read.

pub mod activities;
pub mod chats;
pub mod drafts;
pub mod filter;
pub mod holders;
pub mod jobs;
pub mod labelling;
pub mod listing;
pub mod many;
pub mod mentions;
pub mod model;
pub mod readers;
mod sql;
pub mod states;
pub mod undoing;
pub mod urgency;
pub mod waiting;
