//! Work that takes longer than a request: imports, exports, changes of many rows. How far it is, stopping it, and what
//! came of it. What is done is each feature's own job; this is what users see of it.

pub mod handlers;
pub mod jobs;
pub mod model;
pub mod screens;
pub mod view;
