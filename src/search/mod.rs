//! One box over everything that was said and everybody who is known: `/search`. It has no tables of its own.
pub mod asked;
pub mod form;
pub mod handlers;
pub mod marks;
pub mod model;
pub mod screens;
pub mod view;
