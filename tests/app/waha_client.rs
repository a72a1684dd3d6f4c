//! The client of the gateway against gateways that answer well, badly, late and not at all.

mod calls;
mod faults;
mod files;
mod sends;
mod stub;
