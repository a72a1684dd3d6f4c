//! Reading order: `routes` (every URL), then the room it names.

// What every feature is made from.
pub mod kit;
pub use schema;

// The features. ARCHITECTURE.md lists which uses which.
pub mod account;
pub mod api_clients;
pub mod api_tokens;
pub mod audit;
pub mod bulk_changes;
pub mod calls;
pub mod conversations;
pub mod customer_desk;
pub mod customer_exports;
pub mod customer_list;
pub mod customers;
pub mod dashboard;
pub mod duplicates;
pub mod events;
pub mod gdpr;
pub mod imports;
pub mod inbox;
pub mod labels;
pub mod messages;
pub mod microsoft;
pub mod notifications;
pub mod numbers;
pub mod operation;
pub mod organisation;
pub mod platform;
pub mod roles;
pub mod saved_filters;
pub mod search;
pub mod security;
pub mod sign_in;
pub mod support;
pub mod tasks;
pub mod teams;
pub mod tenants;
pub mod users;
pub mod webhooks;

// What a newcomer tries the house with.
pub mod demo;

// The assembly: with `routes` the only modules that know every feature.
pub mod app;
pub mod cli;
pub mod config;
pub mod migrations;
pub mod openapi;
pub mod routes;
pub mod server;
pub mod worker;
