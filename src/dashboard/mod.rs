//! `/`: what needs doing now; for platform administrators, how the installation is.

pub mod handlers;
pub mod model;
pub mod screens;
