//! Pairs that may be one person, one customer's, the page that joins two, and what was joined.

use crate::kit::html::{Area, Avatar, Choice, Pill, Screen, Sections, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

/// A record in short.
#[derive(Debug, Clone, Default)]
pub struct Person {
    pub href: String,
    pub name: String,
    pub avatar: Avatar,
    /// Phone, email, company: as much as there is and may be known.
    pub details: Vec<String>,
    pub kind: String,
}

/// Two records that may be one person.
#[derive(Debug, Clone, Default)]
pub struct PairRow {
    pub left: Person,
    pub right: Person,
    pub score: Pill,
    pub reasons: Vec<&'static str>,
    pub href: String,
    /// Tells them apart.
    pub dismissal: String,
    /// Offers them again.
    pub restoration: String,
    /// Of two who were told apart: who said so.
    pub decided: Option<(String, When)>,
}

#[derive(Debug, Default, Template)]
#[template(path = "duplicates/index.html", blocks = ["duplicate_pairs", "duplicate_scan"])]
pub struct Index {
    pub sections: Sections,
    pub rows: Vec<PairRow>,
    pub reasons: Vec<Choice>,
    pub is_dismissed: bool,
    pub is_filtered: bool,
    pub next: Option<String>,
    /// The address of this page of the list.
    pub here: String,
    pub scan: ScanState,
    pub may_merge: bool,
}

/// When customers were last looked through.
#[derive(Debug, Default)]
pub struct ScanState {
    /// None: never.
    pub when: Option<When>,
    pub is_running: bool,
    pub percent: i64,
    pub found: String,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Duplicates".into()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        match id {
            "duplicate_pairs" => Some(self.as_duplicate_pairs().render_with_values(values)),
            "duplicate_scan" => Some(self.as_duplicate_scan().render_with_values(values)),
            _ => None,
        }
    }
}

/// Who else one customer may be.
#[derive(Debug, Default, Template)]
#[template(path = "duplicates/customer.html", blocks = ["customer_duplicates"])]
pub struct OfCustomer {
    pub sections: Sections,
    pub name: String,
    pub href: String,
    pub rows: Vec<PairRow>,
    pub may_merge: bool,
}

impl Screen for OfCustomer {
    fn title(&self) -> String {
        format!("Duplicates of {}", self.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "customer_duplicates").then(|| self.as_customer_duplicates().render_with_values(values))
    }
}

/// A field of two records, side by side.
#[derive(Debug, Default)]
pub struct Row {
    /// What the form calls it.
    pub name: String,
    pub label: String,
    /// Empty: nothing there.
    pub left: String,
    pub right: String,
    pub is_left: bool,
    pub is_same: bool,
}

#[derive(Debug, Default, Template)]
#[template(path = "duplicates/merge.html")]
pub struct Merge {
    pub sections: Sections,
    pub action: String,
    pub back: String,
    pub left: Person,
    pub right: Person,
    pub left_has: String,
    pub right_has: String,
    pub keeps_left: bool,
    pub rows: Vec<Row>,
    pub note: Note,
    pub dismissal: String,
    pub may_merge: bool,
    /// Why these two cannot be joined at all.
    pub hindrance: Option<String>,
    pub problem: Option<String>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Note {
    pub left: String,
    pub right: String,
    /// `left`, `right` or `both`.
    pub choice: String,
}

impl Merge {
    fn has_form(&self) -> bool {
        self.may_merge && self.hindrance.is_none()
    }

    fn has_note(&self) -> bool {
        !(self.note.left.is_empty() && self.note.right.is_empty())
    }
}

impl Screen for Merge {
    fn title(&self) -> String {
        format!("Join {} and {}", self.left.name, self.right.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

/// Something that was joined into a customer, or apart again.
#[derive(Debug, Default)]
pub struct Joined {
    pub other: Person,
    /// Whether the page's customer is the one that stayed.
    pub is_kept: bool,
    pub by: String,
    pub when: When,
    /// Who took them apart, and when.
    pub split: Option<(String, When)>,
    /// None: nothing can be undone, or not by this user.
    pub separation: Option<String>,
}

#[derive(Debug, Default, Template)]
#[template(path = "duplicates/merges.html", blocks = ["customer_merges"])]
pub struct Merges {
    pub sections: Sections,
    pub name: String,
    pub href: String,
    pub rows: Vec<Joined>,
    /// Undoes what was done just now.
    pub undo: Option<String>,
    /// They were taken apart just now.
    pub is_apart: bool,
    /// Whether the page arrives in one that is there, and can put a toast into it.
    pub is_swapped: bool,
}

impl Screen for Merges {
    fn title(&self) -> String {
        format!("Joined records of {}", self.name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "customer_merges").then(|| self.as_customer_merges().render_with_values(values))
    }
}
