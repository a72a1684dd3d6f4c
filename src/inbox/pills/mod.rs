//! The pills in a thread's header: whose a conversation is, its state, how urgent it is, its labels. Each opens a menu,
//! which is a page of its own where there is no JavaScript.

pub mod form;
pub mod handlers;
pub mod model;
pub mod screens;
pub mod view;
