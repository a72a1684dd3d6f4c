//! The list of requests, the new one, and one with its history.

use crate::gdpr::screens::{CustomerLink, Pages};
use crate::kit::form::Errors;
use crate::kit::html::{Area, Choice, Pill, Screen, Sections, Stat, When, status_of_form};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/cases/index.html", blocks = ["case_list"])]
pub struct Index {
    pub sections: Sections,
    pub may_edit: bool,
    /// Pending, due soon, overdue.
    pub stats: Vec<Stat>,
    pub state: String,
    pub cases: Vec<CaseLine>,
    pub pages: Pages,
}

/// A case in a list.
#[derive(Debug, Default)]
pub struct CaseLine {
    pub href: String,
    pub kind: &'static str,
    pub icon: &'static str,
    pub who: String,
    pub due: Pill,
    pub state: Pill,
    pub assignee: String,
    pub received: When,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/cases/new.html")]
pub struct New {
    pub sections: Sections,
    pub kinds: Vec<KindChoice>,
    pub customer: String,
    pub requester: String,
    pub details: String,
    pub received_on: String,
    pub assignees: Vec<Choice>,
    pub errors: Errors,
}

/// What can be asked for, in words.
#[derive(Debug, Default)]
pub struct KindChoice {
    pub value: &'static str,
    pub label: &'static str,
    pub about: &'static str,
    pub is_chosen: bool,
}

#[derive(Debug, Default, Template)]
#[template(path = "gdpr/cases/show.html", blocks = ["privacy_case"])]
pub struct Show {
    pub sections: Sections,
    pub id: String,
    pub kind: &'static str,
    pub kind_word: &'static str,
    pub may_edit: bool,
    pub is_closed: bool,
    pub is_begun: bool,
    pub state: Pill,
    pub due: Pill,
    pub requester: String,
    pub details: Option<String>,
    pub customer: Option<CustomerLink>,
    pub customer_id: String,
    pub received: When,
    pub due_on: When,
    pub extension: Option<String>,
    pub outcome: Option<String>,
    pub assignee: String,
    pub assignees: Vec<Choice>,
    pub package: Option<PackageCard>,
    pub erasure_href: Option<String>,
    pub history: Vec<Event>,
    /// Which form was refused, with what was typed and why.
    pub refused: &'static str,
    pub typed: String,
    pub problem: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct PackageCard {
    pub state: Pill,
    pub is_going_on: bool,
    pub task_href: String,
    /// Until when it can be fetched.
    pub until: Option<When>,
    pub words: String,
}

#[derive(Debug, Default)]
pub struct Event {
    pub at: When,
    pub who: String,
    pub what: &'static str,
    pub icon: &'static str,
    pub words: Option<String>,
}

impl New {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Show {
    fn typed_in(&self, form: &str) -> &str {
        if self.refused == form { &self.typed } else { "" }
    }

    fn wrong(&self, form: &str) -> Option<&str> {
        self.problem.as_deref().filter(|_| self.refused == form)
    }

    /// Why a step was refused whose form is not on the page any more.
    fn notice(&self) -> Option<&str> {
        let is_gone = match self.refused {
            "note" => false,
            "start" => true,
            "extension" if self.extension.is_some() => true,
            "package" if self.kind_word != "access" => true,
            _ => self.is_closed,
        };
        self.problem.as_deref().filter(|_| is_gone)
    }
}

impl Screen for Index {
    fn title(&self) -> String {
        "Privacy requests".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "case_list").then(|| self.as_case_list().render_with_values(values))
    }
}

impl Screen for New {
    fn title(&self) -> String {
        "New privacy request".into()
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("{}, privacy request", self.kind)
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "privacy_case").then(|| self.as_privacy_case().render_with_values(values))
    }
}
