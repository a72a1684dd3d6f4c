//! Calls: what WhatsApp tells of them, and what people write down by hand; missed ones wait until somebody calls back.
//! WhatsApp tells that a call rings, is taken or refused, in any order and not always to the end, so a call's state is
//! made of what was told ([`told`]), and one of which nothing more is heard is closed by a job.

pub mod api;
pub mod callbacks;
pub mod export;
pub mod form;
pub mod handlers;
pub mod incoming;
pub mod jobs;
pub mod listing;
pub mod logging;
pub mod model;
pub mod parties;
pub mod rules;
pub mod screens;
mod telling;
pub mod told;
pub mod view;
