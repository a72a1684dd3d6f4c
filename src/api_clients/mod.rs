//! Programs that sign in with address and password: a short-lived access token, and a refresh token that is exchanged for
//! the next pair. A client is a row of `user_sessions`, listed and ended like a browser.

pub mod api;
pub mod form;
pub mod jobs;
pub mod model;
