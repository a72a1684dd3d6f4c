//! The page on which faulty rows are mended.

pub mod view;
