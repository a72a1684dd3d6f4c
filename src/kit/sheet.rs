//! Tables for spreadsheet programs, as CSV.

use super::error::{Error, Result};
use csv::{Terminator, WriterBuilder};

/// A table with its head. Cells that a spreadsheet would take for formulas are marked as text.
pub fn csv<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Result<Vec<u8>> {
    more(std::iter::once(head.map(str::to_owned)).chain(rows))
}

/// Rows without a head: what follows the first part of a table that is sent bit by bit.
pub fn more<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(harmless)).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|cause| Error::unexpected(cause.into_error()))
}

/// One row of as many cells as there are.
pub fn line(cells: impl IntoIterator<Item = String>) -> Result<Vec<u8>> {
    lines([cells])
}

/// Rows of as many cells as there are.
pub fn lines<R: IntoIterator<Item = String>>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(Error::unexpected)?;
    }
    writer.into_inner().map_err(|cause| Error::unexpected(cause.into_error()))
}

/// A leading apostrophe tells Excel, LibreOffice and Google Sheets that a cell is text:
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
pub fn harmless(cell: String) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let rows = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=b", ""].map(|cell| [cell.to_owned()]);
        let text = String::from_utf8(csv(["cell"], rows).unwrap()).unwrap();
        assert_eq!(text, "cell\r\n'=1+1\r\n'+1\r\n'-1\r\n'@SUM(A1)\r\n'\tx\r\n\"'\rx\"\r\na=b\r\n\"\"\r\n");
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        let row = ["a,b", "say \"hi\"", "one\ntwo"].map(str::to_owned);
        let text = String::from_utf8(csv(["1", "2", "3"], [row]).unwrap()).unwrap();
        assert_eq!(text, "1,2,3\r\n\"a,b\",\"say \"\"hi\"\"\",\"one\ntwo\"\r\n");
    }
}
