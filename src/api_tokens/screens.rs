//! Account → API tokens, the form of a new one, and Settings → API tokens.

use crate::kit::html::{Area, Choice, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

/// One's own.
#[derive(Debug, Default, Template)]
#[template(path = "api_tokens/index.html", blocks = ["api_token_list"])]
pub struct Index {
    pub sections: Sections,
    pub tokens: Vec<Row>,
    /// Programs that were signed out because a copy of their refresh token turned up.
    pub alarms: Vec<Alarm>,
    /// The text of a token that was just made: shown this once.
    pub made: Option<Made>,
}

#[derive(Debug)]
pub struct Made {
    pub name: String,
    pub token: String,
    /// How browsers and programs reach us.
    pub address: String,
}

#[derive(Debug)]
pub struct Alarm {
    pub at: When,
    pub client: String,
}

/// A token, never its text.
#[derive(Debug)]
pub struct Row {
    pub id: String,
    pub name: String,
    /// Its last characters.
    pub hint: String,
    pub owner: String,
    /// "Read 3, change 2" is no help: all of them, by noun.
    pub scopes: Vec<String>,
    pub state: Pill,
    pub expires: When,
    pub last_used: Option<When>,
    pub last_used_ip: String,
    pub created: When,
    /// Where the form that revokes it goes; None: this user may not.
    pub revocation: Option<String>,
}

impl Screen for Index {
    fn title(&self) -> String {
        "API tokens".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "api_token_list").then(|| self.as_api_token_list().render_with_values(values))
    }

    fn status(&self) -> StatusCode {
        if self.made.is_some() { StatusCode::CREATED } else { StatusCode::OK }
    }
}

/// The form, as typed.
#[derive(Debug, Default, Template)]
#[template(path = "api_tokens/new.html")]
pub struct New {
    pub sections: Sections,
    pub name: String,
    pub expiries: Vec<Choice>,
    pub expires_on: String,
    pub groups: Vec<Group>,
    pub problem: Option<String>,
    pub name_error: Option<String>,
    pub expires_error: Option<String>,
    pub expires_on_error: Option<String>,
    pub scopes_error: Option<String>,
    pub status: StatusCode,
}

/// The permissions about one noun.
#[derive(Debug)]
pub struct Group {
    pub label: String,
    pub scopes: Vec<Tick>,
}

#[derive(Debug)]
pub struct Tick {
    /// `users:read`
    pub name: &'static str,
    pub meaning: &'static str,
    pub is_ticked: bool,
}

impl Screen for New {
    fn title(&self) -> String {
        "New API token".into()
    }

    fn area(&self) -> Area {
        Area::Elsewhere
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Everybody's at the organisation.
#[derive(Debug, Default, Template)]
#[template(path = "api_tokens/everybody.html", blocks = ["all_api_tokens"])]
pub struct Everybody {
    pub sections: Sections,
    pub tokens: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
    /// Whether this is not the first page.
    pub is_later: bool,
}

impl Screen for Everybody {
    fn title(&self) -> String {
        "API tokens".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "all_api_tokens").then(|| self.as_all_api_tokens().render_with_values(values))
    }
}

/// Told to a user at once when a copy of a program's refresh token turned up.
#[derive(Debug, Template)]
#[template(path = "api_tokens/alarm.html")]
pub struct AlarmToast {
    pub client: String,
}
