//! Passkeys (WebAuthn): a key on somebody's device signs a challenge of ours, after the device has made sure who holds it.
//!
//! That is two factors at once, so a passkey stands for the password and the second factor, or is the second factor after
//! a password. Challenges are kept here and not in the browser, and each is answered once.

pub mod ceremonies;
pub mod form;
pub mod making;
pub mod model;
pub mod party;
pub mod proof;

pub use party::Passkeys;
