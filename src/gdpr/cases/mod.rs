//! Requests: what people ask for by the GDPR, as cases with a day until which they must be answered.

pub mod form;
pub mod handlers;
pub mod history;
pub mod model;
pub mod people;
pub mod reading;
pub mod screens;
pub mod steps;
pub mod view;
