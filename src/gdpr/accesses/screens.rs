//! Who has seen whom.

use crate::gdpr::screens::{CustomerHead, CustomerLink, Pages};
use crate::kit::html::{Area, Avatar, Choice, Screen, Sections, When, status_of_form};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/accesses/index.html", blocks = ["access_list"])]
pub struct Index {
    pub sections: Sections,
    pub users: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub customer: String,
    pub from: String,
    pub to: String,
    pub is_narrowed: bool,
    pub problem: Option<String>,
    pub rows: Vec<Row>,
    pub pages: Pages,
    pub export_href: Option<String>,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/accesses/show.html")]
pub struct Show {
    pub head: CustomerHead,
    pub rows: Vec<Row>,
    pub pages: Pages,
}

#[derive(Debug, Default)]
pub struct Row {
    pub at: When,
    pub avatar: Avatar,
    pub who: String,
    pub what: &'static str,
    /// None: many at once, or on their own page.
    pub customer: Option<CustomerLink>,
    pub ip: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Who saw whom".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(self.problem.is_some())
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "access_list").then(|| self.as_access_list().render_with_values(values))
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("Who saw {}", self.head.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }
}
