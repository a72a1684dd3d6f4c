//! A customer's page of the desk.

use crate::gdpr::cases::screens::CaseLine;
use crate::gdpr::holds::screens::HoldLine;
use crate::gdpr::screens::CustomerHead;
use crate::kit::form::Errors;
use crate::kit::html::{Area, Screen, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/customers/show.html", blocks = ["customer_privacy"])]
pub struct Show {
    pub head: CustomerHead,
    pub may_edit: bool,
    pub is_erased: bool,
    pub restricted: Option<When>,
    pub cases: Vec<CaseLine>,
    pub holds: Vec<HoldLine>,
    pub has_standing_hold: bool,
    /// The certificate, or how far it is.
    pub erasure_href: Option<String>,
    /// Which of the two forms was refused: restriction or hold.
    pub refused: &'static str,
    pub reason: String,
    pub until: String,
    pub problem: Option<String>,
    pub errors: Errors,
    pub status: StatusCode,
}

impl Show {
    /// What was typed into the form of that name, if it is the refused one.
    fn typed(&self, form: &str, value: &str) -> String {
        if self.refused == form { value.to_owned() } else { String::new() }
    }

    fn wrong(&self, form: &str, field: &str) -> Option<&str> {
        self.errors.of(field).filter(|_| self.refused == form)
    }

    fn problem_of(&self, form: &str) -> Option<&str> {
        self.problem.as_deref().filter(|_| self.refused == form)
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("Privacy of {}", self.head.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "customer_privacy").then(|| self.as_customer_privacy().render_with_values(values))
    }
}
