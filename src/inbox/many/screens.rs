//! What came of a change of many, as a page where there is no JavaScript.

use crate::kit::html::{Area, Choice, Screen};
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Debug, Default, Template)]
#[template(path = "inbox/many.html")]
pub struct Report {
    pub told: String,
    /// (why, how many).
    pub refused: Vec<(String, usize)>,
    /// Where a form goes that takes it back; None where nothing was changed.
    pub undo: Option<String>,
    pub status: StatusCode,
}

/// What can be done with ticked rows: (caption, choices).
pub type Offers = Vec<(&'static str, Vec<Choice>)>;

impl Screen for Report {
    fn title(&self) -> String {
        "Changed conversations".into()
    }

    fn area(&self) -> Area {
        Area::Inbox
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
