//! One message, in the drawer or on a page of its own.

use crate::inbox::text::Piece;
use crate::kit::html::{Area, DRAWER, Screen, When};
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "inbox/message.html", blocks = ["drawer_body"])]
pub struct AboutMessage {
    pub back_href: String,
    pub is_note: bool,
    pub facts: Vec<Fact>,
    /// What it said before it was edited, the latest first.
    pub earlier: Vec<Wording>,
    /// What the gateway told, for those who look after the organisation.
    pub payload: Option<String>,
}

/// A moment, or words.
#[derive(Debug, Default)]
pub struct Fact {
    pub label: &'static str,
    pub when: When,
    pub text: String,
}

#[derive(Debug, Default)]
pub struct Wording {
    pub text: Vec<Piece>,
    pub when: When,
}

impl Screen for AboutMessage {
    fn title(&self) -> String {
        if self.is_note { "About this note".into() } else { "About this message".into() }
    }

    fn area(&self) -> Area {
        Area::Inbox
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == DRAWER).then(|| self.as_drawer_body().render_with_values(values))
    }
}
