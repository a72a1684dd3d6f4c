//! What people look for again and again in a list, for themselves or shared with everybody. Any list can have some: they
//! are kept under its word, as the query of its address.

pub mod model;
