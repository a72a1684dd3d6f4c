//! Legal holds.

use crate::gdpr::screens::{CustomerLink, Pages};
use crate::kit::form::Errors;
use crate::kit::html::{Area, Pill, Screen, Sections, When, status_of_form};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/holds/index.html", blocks = ["hold_list"])]
pub struct Index {
    pub sections: Sections,
    pub may_edit: bool,
    pub are_over: bool,
    pub holds: Vec<HoldLine>,
    pub pages: Pages,
}

#[derive(Debug, Default)]
pub struct HoldLine {
    pub id: String,
    pub customer: CustomerLink,
    pub reason: String,
    pub state: Pill,
    pub is_standing: bool,
    pub placed: When,
    pub by: String,
    pub until: Option<When>,
    pub ended: Option<When>,
    pub end_reason: Option<String>,
    pub ended_by: String,
}

/// A release that was refused.
#[derive(Debug, Default, Template)]
#[template(path = "gdpr/holds/release.html")]
pub struct Release {
    pub sections: Sections,
    pub hold: HoldLine,
    pub reason: String,
    pub errors: Errors,
}

impl Release {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        "Legal holds".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "hold_list").then(|| self.as_hold_list().render_with_values(values))
    }
}

impl Screen for Release {
    fn title(&self) -> String {
        "Release a legal hold".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}
