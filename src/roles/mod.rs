//! Settings → Roles: the table of roles and permissions, as the code has it.

pub mod handlers;
pub mod screens;
pub mod view;
