//! Customers by the many, as users see them: the list with its filters, changes of many at once, exports.

pub mod api;
pub mod changing;
pub mod form;
pub mod handlers;
pub mod jobs;
pub mod look;
pub mod reading;
pub mod screens;
pub mod view;
pub mod wish;
