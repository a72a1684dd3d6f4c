//! Pills and their menus.

use crate::kit::html::{Area, Avatar, Screen, Tone};
use crate::labels::screens::Tag;
use actix_web::http::StatusCode;
use askama::{Template, Values};

/// A pill in the header.
#[derive(Debug, Default)]
pub struct PillButton {
    /// None: this user only reads.
    pub href: Option<String>,
    pub key: char,
    pub icon: &'static str,
    pub label: String,
    /// On hover: what it says, and what pressing it does.
    pub hint: String,
    pub tone: Tone,
    /// The first labels, in the pill of these; `label` then counts the others.
    pub tags: Vec<Tag>,
}

/// A menu, as a page or over one.
#[derive(Debug, Default, Template)]
#[template(path = "inbox/pills/menu.html", blocks = ["pill_menu"])]
pub struct Menu {
    /// The conversation's title.
    pub conversation: String,
    pub back_href: String,
    pub heading: &'static str,
    pub key: char,
    pub action: String,
    /// What was there when the menu was made; sent along, so that nobody is overrun.
    pub seen: Option<String>,
    /// What is looked for; None where there is little to choose from.
    pub search: Option<&'static str>,
    pub groups: Vec<Group>,
    /// Where there are no groups.
    pub nothing: &'static str,
    /// A day and a time may be typed.
    pub moment: Option<Moment>,
    pub problem: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Group {
    pub label: String,
    pub options: Vec<Item>,
}

#[derive(Debug, Default)]
pub struct Item {
    /// The field's.
    pub name: &'static str,
    pub value: String,
    pub label: String,
    pub detail: String,
    pub icon: &'static str,
    pub avatar: Option<Avatar>,
    pub tag: Option<Tag>,
    pub is_current: bool,
    /// Where it goes instead of the form's own address.
    pub action: Option<String>,
}

#[derive(Debug, Default)]
pub struct Moment {
    pub date: String,
    pub time: String,
    pub today: String,
    pub zone: String,
    pub is_wrong: bool,
}

impl Screen for Menu {
    fn title(&self) -> String {
        format!("{} · {}", self.heading, self.conversation)
    }

    fn area(&self) -> Area {
        Area::Inbox
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "pill_menu").then(|| self.as_pill_menu().render_with_values(values))
    }
}
