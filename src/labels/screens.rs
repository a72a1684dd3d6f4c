//! Settings → Labels: the list, and the form of one.

use crate::kit::html::{Area, Screen, Sections};
use actix_web::http::StatusCode;
use askama::Template;

/// A label as it looks everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    pub id: String,
    pub name: String,
    /// A name of the palette.
    pub colour: String,
}

#[derive(Debug, Default, Template)]
#[template(path = "labels/index.html")]
pub struct Index {
    pub sections: Sections,
    pub rows: Vec<Row>,
    pub is_deleted: bool,
    pub may_edit: bool,
}

#[derive(Debug, Default)]
pub struct Row {
    pub href: String,
    pub tag: Tag,
    pub description: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Labels".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "labels/show.html")]
pub struct Show {
    pub sections: Sections,
    /// None for a new one.
    pub href: Option<String>,
    pub title: String,
    pub name: String,
    pub description: String,
    pub colours: Vec<Colour>,
    pub may_edit: bool,
    pub is_deleted: bool,
    pub problem: Option<String>,
    pub name_error: Option<String>,
    pub colour_error: Option<String>,
    pub description_error: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Colour {
    pub name: &'static str,
    pub is_chosen: bool,
}

impl Show {
    fn form_action(&self) -> &str {
        self.href.as_deref().unwrap_or("/settings/labels")
    }

    fn has_form(&self) -> bool {
        self.may_edit && !self.is_deleted
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
