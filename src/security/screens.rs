//! One's own security, the set-up of a second factor, and the organisation's rules and sessions.

pub mod passkeys;

use super::way::Way;
use crate::kit::html::{Area, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};
use passkeys::PasskeyLine;

/// GET /account/security
#[derive(Debug, Default, Template)]
#[template(path = "security/account.html", blocks = ["own_sessions"])]
pub struct Account {
    pub sections: Sections,
    pub way: Way,
    pub current_error: Option<String>,
    pub password_error: Option<String>,
    pub factor: Factor,
    pub passkeys: Vec<PasskeyLine>,
    /// Whether browsers offer passkeys at the desk's address.
    pub has_passkeys: bool,
    pub sessions: Vec<SessionLine>,
    pub status: StatusCode,
}

/// The second factor as the page tells of it.
#[derive(Debug, Default)]
pub struct Factor {
    pub since: Option<When>,
    pub has_app: bool,
    pub passkeys: i64,
    pub codes_left: i64,
    /// The organisation wants one from this role.
    pub is_required: bool,
    /// What is wrong with the proof that was given for changing it.
    pub proof_error: Option<String>,
}

impl Factor {
    /// Whether the app may go: the organisation may want a factor, and this be the last.
    fn may_end(&self) -> bool {
        !self.is_required || self.passkeys > 0
    }

    fn has_few_codes(&self) -> bool {
        self.since.is_some() && self.codes_left < 4
    }
}

/// A signed-in browser.
#[derive(Debug, Default)]
pub struct SessionLine {
    pub id: String,
    /// Whose; empty among one's own.
    pub user: String,
    /// As "Firefox on Linux".
    pub browser: String,
    pub address: String,
    pub signed_in: When,
    pub last_seen: When,
    /// The one that asks.
    pub is_this: bool,
    pub is_pending: bool,
    /// Where its end is asked for; None for those who may not.
    pub end: Option<String>,
}

impl Account {
    fn has_password(&self) -> bool {
        self.way == Way::Password
    }
}

impl Screen for Account {
    fn title(&self) -> String {
        "Security".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "own_sessions").then(|| self.as_own_sessions().render_with_values(values))
    }
}

/// Scanning the secret, and the first code. The same card stands in the frame and in the midst of signing in.
#[derive(Debug, Default, Template)]
#[template(path = "security/set_up.html")]
pub struct SetUp {
    pub sections: Sections,
    pub card: SetUpCard,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct SetUpCard {
    /// An SVG picture as a data: address.
    pub qr: String,
    /// The secret for typing, in groups of four.
    pub secret: String,
    /// Where the first code is sent.
    pub action: &'static str,
    /// Where to go afterwards.
    pub next: String,
    pub code_error: Option<String>,
}

impl Screen for SetUp {
    fn title(&self) -> String {
        "Set up a second factor".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Ten recovery codes, shown this once.
#[derive(Debug, Default, Template)]
#[template(path = "security/codes.html")]
pub struct Codes {
    pub sections: Sections,
    pub codes: Vec<String>,
    pub next: String,
}

impl Screen for Codes {
    fn title(&self) -> String {
        "Recovery codes".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}

/// Settings → Security.
#[derive(Debug, Default, Template)]
#[template(path = "security/rules.html")]
pub struct RulesScreen {
    pub sections: Sections,
    pub session_idle_hours: String,
    pub session_days: String,
    pub idle_error: Option<String>,
    pub days_error: Option<String>,
    pub roles: Vec<RoleBox>,
    pub may_change: bool,
    pub status: StatusCode,
}

#[derive(Debug)]
pub struct RoleBox {
    pub name: &'static str,
    pub label: &'static str,
    pub is_ticked: bool,
}

impl Screen for RulesScreen {
    fn title(&self) -> String {
        "Security".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Settings → Sessions.
#[derive(Debug, Default, Template)]
#[template(path = "security/sessions.html")]
pub struct SessionList {
    pub sections: Sections,
    pub sessions: Vec<SessionLine>,
    /// The address of the page of older ones.
    pub older: Option<String>,
}

impl Screen for SessionList {
    fn title(&self) -> String {
        "Sessions".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}
