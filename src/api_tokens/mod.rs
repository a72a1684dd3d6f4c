//! Personal API tokens: each acts as its user, within the scopes that were chosen for it. Its text is shown once.
//!
//! Whoever has an account has its tokens, at /account/api-tokens, since a token can do no more than they can anyway. The
//! organisation's list at /settings/api-tokens is for those who look after it: they see who has which token, and revoke.

pub mod form;
pub mod handlers;
pub mod model;
pub mod screens;
pub mod view;
