//! The GDPR desk: what people ask for by law and until when, what they have agreed to, who was erased, how long customers
//! are kept, whose data must be kept, and who has seen whom.

pub mod accesses;
pub mod cases;
pub mod consents;
pub mod customers;
pub mod erasures;
pub mod holds;
pub mod packages;
pub mod retention;
pub mod screens;
mod view;
