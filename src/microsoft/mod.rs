//! Signing in with a Microsoft account: OAuth 2.0 with PKCE against `MICROSOFT_AUTHORITY`, and the links between
//! Microsoft's accounts and users.
//!
//! A person is known by `oid` and `tid` of the ID token, never by an address: a link is made by somebody who is signed
//! in, or who came by an invitation. Signing in asks Microsoft for nothing but who it is; linking also asks for tokens to
//! Microsoft Graph, which are sealed, refreshed with rotation (`tokens`), and never shown.

pub mod arrivals;
pub mod attempt;
pub mod authority;
pub mod form;
pub mod handlers;
pub mod id_token;
pub mod keys;
pub mod model;
pub mod screens;
pub mod tokens;
pub mod trouble;
pub mod view;
pub mod way;
pub mod wire;

pub use authority::{Authority, Microsoft, Registration};
