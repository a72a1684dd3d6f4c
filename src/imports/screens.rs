//! Imports: the list, the upload, the columns, the faulty rows, and how far one is.

use crate::kit::html::{Area, Choice, Fact, Pill, Screen, Sections, Stat, When};
use actix_web::http::StatusCode;
use askama::{Template, Values};

#[derive(Debug, Default, Template)]
#[template(path = "imports/index.html", blocks = ["import_list"])]
pub struct Index {
    pub sections: Sections,
    pub lines: Vec<Line>,
    pub next_href: Option<String>,
    pub refresh_href: String,
}

/// One import of the list.
#[derive(Debug, Default)]
pub struct Line {
    pub href: String,
    pub file_name: String,
    pub state: Pill,
    /// "1,200 created, 3 refused".
    pub outcome: String,
    pub who: String,
    pub at: When,
}

/// Choosing a file.
#[derive(Debug, Default, Template)]
#[template(path = "imports/new.html")]
pub struct New {
    pub sections: Sections,
    pub problem: Option<String>,
    /// Bytes of the largest file.
    pub most: u64,
    pub most_text: String,
    pub status: StatusCode,
}

/// Saying what the columns are.
#[derive(Debug, Default, Template)]
#[template(path = "imports/mapping.html")]
pub struct Mapping {
    pub sections: Sections,
    pub id: String,
    pub file_name: String,
    /// "1,200 rows, separated by semicolons, in Unicode".
    pub about: String,
    /// Why an earlier check ended.
    pub problem: Option<String>,
    pub columns: Vec<Column>,
    pub row_error: Option<String>,
    pub modes: Vec<Choice>,
    pub mode_error: Option<String>,
    pub matches: Vec<Choice>,
    pub match_by_error: Option<String>,
    pub region: String,
    pub region_error: Option<String>,
    pub empties: Vec<Choice>,
    pub labels: Vec<Choice>,
    pub label_error: Option<String>,
    /// None for a workbook, which says itself how it is read.
    pub reading: Option<Reading>,
    pub headers: Vec<Choice>,
    pub status: StatusCode,
}

#[derive(Debug, Default)]
pub struct Reading {
    pub encodings: Vec<Choice>,
    pub delimiters: Vec<Choice>,
}

/// A column of the file.
#[derive(Debug, Default)]
pub struct Column {
    pub index: usize,
    pub name: String,
    /// The first cells that hold something.
    pub samples: Vec<String>,
    pub groups: Vec<TargetGroup>,
    pub is_used: bool,
    pub error: Option<String>,
}

/// Targets that belong together in the list of a column.
#[derive(Debug, Default)]
pub struct TargetGroup {
    pub label: &'static str,
    pub targets: Vec<Choice>,
}

/// How far one is, and what came of it.
#[derive(Debug, Default, Template)]
#[template(path = "imports/show.html", blocks = ["import_state"])]
pub struct Show {
    pub sections: Sections,
    pub id: String,
    pub file_name: String,
    pub state: Pill,
    /// What the state means and what to do now.
    pub about: String,
    pub problem: Option<String>,
    pub progress: Option<Progress>,
    pub stats: Vec<Stat>,
    pub facts: Vec<Fact>,
    /// "Import 1,200 customers"; None while there is nothing to import.
    pub run: Option<String>,
    /// What the run would do, for the question before it.
    pub run_about: String,
    pub may_change: bool,
    pub may_cancel: bool,
    pub may_read_again: bool,
    pub may_delete: bool,
    /// Faulty rows to be looked at.
    pub faulty: Option<String>,
    /// The table of refused rows.
    pub report: Option<String>,
    /// "Until Saturday, 14:05".
    pub undo: Option<Undo>,
}

#[derive(Debug, Default)]
pub struct Progress {
    /// None while it is not known how much there is.
    pub percent: Option<i64>,
    pub text: String,
    pub is_stopping: bool,
}

#[derive(Debug, Default)]
pub struct Undo {
    /// "1,200 customers".
    pub what: String,
    pub until: String,
}

/// Faulty rows, a page of them.
#[derive(Debug, Default, Template)]
#[template(path = "imports/rows.html", blocks = ["row_list"])]
pub struct Rows {
    pub sections: Sections,
    pub id: String,
    pub file_name: String,
    /// "12 rows cannot be imported as they are".
    pub about: String,
    pub rows: Vec<FaultyRow>,
    pub next_href: Option<String>,
    pub first_href: Option<String>,
    /// Whether rows can still be changed.
    pub may_mend: bool,
    pub report: String,
    pub status: StatusCode,
}

/// A row with what is wrong in it.
#[derive(Debug, Default)]
pub struct FaultyRow {
    pub number: i64,
    /// About the row as a whole.
    pub problem: Option<String>,
    pub cells: Vec<Cell>,
    /// Cells that are in order, or of no column that is used.
    pub others: Vec<Cell>,
}

#[derive(Debug, Default)]
pub struct Cell {
    /// `cell_7_0`: unique on the page.
    pub id: String,
    pub name: String,
    pub column: String,
    pub text: String,
    pub error: Option<String>,
    /// Several lines.
    pub is_long: bool,
}

impl Screen for Index {
    fn title(&self) -> String {
        "Imports".into()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "import_list").then(|| self.as_import_list().render_with_values(values))
    }
}

impl Screen for New {
    fn title(&self) -> String {
        "New import".into()
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Screen for Mapping {
    fn title(&self) -> String {
        format!("Columns of {}", self.file_name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Screen for Show {
    fn title(&self) -> String {
        format!("Import of {}", self.file_name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "import_state").then(|| self.as_import_state().render_with_values(values))
    }
}

impl Screen for Rows {
    fn title(&self) -> String {
        format!("Faulty rows of {}", self.file_name)
    }

    fn area(&self) -> Area {
        Area::Customers
    }

    fn part(&self, id: &str, values: &dyn Values) -> Option<askama::Result<String>> {
        (id == "row_list").then(|| self.as_row_list().render_with_values(values))
    }

    fn status(&self) -> StatusCode {
        self.status
    }
}
