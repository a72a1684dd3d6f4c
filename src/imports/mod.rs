//! Bringing customers in from files: a file is received, read into rows, its columns are given a meaning, the rows are
//! checked, mended by hand where they have to be, and taken over. Each step runs in the background and can be killed at
//! any moment: how far it is stands in the row of the import, written with what was done.

pub mod api;
pub mod applying;
pub mod checking;
pub mod choices;
pub mod columns;
pub mod consents;
pub mod draft;
pub mod faulty;
pub mod file;
pub mod form;
pub mod format;
pub mod guess;
pub mod handlers;
pub mod jobs;
pub mod keys;
pub mod labels;
pub mod model;
pub mod names;
pub mod purging;
pub mod reading;
pub mod receiving;
pub mod record;
pub mod remembered;
pub mod report;
pub mod rows;
pub mod running;
pub mod sample;
pub mod screens;
pub mod steps;
pub mod undoing;
pub mod verdict;
pub mod view;
