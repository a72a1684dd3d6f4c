//! What was written down about who did what: the log's page, its export, and how long it is kept. Entries are written by
//! `kit::audit`, in the transaction of each change, and nobody changes them.

pub mod export;
pub mod exports;
pub mod form;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod retention;
pub mod screens;
pub mod telling;
pub mod view;
pub mod vocabulary;
