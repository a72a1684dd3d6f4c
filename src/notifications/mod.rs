//! What users are told of: a bell with what is new, and a page with all of it. A notification names a row of another
//! room; its words are read with the reader's rights whenever it is shown, so it never tells what they may not know.

pub mod form;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod reading;
pub mod screens;
pub mod view;
