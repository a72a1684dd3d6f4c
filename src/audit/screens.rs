//! The audit log: filter, entries by day, how long they are kept.

use super::telling::Change;
use crate::kit::html::{Area, Avatar, Choice, Fact, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "audit/index.html", blocks = ["audit_list"])]
pub struct Index {
    pub sections: Sections,
    pub filter: FilterFields,
    pub days: Vec<Day>,
    pub older_href: Option<String>,
    /// Where this is not the first page.
    pub newest_href: Option<String>,
    pub exports: Option<Exports>,
    /// "for 2 years"
    pub kept: String,
    /// None for those who may not change it.
    pub keeping: Option<Keeping>,
    pub status: StatusCode,
}

/// As typed, with what there is to choose.
#[derive(Debug, Default)]
pub struct FilterFields {
    pub actors: Vec<Choice>,
    pub actions: Vec<Choice>,
    pub entities: Vec<Choice>,
    pub row: String,
    pub from: String,
    pub to: String,
    pub is_used: bool,
    /// Something in it cannot be read, so nothing was looked for.
    pub is_wrong: bool,
    pub by_error: Option<String>,
    pub action_error: Option<String>,
    pub entity_error: Option<String>,
    pub row_error: Option<String>,
    pub from_error: Option<String>,
    pub to_error: Option<String>,
    /// Of the page asked for, which is no field.
    pub problem: Option<String>,
}

#[derive(Debug, Default)]
pub struct Exports {
    pub csv_href: String,
    pub jsonl_href: String,
}

#[derive(Debug, Default)]
pub struct Keeping {
    pub choices: Vec<Choice>,
    pub error: Option<String>,
}

#[derive(Debug, Default)]
pub struct Day {
    pub name: String,
    pub lines: Vec<Line>,
}

#[derive(Debug, Default)]
pub struct Line {
    pub id: String,
    /// Of a person; else an icon says what acted.
    pub avatar: Option<Avatar>,
    pub icon: &'static str,
    pub who: String,
    pub what: String,
    pub at: When,
    pub ip: Option<String>,
    /// The beginning of the request's id.
    pub request: Option<String>,
    pub changes: Vec<Change>,
    pub facts: Vec<Fact>,
    /// Everything about the same row.
    pub row_href: Option<String>,
    /// The row's own page.
    pub page_href: Option<String>,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Audit log".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "audit_list").then(|| self.as_audit_list().render_with_values(values))
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
