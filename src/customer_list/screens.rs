//! The list of customers, and what surrounds changes of many.

use crate::kit::html::{Area, Avatar, Choice, Pill, Screen, Sections, When};
use crate::labels::screens::Tag;
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "customers/index.html", blocks = ["customer_list", "customer_more"])]
pub struct Index {
    pub sections: Sections,
    /// Everybody, then a tab per type.
    pub tabs: Vec<Tab>,
    pub filter: FilterFields,
    pub sorts: Vec<Choice>,
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
    /// Where the next page is, if there is one.
    pub more_href: Option<String>,
    /// Of this list, without a question mark.
    pub query: String,
    pub columns: Vec<Choice>,
    pub saved: Vec<Saved>,
    pub save: Option<SaveFields>,
    pub bulk: Option<Bulk>,
    pub may_export: bool,
    pub may_add: bool,
    /// What is wrong with what was asked for.
    pub problem: Option<String>,
    pub is_narrowed: bool,
    pub status: StatusCode,
}

impl Index {
    /// Cells of a row that spans all columns.
    fn width(&self) -> usize {
        self.heads.len() + usize::from(self.bulk.is_some())
    }
}

#[derive(Debug, Default)]
pub struct Tab {
    pub label: &'static str,
    pub count: String,
    pub href: String,
    pub is_current: bool,
}

/// What the list can be narrowed by, as typed.
#[derive(Debug, Default)]
pub struct FilterFields {
    pub search: String,
    pub customer_type: String,
    pub states: Vec<Choice>,
    pub labels: Vec<LabelChoice>,
    pub seen: Vec<Choice>,
    pub days: String,
    pub consents: Vec<Choice>,
    pub purposes: Vec<Choice>,
    pub channels: Vec<Choice>,
    pub from: String,
    pub until: String,
    pub fields: Vec<FieldTest>,
    /// How many of the conditions in the panel are used.
    pub used: usize,
    /// (field, what is wrong)
    pub errors: Vec<(String, String)>,
}

impl FilterFields {
    fn wrong(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, why)| why.clone())
    }
}

#[derive(Debug)]
pub struct LabelChoice {
    pub tag: Tag,
    pub is_chosen: bool,
}

/// The conditions on one of the tenant's own fields.
#[derive(Debug, Default)]
pub struct FieldTest {
    pub key: String,
    pub name: String,
    /// What may be chosen; empty where text is typed.
    pub choices: Vec<Choice>,
    pub is: String,
    pub has: String,
    pub from: String,
    pub until: String,
    pub is_empty: bool,
    /// The type of input for a range; None where there is none.
    pub range: Option<&'static str>,
    pub can_contain: bool,
    pub is_wrong: Option<String>,
}

impl FieldTest {
    fn is_number(&self) -> bool {
        self.range == Some("number")
    }
}

/// The head of a column; with an address where rows can be ordered by it.
#[derive(Debug, Default)]
pub struct Head {
    pub label: String,
    pub href: Option<String>,
    /// ascending, descending or nothing.
    pub order: &'static str,
}

impl Head {
    fn is_ascending(&self) -> bool {
        self.order == "ascending"
    }
}

#[derive(Debug, Default)]
pub struct Row {
    pub id: String,
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    pub kind: Pill,
    /// Said beside the name where it is not what the list is about.
    pub state: Option<Pill>,
    pub cells: Vec<Cell>,
    /// None for those who may not, and for a deleted customer.
    pub edit_href: Option<String>,
    pub is_picked: bool,
}

#[derive(Debug, Default)]
pub struct Cell {
    pub label: String,
    pub text: String,
    pub when: Option<When>,
    pub pill: Option<Pill>,
    pub tags: Vec<Tag>,
    pub is_number: bool,
}

#[derive(Debug)]
pub struct Saved {
    pub name: String,
    pub href: String,
    /// Who shares it, if it is not one's own.
    pub by: Option<String>,
    pub is_shared: bool,
    pub delete_href: Option<String>,
    pub is_current: bool,
}

#[derive(Debug, Default)]
pub struct SaveFields {
    pub name: String,
    pub is_shared: bool,
    pub name_error: Option<String>,
}

/// What can be done with many at once.
#[derive(Debug, Default)]
pub struct Bulk {
    pub id: String,
    pub groups: Vec<(&'static str, Vec<Choice>)>,
    /// "All 12,400 of this list"
    pub everyone: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Customers".into()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        match id {
            "customer_list" => Some(self.as_customer_list().render_with_values(values)),
            "customer_more" => Some(self.as_customer_more().render_with_values(values)),
            _ => None,
        }
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Asks before much is changed, and before anything is deleted.
#[derive(Debug, Default, Template)]
#[template(path = "customers/change.html")]
pub struct Confirm {
    pub sections: Sections,
    /// "Delete 12 customers?"
    pub question: String,
    pub about: &'static str,
    pub verb: &'static str,
    pub is_bad: bool,
    pub back_href: String,
    /// What the form sends again.
    pub fields: Vec<(String, String)>,
}

impl Screen for Confirm {
    fn title(&self) -> String {
        self.question.clone()
    }

    fn area(&self) -> Area {
        Area::Customers
    }
}

/// What came of a change of many.
#[derive(Debug, Default, Template)]
#[template(path = "customers/changed.html", blocks = ["bulk_change"])]
pub struct Changed {
    pub sections: Sections,
    pub href: String,
    /// "Add the label VIP"
    pub title: String,
    pub by: String,
    pub when: When,
    pub state: Pill,
    /// (label, count)
    pub counts: Vec<(&'static str, String)>,
    /// Those who were not changed, and why.
    pub rows: Vec<Unchanged>,
    pub more_href: Option<String>,
    pub may_undo: bool,
    /// The work behind it that is still under way, and its live event.
    pub task_href: Option<String>,
    pub task_event: String,
    pub note: Option<String>,
}

#[derive(Debug, Default)]
pub struct Unchanged {
    pub name: String,
    pub href: String,
    pub reason: String,
}

impl Screen for Changed {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "bulk_change").then(|| self.as_bulk_change().render_with_values(values))
    }
}
