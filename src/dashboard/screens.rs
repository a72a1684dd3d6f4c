//! The dashboard of a tenant's users, and that of platform administrators.

use crate::kit::html::{Area, Avatar, Pill, Screen, Stat, Tone, When};
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "dashboard/index.html", blocks = ["dashboard"])]
pub struct Dashboard {
    /// "Good afternoon, Ada".
    pub greeting: String,
    /// "Saturday, 21 November".
    pub day: String,
    /// Open, waiting for an answer, longest wait, today's messages in and out.
    pub stats: Vec<Stat>,
    pub numbers: Vec<NumberLine>,
    /// Who has been waiting longest, a handful.
    pub waiting: Vec<WaitingLine>,
    /// Whether this user may go and connect a number when there is none.
    pub may_pair: bool,
    /// Limits that are nearly used, for those who look after the organisation.
    pub warnings: Vec<Warning>,
}

#[derive(Debug, Default)]
pub struct NumberLine {
    pub name: String,
    pub phone: String,
    pub colour: u8,
    pub state: Pill,
    pub last_heard: Option<When>,
}

#[derive(Debug, Default)]
pub struct WaitingLine {
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    pub preview: String,
    /// As "1 h 12 min".
    pub waiting: String,
    pub tone: Tone,
}

impl Screen for Dashboard {
    fn title(&self) -> String {
        "Dashboard".into()
    }

    fn area(&self) -> Area {
        Area::Dashboard
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "dashboard").then(|| self.as_dashboard().render_with_values(values))
    }
}

/// For platform administrators, who see figures of the installation and no tenant's messages.
#[derive(Debug, Default, Template)]
#[template(path = "dashboard/platform.html")]
pub struct PlatformDashboard {
    pub greeting: String,
    pub day: String,
    /// Tenants, users, numbers working, messages today.
    pub stats: Vec<Stat>,
    /// What needs looking at, each with the page that shows it; empty when all is well.
    pub warnings: Vec<Warning>,
}

#[derive(Debug, Default)]
pub struct Warning {
    pub text: String,
    pub tone: Tone,
    pub href: String,
}

impl Screen for PlatformDashboard {
    fn title(&self) -> String {
        "Dashboard".into()
    }

    fn area(&self) -> Area {
        Area::Dashboard
    }
}
