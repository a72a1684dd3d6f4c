//! The whole program in process, on a real PostgreSQL.

#![allow(clippy::unwrap_used)]

mod account;
mod api;
mod api_tokens;
mod audit;
mod bad_inputs;
mod calls;
mod cancelled;
mod customer_list;
mod customers;
mod dashboard;
mod database;
mod duplicates;
mod embedded;
mod errors;
mod gdpr;
mod imports;
mod inbox;
mod inbox_rows;
mod jobs;
mod live;
mod load;
mod microsoft;
mod migrations;
mod numbers;
mod operation;
mod passkeys;
mod platform;
mod retention;
mod roles;
mod rotation;
mod routes;
mod security;
mod shop;
mod sign_in;
mod simulator;
mod support;
mod support_access;
mod tasks;
mod teams;
mod tenants;
mod users;
mod waha_client;
mod webhooks;
mod webhooks_property;
