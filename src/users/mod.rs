//! People with an account: their role, their password, their preferences.

pub mod changes;
pub mod directory;
pub mod export;
pub mod form;
pub mod handlers;
pub mod invitations;
pub mod links;
pub mod model;
pub mod password;
pub mod people;
pub mod preferences;
pub mod profile;
pub mod screens;
pub mod view;
