//! From rows to what is stored of them: which row is the heading, and what the columns are called.

use super::{MOST_COLUMNS, MOST_ROWS, Sink, Trouble};
use crate::imports::guess;
use sha2::{Digest, Sha256};

/// Rows that are stored at a time, unless they are large.
const ROWS: usize = 1000;
/// Bytes of a batch.
const BYTES: usize = 512 * 1024;
/// Rows that are looked at for whether the first is a heading.
const SAMPLE: usize = 20;

/// (number, cells)
pub type Batch = Vec<(i64, Vec<String>)>;

/// What the columns are called, and whether the file says so itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub names: Vec<String>,
    pub is_in_file: bool,
}

impl Heading {
    /// The same for files with the same columns.
    pub fn signature(names: &[String]) -> String {
        let folded: Vec<String> = names.iter().map(|name| guess::folded(name)).collect();
        hex::encode(Sha256::digest(folded.join("\u{1F}")))
    }
}

/// Collects rows into batches for `hand_on`, which comes with the heading.
pub struct Rows<F> {
    has_header: Option<bool>,
    heading: Option<Heading>,
    waiting: Batch,
    bytes: usize,
    count: i64,
    widest: usize,
    hand_on: F,
}

impl<F: FnMut(&Heading, Batch) -> Result<(), Trouble>> Rows<F> {
    /// `has_header` as somebody has chosen, or None.
    pub fn new(has_header: Option<bool>, hand_on: F) -> Self {
        Self { has_header, heading: None, waiting: Vec::new(), bytes: 0, count: 0, widest: 0, hand_on }
    }

    /// The heading, and how many columns the widest row has.
    ///
    /// # Errors
    /// `Told` when there was no row, or none but the heading.
    pub fn finish(mut self) -> Result<(Heading, usize), Trouble> {
        if self.heading.is_none() {
            self.decide();
        }
        if !self.waiting.is_empty() {
            self.flush()?;
        }
        match (self.count, self.heading) {
            (0, Some(heading)) if heading.is_in_file => {
                Err(Trouble::told("This file has only a heading, and no rows below it."))
            }
            (0, _) | (_, None) => Err(Trouble::told("This file has no rows.")),
            (_, Some(heading)) => Ok((heading, self.widest)),
        }
    }

    fn decide(&mut self) {
        let sample: Vec<&[String]> = self.waiting.iter().map(|(_, cells)| cells.as_slice()).collect();
        let Some(first) = sample.first() else { return };
        let is_in_file = self.has_header.unwrap_or_else(|| guess::is_heading(&sample));
        let width = usual_width(&sample[usize::from(is_in_file && sample.len() > 1)..]);
        let names = if is_in_file { named(first, width) } else { named(&[], width) };
        if is_in_file {
            self.waiting.remove(0);
            self.count -= 1;
        }
        self.heading = Some(Heading { names, is_in_file });
    }

    fn flush(&mut self) -> Result<(), Trouble> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.waiting);
        match &self.heading {
            Some(heading) => (self.hand_on)(heading, batch),
            None => Ok(()),
        }
    }
}

impl<F: FnMut(&Heading, Batch) -> Result<(), Trouble>> Sink for Rows<F> {
    fn row(&mut self, number: i64, cells: Vec<String>) -> Result<(), Trouble> {
        if cells.len() > MOST_COLUMNS {
            return Err(Trouble::told(format!(
                "Row {number} has more than {MOST_COLUMNS} columns. Take out those that you do not need."
            )));
        }
        self.count += 1;
        if self.count > MOST_ROWS {
            return Err(Trouble::told("This file has more than 5,000,000 rows. Import it in parts."));
        }
        self.widest = self.widest.max(cells.len());
        self.bytes += cells.iter().map(String::len).sum::<usize>();
        self.waiting.push((number, cells));
        if self.heading.is_none() && (self.waiting.len() >= SAMPLE || self.bytes >= BYTES) {
            self.decide();
        }
        let is_full = self.waiting.len() >= ROWS || self.bytes >= BYTES;
        if is_full && self.heading.is_some() { self.flush() } else { Ok(()) }
    }
}

/// As wide as half of the rows: a stray delimiter in one of them adds no column.
fn usual_width(rows: &[&[String]]) -> usize {
    let mut widths: Vec<usize> = rows.iter().map(|cells| cells.len()).collect();
    widths.sort_unstable();
    widths.get(widths.len() / 2).copied().unwrap_or(0)
}

/// Each column has a name, and no two the same.
fn named(first: &[String], width: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(width);
    for column in 0..width.max(first.len()) {
        let written = first.get(column).map(|name| name.replace(['\n', '\r'], " ")).unwrap_or_default();
        let name: String = written.chars().take(100).collect();
        let name = if name.is_empty() { format!("Column {}", column + 1) } else { name };
        let is_taken = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        let again = (2..).map(|count| format!("{name} ({count})")).find(|name| !is_taken(name));
        let name = if is_taken(&name) { again.unwrap_or(name) } else { name };
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn read(has_header: Option<bool>, rows: &[&[&str]]) -> Result<(Heading, usize, Batch), Trouble> {
        let mut kept = Batch::new();
        let mut sink = Rows::new(has_header, |_: &Heading, batch: Batch| {
            kept.extend(batch);
            Ok(())
        });
        for (at, row) in rows.iter().enumerate() {
            sink.row(at as i64 + 1, cells(row))?;
        }
        let (heading, widest) = sink.finish()?;
        Ok((heading, widest, kept))
    }

    #[test]
    fn headings_are_numbered_where_they_come_twice_or_not_at_all() {
        let (heading, widest, kept) =
            read(None, &[&["Name", "Phone", "phone", ""], &["Ana", "1", "2", "3", "4"]]).unwrap();
        assert_eq!(heading.names, ["Name", "Phone", "phone (2)", "Column 4", "Column 5"]);
        assert_eq!((heading.is_in_file, widest, kept.len(), kept[0].0), (true, 5, 1, 2));
    }

    #[test]
    fn a_file_without_a_heading_keeps_its_first_row() {
        let (heading, _, kept) = read(None, &[&["Ana", "ana@example.org"], &["Ben", "ben@example.org"]]).unwrap();
        assert_eq!((heading.is_in_file, heading.names, kept.len()), (false, cells(&["Column 1", "Column 2"]), 2));
        assert_eq!(read(Some(true), &[&["Ana"], &["Ben"]]).unwrap().2.len(), 1);
    }

    #[test]
    fn nothing_and_only_a_heading_are_told_apart() {
        let why = |rows: &[&[&str]]| match read(None, rows) {
            Err(Trouble::Told(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(why(&[]).contains("no rows."));
        assert!(why(&[&["First name", "Email"]]).contains("only a heading"));
    }
}
