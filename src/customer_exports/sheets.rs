//! Tables as files for spreadsheet programs, row by row: none is held as a whole.

use super::cells::Cell;
use crate::kit::error::{Error, Result};
use crate::kit::sheet::{self, harmless};
use chrono::SecondsFormat;
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Workbook};
use serde::{Deserialize, Serialize};
use std::io::Write;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Csv,
    Xlsx,
}

impl Format {
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    pub fn word(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Rows of a worksheet; Excel ends at 1,048,576.
const MOST_ROWS: u32 = 1_000_000;

/// A table that is being written.
pub(super) enum Sheet {
    Csv(Vec<u8>),
    Xlsx(Box<Book>),
}

/// Rows lie in a temporary file until it is finished.
pub(super) struct Book {
    workbook: Workbook,
    head: Vec<String>,
    sheets: usize,
    /// The next one of the last worksheet.
    row: u32,
}

impl Sheet {
    pub(super) fn new(format: Format, head: Vec<String>) -> Result<Self> {
        match format {
            // The mark tells Excel that the text is UTF-8.
            Format::Csv => Ok(Self::Csv([b"\xEF\xBB\xBF".to_vec(), sheet::line(head)?].concat())),
            Format::Xlsx => Book::new(head).map(|book| Self::Xlsx(Box::new(book))),
        }
    }

    pub(super) fn add(&mut self, rows: Vec<Vec<Cell>>) -> Result<()> {
        match self {
            Self::Csv(text) => {
                let rows = rows.into_iter().map(|row| row.into_iter().map(plain).collect::<Vec<_>>());
                text.extend(sheet::lines(rows)?);
                Ok(())
            }
            Self::Xlsx(book) => rows.into_iter().try_for_each(|row| book.add(row)),
        }
    }

    /// What is ready to be written away already.
    pub(super) fn take(&mut self) -> Vec<u8> {
        match self {
            Self::Csv(text) => std::mem::take(text),
            Self::Xlsx(_) => Vec::new(),
        }
    }

    /// The rest.
    pub(super) fn finish(self, to: impl Write + Send) -> Result<()> {
        match self {
            Self::Csv(text) => {
                let mut to = to;
                to.write_all(&text).map_err(Error::unexpected)
            }
            Self::Xlsx(mut book) => book.workbook.save_to_writer(to).map_err(Error::unexpected),
        }
    }
}

fn plain(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
        Cell::Moment(at) => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}

impl Book {
    fn new(head: Vec<String>) -> Result<Self> {
        let mut book = Self { workbook: Workbook::new(), head, sheets: 0, row: 0 };
        book.begin_sheet()?;
        Ok(book)
    }

    fn begin_sheet(&mut self) -> Result<()> {
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(Error::unexpected)?;
        sheet.set_freeze_panes(1, 0).map_err(Error::unexpected)?;
        let bold = Look::new().set_bold();
        for (column, name) in self.head.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, name, &bold).map_err(Error::unexpected)?;
        }
        (self.sheets, self.row) = (self.sheets + 1, 1);
        Ok(())
    }

    fn add(&mut self, cells: Vec<Cell>) -> Result<()> {
        if self.row > MOST_ROWS {
            self.begin_sheet()?;
        }
        let moment = Look::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1).map_err(Error::unexpected)?;
        for (column, cell) in cells.into_iter().enumerate() {
            let (row, column) = (self.row, column as u16);
            let written = match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(row, column, harmless(text)),
                Cell::Number(number) => sheet.write_number(row, column, number),
                Cell::Moment(at) => match ExcelDateTime::from_timestamp(at.timestamp()) {
                    Ok(at) => sheet.write_datetime_with_format(row, column, &at, &moment),
                    Err(_) => sheet.write_string(row, column, at.to_rfc3339()), // before 1900
                },
            };
            written.map_err(Error::unexpected)?;
        }
        self.row += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(format: Format, cells: Vec<Cell>) -> Vec<u8> {
        let mut sheet = Sheet::new(format, vec!["a".into(), "b".into()]).unwrap();
        sheet.add(vec![cells]).unwrap();
        let mut file = Vec::new();
        sheet.finish(&mut file).unwrap();
        file
    }

    #[test]
    fn no_cell_of_a_csv_is_a_formula() {
        let file = written(Format::Csv, vec![Cell::Text("=1+1".into()), Cell::Number(-2.5)]);
        assert_eq!(String::from_utf8(file).unwrap(), "\u{FEFF}a,b\r\n'=1+1,'-2.5\r\n");
    }

    #[test]
    fn a_workbook_is_a_zip_archive_with_a_sheet() {
        let file = written(Format::Xlsx, vec![Cell::Text("=1+1".into()), Cell::Moment(chrono::DateTime::UNIX_EPOCH)]);
        assert!(file.starts_with(b"PK") && file.len() > 1000);
    }
}
