//! What WAHA tells us: checked, stored, taken in, and only then answered. Nothing that was answered with 200 is lost,
//! and however often or in whatever order events come, the rows they leave are the same.

mod effects;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod routes;
