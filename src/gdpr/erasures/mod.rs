//! Erasure (Article 17 of the GDPR): what there is of somebody, its removal piece by piece, and the certificate.
//!
//! An erasure begins with the customer's deletion, so that nobody works with the record any more, and goes on in the
//! background: messages with their files, what the gateway told, the audit log, files that were made of customers, and in
//! one last step everything else. Each piece is a transaction that notes how far it is, so a process that dies loses
//! nothing and does nothing twice. What the person sends from then on is a new customer's.

pub mod files;
pub mod form;
pub mod handlers;
pub mod jobs;
pub mod model;
pub mod preview;
pub mod redaction;
pub mod screens;
mod sql;
pub mod traces;
pub mod view;
pub mod work;
