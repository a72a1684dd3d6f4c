//! The ledger of everybody, and a customer's consents.

use crate::gdpr::screens::{CustomerHead, CustomerLink, Pages};
use crate::kit::form::Errors;
use crate::kit::html::{Area, Choice, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/consents/index.html", blocks = ["consent_list"])]
pub struct Index {
    pub sections: Sections,
    pub purposes: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub states: Vec<Choice>,
    pub is_narrowed: bool,
    pub rows: Vec<Row>,
    pub pages: Pages,
}

/// A row of the ledger.
#[derive(Debug, Default)]
pub struct Row {
    pub at: When,
    /// None on the customer's own page.
    pub customer: Option<CustomerLink>,
    pub purpose: &'static str,
    pub channel: &'static str,
    pub state: Pill,
    pub basis: &'static str,
    pub source: String,
    pub evidence: Option<String>,
    /// The conversation with the message that proves it.
    pub thread_href: Option<String>,
    /// Who wrote it down.
    pub by: String,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/consents/show.html", blocks = ["customer_consents"])]
pub struct Show {
    pub head: CustomerHead,
    pub channels: Vec<&'static str>,
    pub matrix: Vec<Line>,
    pub rows: Vec<Row>,
    pub pages: Pages,
    pub form: Option<Fields>,
    pub status: StatusCode,
}

/// A purpose, with a cell per channel.
#[derive(Debug, Default)]
pub struct Line {
    pub purpose: &'static str,
    pub about: &'static str,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Default)]
pub struct Cell {
    pub channel: &'static str,
    /// None: nothing was ever said.
    pub state: Option<Pill>,
    pub at: Option<When>,
}

/// The form, as typed.
#[derive(Debug, Default)]
pub struct Fields {
    pub purposes: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub states: Vec<Choice>,
    pub bases: Vec<Choice>,
    pub source: String,
    pub evidence: String,
    pub message: String,
    pub occurred_on: String,
    pub problem: Option<String>,
    pub errors: Errors,
}

impl Fields {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        "Consents".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "consent_list").then(|| self.as_consent_list().render_with_values(values))
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("Consents of {}", self.head.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "customer_consents").then(|| self.as_customer_consents().render_with_values(values))
    }
}
