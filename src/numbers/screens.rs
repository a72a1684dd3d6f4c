//! Settings → Numbers: the cards, the form for a new number, and the numbers' health in the rail.

mod pairing;

pub use pairing::{Pairing, Step};

use crate::kit::html::{Area, Choice, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "numbers/index.html", blocks = ["number_cards"])]
pub struct Index {
    pub sections: Sections,
    pub cards: Vec<Card>,
    pub may_add: bool,
}

/// One number. Actions that make no sense in its state, or that this user may not take, are false.
#[derive(Debug, Default)]
pub struct Card {
    pub id: String,
    pub name: String,
    /// International; None until it is paired.
    pub phone: Option<String>,
    /// One of eight, as in the inbox.
    pub colour: u8,
    /// What WAHA reports.
    pub state: Pill,
    /// "Should be running, but WAHA reports stopped." Only while wanted and reported state differ.
    pub difference: Option<String>,
    /// WAHA's error, in words.
    pub error: Option<String>,
    pub engine: String,
    /// WAHA's name for it.
    pub external_session_id: String,
    /// "Default gateway", or the host of the tenant's own.
    pub gateway: String,
    /// The last event of any kind.
    pub last_heard: Option<When>,
    /// The last time a message of ours was acknowledged.
    pub last_ack: Option<When>,
    pub can_pair: bool,
    pub can_start: bool,
    pub can_stop: bool,
    pub can_restart: bool,
    pub can_log_out: bool,
    pub can_delete: bool,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Numbers".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "number_cards").then(|| self.as_number_cards().render_with_values(values))
    }
}

/// The form for a new number, as typed. The API key is never sent back.
#[derive(Debug, Default, Template)]
#[template(path = "numbers/new.html")]
pub struct New {
    pub sections: Sections,
    pub name: String,
    pub external_session_id: String,
    pub engines: Vec<Choice>,
    pub waha_url: String,
    /// Whether this installation has a default gateway; without one the tenant's own is asked for.
    pub has_default_gateway: bool,
    pub problem: Option<String>,
    pub name_error: Option<String>,
    pub external_session_id_error: Option<String>,
    pub engine_error: Option<String>,
    pub waha_url_error: Option<String>,
    pub waha_api_key_error: Option<String>,
    pub status: StatusCode,
}

impl New {
    /// Whether the part for an own gateway stands open.
    fn shows_gateway(&self) -> bool {
        let wrong = self.waha_url_error.is_some() || self.waha_api_key_error.is_some();
        wrong || !self.has_default_gateway || !self.waha_url.is_empty()
    }
}

impl Screen for New {
    fn title(&self) -> String {
        "New number".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// What the rail shows of all numbers together: GET /settings/numbers/health.
#[derive(Debug, Default, Template)]
#[template(path = "numbers/health.html")]
pub struct Health {
    /// The worst number's tone, and in words how many work: "2 of 3 numbers working".
    pub summary: Pill,
}
