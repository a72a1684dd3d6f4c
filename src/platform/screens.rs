//! Platform → Health: process, database, jobs, webhooks and gateways on one page.

use crate::kit::html::{Area, Fact, Pill, Screen, Stat, When};
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "platform/health.html", blocks = ["health"])]
pub struct Health {
    /// Jobs waiting, running, given up; webhooks not yet worked off.
    pub stats: Vec<Stat>,
    /// Version, running for, memory, live line.
    pub process: Vec<Fact>,
    /// Connections in use and idle, turns free.
    pub database: Vec<Fact>,
    /// Stored in a day, waiting, oldest waiting.
    pub webhooks: Vec<Fact>,
    pub gateways: Vec<GatewayLine>,
    /// Jobs given up after their last try, newest first.
    pub dead_letters: Vec<DeadLetter>,
}

#[derive(Debug, Default)]
pub struct GatewayLine {
    /// Without key or password.
    pub url: String,
    pub state: Pill,
    /// WAHA's version and engine; empty while unknown.
    pub version: String,
    pub numbers: String,
    /// As "38 ms".
    pub latency: String,
    pub error: Option<String>,
}

#[derive(Debug, Default)]
pub struct DeadLetter {
    pub id: String,
    /// The job's name.
    pub task: String,
    pub tenant: String,
    pub error: String,
    pub tries: String,
    pub failed_at: When,
}

impl Screen for Health {
    fn title(&self) -> String {
        "Health".into()
    }

    fn area(&self) -> Area {
        Area::Platform
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "health").then(|| self.as_health().render_with_values(values))
    }
}
