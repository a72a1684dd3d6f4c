//! One's own passkeys: a new one in two steps, and one with its name and its end.

use super::super::way::Way;
use crate::kit::html::{Area, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::Template;

/// As the list shows it.
#[derive(Debug, Default)]
pub struct PasskeyLine {
    pub href: String,
    pub name: String,
    pub since: When,
    pub last_used: Option<When>,
}

/// GET /account/passkeys/new
#[derive(Debug, Default, Template)]
#[template(path = "security/passkeys/new.html")]
pub struct NewPasskey {
    pub sections: Sections,
    /// Whether browsers offer passkeys at the desk's address.
    pub is_possible: bool,
    pub way: Way,
    /// As typed.
    pub name: String,
    pub name_error: Option<String>,
    pub problem: Option<String>,
    pub status: StatusCode,
}

/// The step at the device.
#[derive(Debug, Default, Template)]
#[template(path = "security/passkeys/creation.html")]
pub struct Creation {
    pub sections: Sections,
    pub name: String,
    /// What the browser asks the device for, as JSON.
    pub options: String,
}

/// GET /account/passkeys/{passkey}
#[derive(Debug, Default, Template)]
#[template(path = "security/passkeys/show.html")]
pub struct Show {
    pub sections: Sections,
    pub passkey: PasskeyLine,
    pub way: Way,
    /// The name as typed; None for what it is.
    pub typed: Option<String>,
    pub name_error: Option<String>,
    /// Why it could not be removed.
    pub problem: Option<String>,
    pub status: StatusCode,
}

impl Screen for NewPasskey {
    fn title(&self) -> String {
        "Add a passkey".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Screen for Creation {
    fn title(&self) -> String {
        "Add a passkey".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        self.passkey.name.clone()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
