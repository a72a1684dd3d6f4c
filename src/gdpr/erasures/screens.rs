//! Before an erasure, while it goes on, and its certificate.

use crate::gdpr::screens::{CustomerHead, Pages};
use crate::kit::form::Errors;
use crate::kit::html::{Area, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/erasures/new.html")]
pub struct New {
    pub head: CustomerHead,
    pub lines: Vec<CountLine>,
    pub group_messages: i64,
    pub made_files: i64,
    pub is_held: bool,
    /// What has to be typed.
    pub name_to_type: String,
    pub messages: String,
    pub name: String,
    pub case: String,
    pub problem: Option<String>,
    pub errors: Errors,
    pub status: StatusCode,
}

/// Rows of a table.
#[derive(Debug, Default)]
pub struct CountLine {
    pub label: String,
    pub count: String,
    pub about: &'static str,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/erasures/show.html", blocks = ["erasure"])]
pub struct Show {
    pub sections: Sections,
    pub id: String,
    pub organisation: String,
    pub is_done: bool,
    pub stage: &'static str,
    pub task_href: Option<String>,
    pub case_href: Option<String>,
    pub customer_id: String,
    pub keeps_messages: bool,
    pub by: String,
    pub asked: When,
    pub done: Option<When>,
    pub lines: Vec<CountLine>,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/erasures/index.html")]
pub struct Index {
    pub sections: Sections,
    pub rows: Vec<Row>,
    pub pages: Pages,
}

#[derive(Debug, Default)]
pub struct Row {
    pub href: String,
    pub customer_id: String,
    pub state: Pill,
    pub messages: &'static str,
    pub asked: When,
    pub by: String,
}

impl New {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for New {
    fn title(&self) -> String {
        format!("Erase {}", self.head.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        "Certificate of erasure".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "erasure").then(|| self.as_erasure().render_with_values(values))
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        "Erasures".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }
}
