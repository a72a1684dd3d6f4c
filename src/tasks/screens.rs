//! Work in the background: the list, and one piece of it.

use crate::kit::html::{Area, Fact, Pill, Screen, Sections, When};
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "tasks/index.html", blocks = ["task_list"])]
pub struct Index {
    pub sections: Sections,
    pub rows: Vec<Row>,
    pub next_href: Option<String>,
    /// The rows name who asked.
    pub shows_people: bool,
    /// What the list reads itself anew from.
    pub refresh_href: String,
}

#[derive(Debug, Default)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub state: Pill,
    /// "1,200 of 12,400", "12,400, 3 refused".
    pub detail: String,
    pub percent: Option<i64>,
    pub by: String,
    pub when: When,
    pub file_href: Option<String>,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Background work".into()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "task_list").then(|| self.as_task_list().render_with_values(values))
    }
}

#[derive(Debug, Default, Template)]
#[template(path = "tasks/show.html", blocks = ["task"])]
pub struct Show {
    pub sections: Sections,
    pub id: String,
    pub row: Row,
    pub facts: Vec<Fact>,
    /// What came of it: (what, how many).
    pub results: Vec<(String, String)>,
    pub error: Option<String>,
    pub may_cancel: bool,
    pub is_stopping: bool,
    /// "Until tomorrow, 14:05", or that it is gone.
    pub file_note: Option<String>,
}

impl Screen for Show {
    fn title(&self) -> String {
        self.row.title.clone()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "task").then(|| self.as_task().render_with_values(values))
    }
}
