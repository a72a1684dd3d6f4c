//! XLSX: a ZIP of XML. What its parts unpack to is measured before any is read, because a small file can hold a very
//! large one. Formulas count by the value that the spreadsheet program has stored with them.

use super::{MOST_COLUMNS, Sink, Trouble, cell, is_blank};
use crate::imports::format::Format;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use uuid::Uuid;
use zip::ZipArchive;

/// Bytes that all parts may unpack to; the sheet is read as it unpacks.
const MOST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// Bytes of a part that is held in memory, such as the list of all texts.
const MOST_HELD: u64 = 64 * 1024 * 1024;
const MOST_PARTS: usize = 2000;

pub fn read(mut source: impl Read, format: &Format, sink: &mut impl Sink) -> Result<Format, Trouble> {
    let mut file = nameless()?;
    io::copy(&mut source, &mut file)?;
    file.flush()?;
    file.rewind()?;
    measure(&mut file)?;
    file.rewind()?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(told)?;
    let sheet = sheet(&book, format.sheet.as_deref())?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(told)?;
    let mut row = Row::default();
    while let Some(found) = cells.next_cell().map_err(told)? {
        let (line, column) = found.get_position();
        if i64::from(line) + 1 != row.number {
            row.hand_on(sink)?;
            row.number = i64::from(line) + 1;
        }
        row.set(column as usize, &text(found.get_value()))?;
    }
    row.hand_on(sink)?;
    Ok(Format { sheet: Some(sheet), ..format.clone() })
}

/// A file that nobody finds, and that is gone when it is closed, also by a kill.
fn nameless() -> io::Result<File> {
    let path = std::env::temp_dir().join(format!("switchboard-{}", Uuid::now_v7().simple()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Unpacks every part to nowhere: what a part says of its own size may be a lie.
fn measure(file: &mut File) -> Result<(), Trouble> {
    let broken = |_: zip::result::ZipError| {
        Trouble::told("This XLSX file is damaged. Open it in a spreadsheet program and save it again.")
    };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(&broken)?;
    if archive.len() > MOST_PARTS {
        return Err(Trouble::told("This XLSX file has too many parts. Save it as CSV, and import that."));
    }
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(&broken)?;
        let name = part.name().map_err(&broken)?;
        let is_streamed = name.starts_with("xl/worksheets/") || !name.ends_with(".xml");
        let most = if is_streamed { left } else { left.min(MOST_HELD) };
        let size = io::copy(&mut part.take(most + 1), &mut io::sink()).map_err(|_| {
            Trouble::told("This XLSX file is damaged. Open it in a spreadsheet program and save it again.")
        })?;
        if size > most {
            return Err(Trouble::told(
                "This XLSX file unpacks to more than can be read. Save it as CSV, and import that.",
            ));
        }
        left -= size;
    }
    Ok(())
}

/// The one that was chosen, else the first that can be seen.
fn sheet(book: &Xlsx<BufReader<File>>, wanted: Option<&str>) -> Result<String, Trouble> {
    let sheets = book.sheets_metadata();
    let is_table = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
    let chosen = sheets.iter().filter(is_table).find(|sheet| Some(sheet.name.as_str()) == wanted);
    let visible = || sheets.iter().filter(is_table).find(|sheet| sheet.visible == SheetVisible::Visible);
    let found = chosen.or_else(visible).map(|sheet| sheet.name.clone());
    found.ok_or_else(|| Trouble::told("This XLSX file has no sheet with a table."))
}

fn told(cause: XlsxError) -> Trouble {
    match cause {
        XlsxError::Password => Trouble::told("This file has a password. Save it without one."),
        XlsxError::Io(cause) => Trouble::Unexpected(cause.into()),
        other => {
            tracing::info!(%other, "a workbook cannot be read");
            Trouble::told(
                "This XLSX file cannot be read. Open it in a spreadsheet program and save it again, or as CSV.",
            )
        }
    }
}

/// A row that is put together from its cells.
#[derive(Default)]
struct Row {
    number: i64,
    cells: Vec<String>,
}

impl Row {
    fn set(&mut self, column: usize, text: &str) -> Result<(), Trouble> {
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Trouble::told(format!(
                "Row {} has more than {MOST_COLUMNS} columns. Take out those that you do not need.",
                self.number
            )));
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = cell(text);
        Ok(())
    }

    fn hand_on(&mut self, sink: &mut impl Sink) -> Result<(), Trouble> {
        let cells = std::mem::take(&mut self.cells);
        if is_blank(&cells) { Ok(()) } else { sink.row(self.number, cells) }
    }
}

/// As somebody would type it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(true) => "yes".into(),
        DataRef::Bool(false) => "no".into(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DateTime(at) => match at.as_datetime().filter(|_| !at.is_duration()) {
            Some(at) => at.format("%Y-%m-%d %H:%M:%S").to_string().trim_end_matches(" 00:00:00").to_owned(),
            None => at.as_f64().to_string(),
        },
        DataRef::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zip::write::SimpleFileOptions;

    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Customers" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const LINKS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

    fn book(rows: &str) -> Vec<u8> {
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
        );
        zipped(&[
            ("_rels/.rels", PACKAGE),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", LINKS),
            ("xl/styles.xml", STYLES),
            ("xl/worksheets/sheet1.xml", &sheet),
        ])
    }

    fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[derive(Default)]
    struct Kept(Vec<(i64, Vec<String>)>);

    impl Sink for Kept {
        fn row(&mut self, number: i64, cells: Vec<String>) -> Result<(), Trouble> {
            self.0.push((number, cells));
            Ok(())
        }
    }

    #[test]
    fn cells_are_read_as_they_are_shown() {
        let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c><c r="C1" t="inlineStr"><is><t>Since</t></is></c></row>
            <row r="3"><c r="A3" t="str"><f>"A"&amp;"na"</f><v>Ana</v></c><c r="B3"><v>4915123456789</v></c><c r="C3" s="1"><v>46347</v></c><c r="D3" t="b"><v>1</v></c><c r="E3"><v>1.5</v></c></row>"#;
        let mut kept = Kept::default();
        let format = read(book(rows).as_slice(), &Format::default(), &mut kept).unwrap();
        assert_eq!(format.sheet.as_deref(), Some("Customers"));
        let expected = [(1, vec!["Name", "", "Since"]), (3, vec!["Ana", "4915123456789", "2026-11-21", "yes", "1.5"])];
        let expected: Vec<(i64, Vec<String>)> =
            expected.map(|(number, cells)| (number, cells.into_iter().map(str::to_owned).collect())).into();
        assert_eq!(kept.0, expected);
    }

    #[test]
    fn a_bomb_is_measured_before_it_is_read() {
        let bomb = "<a/>".repeat(MOST_HELD as usize / 4 + 1);
        let file = zipped(&[("xl/workbook.xml", BOOK), ("xl/sharedStrings.xml", &bomb)]);
        assert!(file.len() < 1024 * 1024, "{}", file.len());
        match read(file.as_slice(), &Format::default(), &mut Kept::default()) {
            Err(Trouble::Told(why)) => assert!(why.contains("unpacks to more"), "{why}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_no_workbook_is_told() {
        for file in [b"PK\x03\x04 nothing".to_vec(), zipped(&[("a.txt", "b")]), book("")[..300].to_vec()] {
            assert!(matches!(read(file.as_slice(), &Format::default(), &mut Kept::default()), Err(Trouble::Told(_))));
        }
    }
}
