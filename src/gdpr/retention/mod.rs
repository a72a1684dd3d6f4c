//! Retention: rules that say what becomes of customers with whom there was no contact for so long, a look at whom they
//! would meet, and the job that applies them each night.

pub mod form;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod runs;
pub mod screens;
pub mod view;
pub mod whom;
