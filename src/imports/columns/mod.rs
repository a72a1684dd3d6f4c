//! The page on which columns get their meaning.

pub mod view;
