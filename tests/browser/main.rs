//! The desk as people use it: real Chromium, the whole program, virtual phones. Run with `--features browser`.

#![allow(clippy::unwrap_used)]

mod accessibility;
mod accounts;
mod answers;
mod connection;
mod customers;
mod duplicates;
mod imports;
mod inbox;
mod keys;
mod main_job;
mod microsoft;
mod numbers;
mod passkeys;
mod privacy;
mod support;
mod without_script;
