//! What every feature is made from. Knows no feature.

// Who asks, and what they may do.
pub mod access;
pub mod agent;
pub mod client_address;
pub mod csrf;
pub mod nav;
pub mod sessions;
pub mod settings;
pub mod tenant;
pub mod thumbnail;
pub mod tokens;

// What a request is read from and answered with.
pub mod archive;
pub mod assets;
pub mod body;
pub mod email;
pub mod error;
pub mod fields;
pub mod form;
pub mod headers;
pub mod html;
pub mod json;
pub mod locales;
pub mod masks;
pub mod page;
pub mod phone;
pub mod problem;
pub mod public_url;
pub mod rate;
pub mod sheet;
pub mod trace;
pub mod upload;
pub mod words;

// What is kept.
pub mod actor;
pub mod audit;
pub mod db;
pub mod embedded;
pub mod enums;
pub mod ids;
pub mod prepared;
pub mod secret;
pub mod sniff;
pub mod storage;
pub mod vault;

// What happens later, elsewhere, or live.
pub mod http;
pub mod jobs;
mod line;
pub mod live;
pub mod mail;
