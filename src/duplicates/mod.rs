//! Records that may be one person: finding them, joining two into one, and taking them apart again.
//!
//! A merge keeps one record and moves everything that points at the other to it; which columns those are is read from
//! the database's catalogue (`moving`), so a table of the future moves, too. Each row's columns are written down before and
//! after. A split puts back what is still as the merge left it; what somebody has changed since stays with the kept one.

pub mod api;
pub mod beside;
pub mod candidates;
pub mod choice;
pub mod form;
pub mod handlers;
pub mod jobs;
pub mod merging;
pub mod model;
pub mod moving;
pub mod pairs;
mod parting;
mod person;
pub mod proof;
pub mod reasons;
mod record;
mod rows;
pub mod scan;
mod scoring;
pub mod screens;
pub mod splitting;
mod strays;
mod threads;
pub mod view;
