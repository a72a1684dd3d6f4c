//! What users see of customers: their page with its timeline, the forms, and the tenant's own fields.

pub mod api;
pub mod form;
pub mod handlers;
pub mod record;
pub mod screens;
pub mod timeline;
pub mod view;
