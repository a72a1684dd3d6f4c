//! The list of legal holds, and their release; they are placed on a customer's page (`customers`).

pub mod handlers;
pub mod screens;
pub mod view;
