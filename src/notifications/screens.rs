//! The bell and the page of notifications.

use crate::kit::html::{Area, Screen, When};
use askama::{Template, Values};

/// One of them.
#[derive(Debug, Default)]
pub struct Line {
    /// Leads on to what it is about.
    pub href: String,
    pub is_unread: bool,
    /// Where it is marked as read; None once it is, and in the bell.
    pub reading: Option<String>,
    pub icon: &'static str,
    pub tone: &'static str,
    pub text: String,
    /// What is done about it.
    pub detail: &'static str,
    pub when: When,
}

#[derive(Debug, Default, Template)]
#[template(path = "notifications/bell.html")]
pub struct Bell {
    pub unread: i32,
    pub badge: Option<String>,
    /// "3 unread notifications"
    pub label: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Default, Template)]
#[template(path = "notifications/index.html", blocks = ["notification_list"])]
pub struct Index {
    pub user: String,
    pub is_unread: bool,
    pub badge: Option<String>,
    pub lines: Vec<Line>,
    pub older_href: Option<String>,
    pub refresh_href: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Notifications".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "notification_list").then(|| self.as_notification_list().render_with_values(values))
    }
}
