//! The list of calls, one call, its form, and the rule of a number.

use crate::kit::form::Errors;
use crate::kit::html::{Area, Avatar, Choice, DRAWER, Fact, Pill, Screen, Sections, When, status_of_form};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "calls/index.html", blocks = ["call_list"])]
pub struct Index {
    pub may_write: bool,
    pub tabs: Vec<Tab>,
    pub filter: FilterFields,
    pub rows: Vec<Row>,
    pub shows_missed: bool,
    pub export_href: Option<String>,
    pub newest_href: Option<String>,
    pub older_href: Option<String>,
    /// What the list reads itself anew from.
    pub refresh_href: String,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub count: Option<String>,
    pub is_current: bool,
}

#[derive(Debug, Default)]
pub struct FilterFields {
    pub view: String,
    pub q: String,
    pub statuses: Vec<Choice>,
    pub directions: Vec<Choice>,
    pub users: Vec<Choice>,
    pub numbers: Vec<Choice>,
    /// The chosen customer's id and name.
    pub customer: Option<(String, String)>,
    pub from: String,
    pub to: String,
    pub errors: Errors,
    pub clear_href: String,
    pub is_used: bool,
}

impl FilterFields {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }

    /// A filter beyond the words is in use, so that its fields stand open.
    fn is_open(&self) -> bool {
        let chosen = |choices: &[Choice]| choices.iter().any(|choice| choice.is_chosen && !choice.value.is_empty());
        let lists = [&self.statuses, &self.directions, &self.users, &self.numbers];
        !self.errors.is_empty() || !self.from.is_empty() || !self.to.is_empty() || lists.iter().any(|list| chosen(list))
    }
}

/// A call in a list.
#[derive(Debug, Default)]
pub struct Row {
    pub href: String,
    pub icon: &'static str,
    pub tone: &'static str,
    pub who: String,
    /// "Incoming video call · Workshop · Bob Baker".
    pub detail: String,
    pub state: Pill,
    pub callback: Option<Pill>,
    pub when: When,
    /// Where it is taken on, for missed calls that nobody returns yet.
    pub take: Option<String>,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Calls".into()
    }

    fn area(&self) -> Area {
        Area::Calls
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "call_list").then(|| self.as_call_list().render_with_values(values))
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "calls/show.html", blocks = ["call"])]
pub struct Show {
    pub id: String,
    pub href: String,
    pub who: String,
    pub avatar: Avatar,
    pub kind: &'static str,
    pub state: Pill,
    pub callback: Option<Pill>,
    pub began: When,
    pub facts: Vec<Fact>,
    pub note: Option<String>,
    pub customer_href: Option<String>,
    pub thread_href: Option<String>,
    pub edit_href: Option<String>,
    /// What can be done about a missed call.
    pub steps: Steps,
}

#[derive(Debug, Default)]
pub struct Steps {
    pub may_take: bool,
    pub may_release: bool,
    pub may_finish: bool,
    /// The form for the call by which it was returned.
    pub log_href: Option<String>,
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("Call: {}", self.who)
    }

    fn area(&self) -> Area {
        Area::Calls
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "call").then(|| self.as_call().render_with_values(values))
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "calls/form.html", blocks = ["drawer_body"])]
pub struct Form {
    pub title: &'static str,
    pub action: String,
    pub back: String,
    pub is_new: bool,
    pub id: String,
    pub returns: String,
    pub directions: Vec<Choice>,
    pub customer: String,
    /// The customer who is chosen already, by name.
    pub customer_name: Option<String>,
    pub users: Vec<Choice>,
    pub colleagues: Vec<Choice>,
    pub started: String,
    pub outcomes: Vec<Choice>,
    pub length: String,
    pub is_video: bool,
    pub note: String,
    pub errors: Errors,
}

impl Form {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Form {
    fn title(&self) -> String {
        self.title.into()
    }

    fn area(&self) -> Area {
        Area::Calls
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == DRAWER).then(|| self.as_drawer_body().render_with_values(values))
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "calls/rule.html")]
pub struct Rule {
    pub sections: Sections,
    pub number: String,
    pub action: String,
    pub declines: bool,
    pub text: String,
    pub may_edit: bool,
    pub was_saved: bool,
    pub errors: Errors,
}

impl Rule {
    fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.of(field)
    }
}

impl Screen for Rule {
    fn title(&self) -> String {
        format!("Calls to {}", self.number)
    }

    fn area(&self) -> Area {
        Area::Settings
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }
}
