//! The real program, run as processes of its own and treated badly: killed, cut off, starved, stopped.
//!
//! Every test has a cluster, a WhatsApp simulator and a folder of its own, on 127.0.0.1. What became of messages is read
//! from the simulator, which keeps the truth about deliveries.

#![allow(clippy::unwrap_used)]

mod clients;
mod commands;
mod demo;
mod gateway;
mod kills;
mod outage;
mod pairs;
mod stopping;
mod support;
