//! What keeps an account its owner's: password, second factor, passkeys, sessions, and the organisation's rules for them.

pub mod api;
pub mod codes;
pub mod factors;
pub mod form;
pub mod handlers;
pub mod jobs;
pub mod organisation;
pub mod passkeys;
pub mod rotation;
pub mod screens;
pub mod sessions;
pub mod throttle;
pub mod view;
pub mod way;
