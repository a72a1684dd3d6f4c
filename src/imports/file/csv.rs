//! Text with a delimiter. The reader's buffers do not grow, so that a quotation mark that nobody closes is told instead
//! of taking the rest of the file for one cell.

use super::{MOST_COLUMNS, Sink, Trouble, cell, is_blank};
use crate::imports::format::{DELIMITERS, Decoding, Format};
use csv_core::{ReadRecordResult, ReaderBuilder};
use std::io::Read;

/// Bytes of a row.
const MOST_ROW: usize = 4 * 1024 * 1024;
/// Bytes that are decoded at a time; the delimiter is guessed from the first of them.
const PIECE: usize = 64 * 1024;

pub fn read(source: impl Read, format: &Format, sink: &mut impl Sink) -> Result<Format, Trouble> {
    let mut text = Text { source, decoding: Decoding::new(format.encoding()), bytes: vec![0; PIECE], is_over: false };
    let mut piece = String::new();
    text.next(&mut piece)?;
    let delimiter = format.delimiter.unwrap_or_else(|| guess_delimiter(&piece));
    let mut records = Records::new(delimiter as u8);
    loop {
        records.take(piece.as_bytes(), sink)?;
        if text.is_over {
            records.take(&[], sink)?;
            return Ok(Format { delimiter: Some(delimiter), ..format.clone() });
        }
        piece.clear();
        text.next(&mut piece)?;
    }
}

/// Decoded piece by piece.
struct Text<R> {
    source: R,
    decoding: Decoding,
    bytes: Vec<u8>,
    is_over: bool,
}

impl<R: Read> Text<R> {
    /// Adds the next piece, which is empty at the end only.
    fn next(&mut self, text: &mut String) -> Result<(), Trouble> {
        while text.is_empty() && !self.is_over {
            let mut filled = 0;
            while filled < PIECE {
                match self.source.read(&mut self.bytes[filled..])? {
                    0 => {
                        self.is_over = true;
                        break;
                    }
                    count => filled += count,
                }
            }
            self.decoding.decode(&self.bytes[..filled], self.is_over, text);
        }
        Ok(())
    }
}

/// Cuts text into records.
struct Records {
    reader: csv_core::Reader,
    output: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    number: i64,
}

impl Records {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            output: vec![0; PIECE],
            filled: 0,
            ends: vec![0; MOST_COLUMNS + 1],
            ended: 0,
            number: 0,
        }
    }

    /// Hands on what `text` completes; nothing is the end.
    fn take(&mut self, mut text: &[u8], sink: &mut impl Sink) -> Result<(), Trouble> {
        let is_end = text.is_empty();
        loop {
            let (output, ends) = (&mut self.output[self.filled..], &mut self.ends[self.ended..]);
            let (result, read, written, ended) = self.reader.read_record(text, output, ends);
            text = &text[read..];
            self.filled += written;
            self.ended += ended;
            match result {
                ReadRecordResult::InputEmpty if is_end => {}
                ReadRecordResult::InputEmpty => return Ok(()),
                ReadRecordResult::OutputFull if self.output.len() >= MOST_ROW => {
                    return Err(Trouble::told(format!(
                        "Row {} does not end. Perhaps a quotation mark in it was never closed.",
                        self.number + 1
                    )));
                }
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 4, 0),
                ReadRecordResult::OutputEndsFull => {
                    return Err(Trouble::told(format!(
                        "Row {} has more than {MOST_COLUMNS} columns. Take out those that you do not need.",
                        self.number + 1
                    )));
                }
                ReadRecordResult::Record => self.hand_on(sink)?,
                ReadRecordResult::End => return Ok(()),
            }
        }
    }

    fn hand_on(&mut self, sink: &mut impl Sink) -> Result<(), Trouble> {
        self.number += 1;
        let mut from = 0;
        let cells = self.ends[..self.ended].iter().map(|end| {
            let text = String::from_utf8_lossy(&self.output[from..*end]);
            from = *end;
            cell(&text)
        });
        let cells: Vec<String> = cells.collect();
        (self.filled, self.ended) = (0, 0);
        if is_blank(&cells) { Ok(()) } else { sink.row(self.number, cells) }
    }
}

