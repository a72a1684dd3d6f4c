//! Files as rows, one after the other: whatever their size, a few rows are in memory at a time.

mod csv;
mod table;
mod workbook;

pub use table::{Batch, Heading, Rows};

use super::format::{Format, Kind};
use std::io::Read;

/// Columns that a file may have.
pub const MOST_COLUMNS: usize = 200;
/// Rows that a file may have.
pub const MOST_ROWS: i64 = 5_000_000;
/// Characters of a cell that are kept: more than any field takes, so that what was longer is refused where it stands.
pub const MOST_CELL: usize = 10_100;

/// Why a file is not read to its end.
#[derive(Debug)]
pub enum Trouble {
    /// A sentence for whoever sent it.
    Told(String),
    /// Nobody wants the rows any more.
    Stopped,
    Unexpected(anyhow::Error),
}

impl From<std::io::Error> for Trouble {
    fn from(cause: std::io::Error) -> Self {
        Self::Unexpected(cause.into())
    }
}

impl Trouble {
    fn told(why: impl Into<String>) -> Self {
        Self::Told(why.into())
    }
}

/// What rows are handed to.
pub trait Sink {
    /// `number` counts as spreadsheets do, from 1.
    fn row(&mut self, number: i64, cells: Vec<String>) -> Result<(), Trouble>;
}

/// Reads a file to its end. Of a workbook `source` is put into a file of our own first, because its parts are found from
/// its end. Answers the format as it turned out.
pub fn read(source: impl Read, format: &Format, sink: &mut impl Sink) -> Result<Format, Trouble> {
    match format.kind {
        Kind::Csv => csv::read(source, format, sink),
        Kind::Xlsx => workbook::read(source, format, sink),
    }
}

/// A cell as it is kept: of a length that fits, and without what no database holds.
fn cell(text: &str) -> String {
    let end = text.char_indices().nth(MOST_CELL).map_or(text.len(), |(at, _)| at);
    text[..end].trim().replace('\0', "\u{FFFD}")
}

/// A row of nothing is none.
fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(String::is_empty)
}
