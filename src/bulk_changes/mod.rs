//! One change made to many customers: what became of each, and taking it back. Up to [`model::AT_ONCE`] are changed while
//! one waits, more in the background, so many at a time.

mod apply;
pub mod jobs;
pub mod model;
pub mod report;
mod undo;
pub mod work;
