//! Files that are none, or too much of one.

use super::{bring, check, count, page, people, read, state};
use crate::support::{TestApp, Who, form, post};
use std::io::{Cursor, Write};

/// What is said of a file that was received and cannot be read.
async fn told(app: &TestApp, content: impl AsRef<[u8]>) -> String {
    let here = read(app, content).await;
    assert_eq!(state(app), "failed");
    let why = app.text("SELECT error_message AS text FROM customer_imports ORDER BY id DESC LIMIT 1");
    page(app, &here).await.shows("This file could not be read.");
    why
}

#[actix_web::test]
async fn a_file_that_is_no_table_is_refused_before_anything_is_kept() {
    let app = TestApp::new().await;
    for (content, words) in [
        (&b""[..], "This file is empty."),
        (b"%PDF-1.7", "This is no table."),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Excel file"),
        (b"\x7FELF\x00\x00\x00\x00\x01\x00\x00", "This is no table."),
    ] {
        let answer = bring(&app, "x.csv", content).await;
        assert_eq!(answer.status, 422, "{content:?}");
        answer.shows(words);
    }
    let token = app.signed_in(Who::Max).csrf;
    for body in [Vec::new(), b"nonsense".to_vec()] {
        let ask = post("/customers/imports").header("content-type", "multipart/form-data; boundary=x");
        let answer = app.max(ask.header("x-csrf-token", &token).body(body)).await;
        assert_eq!(answer.status, 422);
        answer.shows("Choose a file.");
    }
    assert_eq!(app.max(form("/customers/imports", &[("file", "people.csv")])).await.status, 422);
    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 0);
}

#[actix_web::test]
async fn a_file_that_is_too_large_is_told_by_its_size() {
    let app = TestApp::new().await;
    let max = app.signed_in(Who::Max);
    let ask = super::upload("large.csv", b"name\nAna\n", &max.csrf).cookie(max.cookie);

    let answer = app.send(ask.build(None).insert_header(("content-length", "200100000"))).await;

    assert_eq!(answer.status, 422);
    answer.shows("This file is larger than 200.0 MB.");
    assert_eq!(app.count("FROM customer_imports WHERE deleted_at IS NULL"), 0);
}

#[actix_web::test]
async fn files_without_rows_and_with_too_many_columns_are_told() {
    let app = TestApp::new().await;
    let wide = format!("{}\n{}\n", vec!["name"; 2000].join(","), vec!["x"; 2000].join(","));
    for (content, words) in [
        ("Name,Phone\n".to_owned(), "only a heading"),
        ("\n\n ,\n".to_owned(), "no rows"),
        (wide, "more than 200 columns"),
        (format!("a,b\n\"{}", "x".repeat(5_000_000)), "Row 2 does not end"),
    ] {
        let why = told(&app, content).await;
        assert!(why.contains(words), "{why}");
    }
}

#[actix_web::test]
async fn workbooks_are_read_and_bombs_are_not() {
    let app = TestApp::new().await;
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Name</t></is></c><c r=\"B1\" t=\"inlineStr\"><is><t>Phone</t></is></c></row>\
                <row r=\"2\"><c r=\"A2\" t=\"str\"><f>UPPER(\"ana\")</f><v>Ana Silva</v></c><c r=\"B2\"><v>4915123456789</v></c></row>";
    let here = read(&app, workbook(rows, "")).await;
    page(&app, &here).await.shows("XLSX, sheet “Customers”");
    check(&app, &here, &["full_name", "phone"], &[]).await;
    super::run(&app, &here).await;
    assert_eq!(people(&app), ["Ana Silva 4915123456789"]);

    let bomb = workbook(rows, &"<si/>".repeat(64 * 1024 * 1024 / 5 + 1));
    assert!(bomb.len() < 1_000_000, "{}", bomb.len());
    assert!(told(&app, bomb).await.contains("unpacks to more than can be read"));
    assert!(told(&app, &workbook(rows, "")[..400]).await.contains("damaged"));
    assert!(told(&app, b"PK\x03\x04nothing").await.contains("damaged"));
}

