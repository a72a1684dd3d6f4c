//! What the desk says and does about one customer: restriction, holds, their requests.

pub mod form;
pub mod handlers;
pub mod model;
pub mod screens;
pub mod view;
