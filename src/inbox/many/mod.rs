//! One change of many conversations: rows that are ticked in the list, what shall become of them, and what came of it.

pub mod form;
pub mod handlers;
pub mod screens;
pub mod view;
