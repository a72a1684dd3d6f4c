//! Customers taken out as files for spreadsheets: few at once, many in the background, and written down in any case.

pub mod cells;
pub mod jobs;
pub mod model;
pub mod sheets;
