//! Who may do what, to be read.

use crate::kit::html::{Area, Screen, Sections};
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "roles/index.html")]
pub struct Index {
    pub sections: Sections,
    pub roles: Vec<Role>,
    pub groups: Vec<Group>,
}

#[derive(Debug, Default)]
pub struct Role {
    pub label: &'static str,
    pub about: &'static str,
}

/// The permissions about one noun.
#[derive(Debug, Default)]
pub struct Group {
    pub noun: String,
    pub rights: Vec<Right>,
}

#[derive(Debug, Default)]
pub struct Right {
    /// As `users:write`.
    pub name: &'static str,
    pub about: &'static str,
    /// In the order of `roles`.
    pub holders: Vec<Holder>,
}

#[derive(Debug, Default)]
pub struct Holder {
    pub role: &'static str,
    pub may: bool,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Roles".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}
