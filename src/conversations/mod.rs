//! Threads: who talks with whom over which number, in which state, and how far each user has read.

pub mod chats;
pub mod drafts;
pub mod listing;
pub mod mentions;
pub mod model;
pub mod readers;
pub mod states;
pub mod waiting;
