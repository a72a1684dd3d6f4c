//! The access log: who has seen whom, and when.

pub mod form;
pub mod handlers;
pub mod model;
pub mod reading;
pub mod screens;
pub mod view;
