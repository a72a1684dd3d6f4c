//! A customer's page and form, and the tenant's own fields.

mod fields;

pub use fields::{FieldIndex, FieldRow, FieldShow};

use crate::kit::html::{Area, Avatar, Choice, DRAWER, Fact, Pill, Screen, Sections, When, status_of_form};
use crate::labels::screens::Tag;
use actix_web::http::StatusCode;
use askama::{Template, Values};

/// `/customers/{customer}`.
#[derive(Debug, Default, Template)]
#[template(path = "customers/show.html", blocks = ["customer"])]
pub struct Show {
    pub sections: Sections,
    pub href: String,
    pub id: String,
    pub name: String,
    pub avatar: Avatar,
    /// Type, first contact, restricted.
    pub pills: Vec<Pill>,
    pub state: Pill,
    pub labels: Vec<Tag>,
    pub facts: Vec<Fact>,
    /// Values of the tenant's own fields; a link leads somewhere.
    pub values: Vec<Value>,
    pub note: Option<String>,
    pub addresses: Vec<Address>,
    pub address: String,
    pub address_error: Option<String>,
    pub threads: Vec<Thread>,
    pub states: Vec<StateLine>,
    pub steps: Vec<Step>,
    pub days: Vec<Day>,
    pub older: Option<Older>,
    pub may_edit: bool,
    pub may_delete: bool,
    pub is_deleted: bool,
    /// The customer that this one was merged into.
    pub may_see_privacy: bool,
    pub merged_href: Option<String>,
    pub was_saved: bool,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Value {
    pub label: String,
    pub text: String,
    pub href: Option<String>,
    pub is_sensitive: bool,
}

#[derive(Debug, Default)]
pub struct Address {
    pub kind: &'static str,
    pub value: String,
    pub icon: &'static str,
    /// "From a message, 21 Nov".
    pub learnt: String,
    pub is_primary: bool,
    pub is_verified: bool,
    /// None for an address that cannot be taken away here.
    pub removal: Option<String>,
}

#[derive(Debug, Default)]
pub struct Thread {
    pub href: String,
    pub state: Pill,
    pub preview: String,
    pub when: When,
    pub assignee: String,
}

#[derive(Debug, Default)]
pub struct StateLine {
    pub text: String,
    pub reason: String,
    pub when: When,
    pub by: String,
}

/// A state that one can go to.
#[derive(Debug, Default)]
pub struct Step {
    pub state: &'static str,
    pub verb: &'static str,
    pub icon: &'static str,
    pub about: &'static str,
    pub is_destructive: bool,
}

/// What htmx puts below the newest happenings.
#[derive(Template)]
#[template(path = "customers/timeline.html")]
struct Timeline<'a> {
    days: &'a [Day],
    older: Option<&'a Older>,
}

/// Where what happened before goes on.
#[derive(Debug)]
pub struct Older {
    /// Of the last happening that is shown.
    pub cursor: String,
    pub href: String,
}

#[derive(Debug, Default)]
pub struct Day {
    /// Empty where it goes on from the page before.
    pub label: String,
    pub lines: Vec<Line>,
}

/// A happening in the timeline.
#[derive(Debug, Default)]
pub struct Line {
    pub icon: &'static str,
    pub tone: &'static str,
    pub text: String,
    /// What was written, or why.
    pub body: String,
    pub by: String,
    pub when: When,
    pub href: Option<String>,
}

impl Show {
    /// The happening above which the page is fetched anew; empty: the newest ones, as many as there are.
    fn newest_down_to(&self) -> &str {
        self.older.as_ref().map(|older| older.cursor.as_str()).unwrap_or_default()
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("{} · Customers", self.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        match id {
            "customer" => Some(self.as_customer().render_with_values(values)),
            "timeline_older" => {
                let older = Timeline { days: &self.days, older: self.older.as_ref() };
                Some(older.render_with_values(values))
            }
            _ => None,
        }
    }
}

/// The form of a customer, new or known.
#[derive(Debug, Default, Template)]
#[template(path = "customers/form.html", blocks = ["drawer_body"])]
pub struct Form {
    pub sections: Sections,
    /// None for a new one.
    pub href: Option<String>,
    pub title: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: String,
    pub company: String,
    pub note: String,
    pub external_id: String,
    pub time_zone: String,
    pub seen: String,
    pub types: Vec<Choice>,
    pub locales: Vec<Choice>,
    pub zones: Vec<&'static str>,
    pub labels: Vec<TickedLabel>,
    pub fields: Vec<Field>,
    /// Field and message.
    pub errors: Vec<(String, String)>,
}

#[derive(Debug, Default)]
pub struct TickedLabel {
    pub tag: Tag,
    pub is_ticked: bool,
}

/// A field of the tenant's own, with its control.
#[derive(Debug, Default)]
pub struct Field {
    pub name: String,
    pub caption: String,
    pub hint: String,
    pub text: String,
    /// For choice and boolean.
    pub choices: Vec<Choice>,
    /// The type of the input; empty for a select.
    pub input: &'static str,
    pub error: Option<String>,
}

impl Form {
    pub fn wrong(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, why)| why.as_str())
    }

    fn form_action(&self) -> &str {
        self.href.as_deref().unwrap_or("/customers")
    }

    fn back(&self) -> &str {
        self.href.as_deref().unwrap_or("/customers")
    }

    fn shows_more(&self) -> bool {
        let is_filled = [&self.external_id, &self.time_zone].iter().any(|text| !text.is_empty());
        let is_wrong = ["external_id", "time_zone", "locale"].iter().any(|field| self.wrong(field).is_some());
        is_filled || is_wrong
    }
}

impl Screen for Form {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        status_of_form(!self.errors.is_empty())
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == DRAWER).then(|| self.as_drawer_body().render_with_values(values))
    }
}
