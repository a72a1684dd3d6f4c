//! What surrounds a screen: who is signed in, where they may go, which colours. Plain data, filled by `kit::access`.

use super::parts::When;
use actix_web::{HttpMessage, HttpRequest};

/// Put into the request's extensions by `kit::access` when it has recognised the user, so that error pages keep their
/// frame; without it the page is shown as to a stranger.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    pub user: Option<FrameUser>,
    /// Sent back by every form as `csrf_token`, by htmx as the header X-CSRF-Token.
    pub csrf: String,
    pub request_id: String,
    /// Where the page's stream of events begins: `live::Hub::now` before anything was read.
    pub live: String,
}

#[derive(Debug, Clone)]
pub struct FrameUser {
    pub id: String,
    pub name: String,
    /// Two letters at most.
    pub initials: String,
    pub email: String,
    /// In words, as "Tenant administrator".
    pub role: &'static str,
    /// The tenant's name; "Platform" for platform administrators.
    pub tenant: String,
    pub theme: Theme,
    /// The rail, top to bottom; only what this user may open.
    pub nav: Vec<NavItem>,
    /// Whether the rail shows the numbers' health.
    pub watches_numbers: bool,
    /// Until when a platform administrator may stay inside this tenant; None for its own users.
    pub visit_until: Option<When>,
}

#[derive(Debug, Clone)]
pub struct NavItem {
    pub area: Area,
    pub label: &'static str,
    /// A name listed in templates/ui/icon.html.
    pub icon: &'static str,
    pub href: &'static str,
    /// Pressed after `g` to go there; also shown in the list of keys.
    pub key: char,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    Dashboard,
    Inbox,
    Search,
    Customers,
    Campaigns,
    Workflows,
    Calls,
    Reports,
    Settings,
    Platform,
    /// A page outside the rail: sign-in, an error.
    Elsewhere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }
}

/// In the request's extensions, set by the outermost middleware.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl Frame {
    /// What is known about the request so far; at worst a stranger's frame.
    pub fn of(req: &HttpRequest) -> Self {
        let extensions = req.extensions();
        let request_id = extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
        let known = extensions.get::<Self>().cloned().unwrap_or_default();
        Self { request_id, ..known }
    }

    /// What the page is coloured in; strangers get their system's choice.
    pub fn theme(&self) -> Theme {
        self.user.as_ref().map(|user| user.theme).unwrap_or_default()
    }
}
