//! What Settings → Organisation shows.

use crate::kit::form::Errors;
use crate::kit::html::{Area, Choice, Fact, Meter, Screen, Sections};
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "organisation/show.html")]
pub struct Organisation {
    pub sections: Sections,
    pub name: String,
    /// What only the platform changes; for readers the rest as well.
    pub facts: Vec<Fact>,
    pub meters: Vec<Meter>,
    /// None for those who may only read.
    pub fields: Option<Fields>,
    pub was_saved: bool,
    pub status: StatusCode,
}

/// As typed.
#[derive(Debug, Default)]
pub struct Fields {
    pub description: String,
    pub time_zones: Vec<Choice>,
    pub locales: Vec<Choice>,
    pub agents_see: Vec<Choice>,
    pub phone_region: String,
    pub errors: Errors,
}

impl Fields {
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Organisation {
    fn title(&self) -> String {
        "Organisation".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
