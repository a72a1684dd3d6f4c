//! Faulty rows as their page shows them: first the cells that something is wrong with.

use crate::imports::choices::{Field, Target};
use crate::imports::form::RowForm;
use crate::imports::model::{Import, ImportState};
use crate::imports::rows::{Problems, Row, WHOLE};
use crate::imports::screens::{Cell, FaultyRow, Rows};
use crate::imports::view::{HERE, href};
use crate::kit::access::{Access, Permission};
use crate::kit::html::status_of_form;
use crate::kit::words;

/// A row that was sent and is faulty still, as typed.
pub struct Rejected<'a> {
    pub number: i64,
    pub form: &'a RowForm,
}

pub fn rows<P: Permission>(
    access: &Access<P>,
    import: &Import,
    found: &[Row],
    after: i64,
    has_more: bool,
    rejected: Option<&Rejected<'_>>,
) -> Rows {
    let base = href(import.id);
    let counts = import.counts();
    let (headings, columns) = (import.headings(), import.choices().columns);
    let last = found.last().filter(|_| has_more).map(|row| row.number);
    let row = |row: &Row| faulty(row, &headings, &columns, rejected.filter(|rejected| rejected.number == row.number));
    Rows {
        sections: access.customer_sections(HERE),
        id: import.id.to_string(),
        file_name: import.file_name.clone(),
        about: about(counts.faulty + counts.refused),
        rows: found.iter().map(row).collect(),
        next_href: last.map(|last| format!("{base}/rows?after={last}")),
        first_href: (after > 0).then(|| format!("{base}/rows")),
        may_mend: import.state == ImportState::Checked,
        report: format!("{base}/refused.csv"),
        status: status_of_form(rejected.is_some()),
    }
}

fn about(count: i64) -> String {
    match count {
        0 => "No row is faulty any more.".into(),
        count => {
            format!("{} as things are.", words::counted(count, "row cannot be imported", "rows cannot be imported"))
        }
    }
}

fn faulty(row: &Row, headings: &[String], columns: &[Target], rejected: Option<&Rejected<'_>>) -> FaultyRow {
    let mut problems = row.problems();
    let old = row.cells();
    let texts = match rejected {
        Some(rejected) => rejected.form.cells(headings.len(), &old),
        None => (0..headings.len()).map(|index| old.get(index).copied().unwrap_or_default().to_owned()).collect(),
    };
    if let Some(rejected) = rejected {
        let typed = rejected.form.errors.iter();
        let index = |name: &str| name.strip_prefix("cell.").map(str::to_owned);
        problems.extend(typed.filter_map(|(name, why)| Some((index(name)?, why.to_owned()))));
    }
    let cell = |(index, text): (usize, String)| Cell {
        id: format!("cell_{}_{index}", row.number),
        name: format!("cell.{index}"),
        column: headings.get(index).cloned().unwrap_or_default(),
        is_long: text.chars().count() > 80 || columns.get(index) == Some(&Target::Field(Field::Note)),
        error: problems.get(&index.to_string()).cloned(),
        text,
    };
    let is_used = |index: usize| columns.get(index).is_some_and(|target| *target != Target::Ignore);
    let used = texts.into_iter().enumerate().filter(|(index, _)| is_used(*index));
    let (cells, others): (Vec<Cell>, Vec<Cell>) = used.map(cell).partition(|cell| cell.error.is_some());
    FaultyRow { number: row.number, problem: whole(&problems), cells, others }
}

fn whole(problems: &Problems) -> Option<String> {
    problems.get(WHOLE).cloned()
}
