//! Teams: groups of users with a lead, to whom conversations are given.

pub mod form;
pub mod handlers;
pub mod members;
pub mod model;
pub mod screens;
pub mod view;