/// The one that cuts the first rows into the same number of columns, and into most; the comma, which stands in texts as
/// well, only where no other does.
fn guess_delimiter(sample: &str) -> char {
    let score = |delimiter: char| {
        let mut widths = Widths::default();
        let mut records = Records::new(delimiter as u8);
        // A row that is too wide ends the guess, not the file.
        let _ = records.take(sample.as_bytes(), &mut widths);
        widths.score()
    };
    let scored = DELIMITERS.iter().map(|(delimiter, _)| (score(*delimiter), *delimiter));
    scored.fold((0, ','), |best, next| if next.0 > 0 && next.0 >= best.0 { next } else { best }).1
}

#[derive(Default)]
struct Widths(Vec<usize>);

impl Sink for Widths {
    fn row(&mut self, _: i64, cells: Vec<String>) -> Result<(), Trouble> {
        self.0.push(cells.len());
        if self.0.len() < 50 { Ok(()) } else { Err(Trouble::Stopped) }
    }
}

impl Widths {
    /// Nothing for one column; rows as wide as the first weigh more than width.
    fn score(&self) -> usize {
        let first = self.0.first().copied().unwrap_or(0);
        let same = self.0.iter().filter(|width| **width == first).count();
        if first < 2 { 0 } else { same * 1000 / self.0.len() * 10 + first.min(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Kept(Vec<(i64, Vec<String>)>);

    impl Sink for Kept {
        fn row(&mut self, number: i64, cells: Vec<String>) -> Result<(), Trouble> {
            self.0.push((number, cells));
            Ok(())
        }
    }

    fn rows(text: &[u8]) -> (Format, Vec<(i64, Vec<String>)>) {
        let mut kept = Kept::default();
        let format = read(text, &Format { encoding: "UTF-8".into(), ..Format::default() }, &mut kept).unwrap();
        (format, kept.0)
    }

    #[test]
    fn the_delimiter_is_guessed() {
        for (text, delimiter) in [
            ("a,b\n1,2\n", ','),
            ("a;b\n\"1;x\";2,5\n3;4,5\n", ';'),
            ("a\tb, c\n1\t2, 3\n", '\t'),
            ("a|b\n1|2", '|'),
            ("name\nAna\n", ','),
            ("a;b;c\n1,5;2,5;3,5\n", ';'),
        ] {
            assert_eq!(rows(text.as_bytes()).0.delimiter, Some(delimiter), "{text}");
        }
    }

    #[test]
    fn quotes_line_ends_and_ragged_rows_are_kept_apart() {
        let (_, found) = rows(b"a;b\r\n\"x\"\"y\nz\";2\r\n;\r\n3\r\n1;2;3");
        let expected: Vec<(i64, Vec<String>)> =
            [(1, vec!["a", "b"]), (2, vec!["x\"y\nz", "2"]), (4, vec!["3"]), (5, vec!["1", "2", "3"])]
                .map(|(number, cells)| (number, cells.into_iter().map(str::to_owned).collect()))
                .into();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_file_of_any_shape_is_read_or_told() {
        let read_all = |text: &[u8]| read(text, &Format::default(), &mut Kept::default());
        let wide = vec!["x"; 2000].join(",");
        assert!(matches!(read_all(wide.as_bytes()), Err(Trouble::Told(why)) if why.contains("200 columns")));
        let open = format!("a,b\n\"{}", "x".repeat(MOST_ROW + 10));
        assert!(matches!(read_all(open.as_bytes()), Err(Trouble::Told(why)) if why.contains("Row 2")));
        let long = format!("a,b\n{},2\n", "x".repeat(1024 * 1024));
        let (_, found) = rows(long.as_bytes());
        assert_eq!(found[1].1[0].len(), super::super::MOST_CELL);
        assert_eq!(rows(b"a,b\nx\0y,1\n").1[1].1[0], "x\u{FFFD}y");
    }
}