/// An XLSX file with one sheet.
fn workbook(rows: &str, strings: &str) -> Vec<u8> {
    let main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook {main} xmlns:r=\"{links}\"><sheets><sheet name=\"Customers\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"r1\" Type=\"{links}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let package = relations.replace("/worksheet\"", "/officeDocument\"").replace("worksheets/sheet1", "xl/workbook");
    let sheet = format!("<worksheet {main}><sheetData>{rows}</sheetData></worksheet>");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, text: &str| {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    };
    add("_rels/.rels", &package);
    add("xl/workbook.xml", &book);
    add("xl/_rels/workbook.xml.rels", &relations);
    add("xl/worksheets/sheet1.xml", &sheet);
    if !strings.is_empty() {
        add("xl/sharedStrings.xml", &format!("<sst {main}>{strings}</sst>"));
    }
    archive.finish().unwrap().into_inner()
}

#[actix_web::test]
async fn odd_cells_are_told_row_by_row_and_the_rest_goes_on() {
    let app = TestApp::new().await;
    let long = "x".repeat(1024 * 1024);
    let file = format!(
        "Name,Name,Phone,Since\nAna,Silva,0151 23456789,2026-01-31\n{long},x,,\nBe\0n,x,,\nCleo \u{202E}fdp,x,,\n\
         Dora,x,,0000-00-00\nEva,x,,10000-01-01\nFay,x,,,,more\nGil\n,,,\n\
         Ida,x,99999999999999999999,\n"
    );
    app.sql(&format!(
        "INSERT INTO attribute_definitions (tenant_id, id, key, name, kind) VALUES ('{}', gen_random_uuid(), 'since', 'Since', 'date')",
        app.acme
    ));
    let here = read(&app, file).await;
    page(&app, &here).await.shows("Name (2)").shows("<option value=\"attribute:since\" selected>");

    check(&app, &here, &["first_name", "last_name", "phone", "attribute:since"], &[]).await;

    let problems = app.texts(
        "SELECT number || ' ' || problems::text AS text FROM import_rows WHERE state = 'refused' ORDER BY number",
    );
    for (problem, words) in problems.iter().zip([
        "3 {\"0\": \"At most 100",
        "4 {\"0\": \"This contains characters that cannot be read",
        "5 {\"0\": \"This contains marks that turn",
        "6 {\"3\": \"This is no date",
        "7 {\"3\": \"This is no date",
        "8 {\"row\": \"This row has 6 cells, and the heading 4",
        "11 {\"2\": \"This is no phone number",
    ]) {
        assert!(problem.starts_with(words), "{problem}");
    }
    assert_eq!((problems.len(), count(&app, "would_create"), count(&app, "short")), (7, 2, 1));
    page(&app, &here).await.shows("1 row is shorter than the heading");
}

#[actix_web::test]
async fn a_file_in_other_letters_is_read_in_them_and_read_again_when_the_guess_was_wrong() {
    let app = TestApp::new().await;
    let text = "Name;Stadt\nJürgen Müller;Köln\nZoë Größe;Düsseldorf\n";
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for content in [latin.to_vec(), wide] {
        let here = read(&app, &content).await;
        page(&app, &here).await.shows("Jürgen Müller");
    }
    let (cyrillic, ..) = encoding_rs::KOI8_U.encode("Имя\nАнна\n");
    let here = read(&app, &cyrillic).await;

    let form =
        form(&format!("{here}/reading"), &[("encoding", "windows-1251"), ("delimiter", "Semicolon"), ("header", "no")]);
    assert_eq!(app.max(form).await.status, 303);
    app.run_jobs().await;

    let (_, rows) = (page(&app, &here).await.shows("2 rows, CSV, semicolon, Cyrillic"), count(&app, "rows"));
    assert_eq!(rows, 2);
    assert_eq!(app.count("FROM import_rows"), 6, "and none of the first reading");
}
