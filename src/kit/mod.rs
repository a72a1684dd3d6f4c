//! What every feature is made from. Knows no feature.

pub mod db;
pub mod error;
pub mod ids;
pub mod tenant;
