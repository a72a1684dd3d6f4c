//! What Settings → Support access shows.

use crate::kit::form::Errors;
use crate::kit::html::{Area, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "support/index.html", blocks = ["support_grants"])]
pub struct Support {
    pub sections: Sections,
    pub open: Option<GrantCard>,
    pub past: Vec<GrantCard>,
    pub may_grant: bool,
    pub hours: String,
    pub reason: String,
    pub errors: Errors,
    /// Why the form as a whole was refused.
    pub problem: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct GrantCard {
    pub id: String,
    pub reason: String,
    /// Who granted it.
    pub by: String,
    pub granted: When,
    pub until: When,
    pub state: Pill,
    pub visits: Vec<VisitLine>,
}

#[derive(Debug, Default)]
pub struct VisitLine {
    pub visitor: String,
    pub entered: When,
    /// "inside now", "left 14:05".
    pub state: Pill,
}

impl Support {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Support {
    fn title(&self) -> String {
        "Support access".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "support_grants").then(|| self.as_support_grants().render_with_values(values))
    }
}
