//! Faulty rows: told, mended, left out, reported.

use super::{check, count, page, people, read, run};
use crate::support::{TestApp, form, get, post};

const FILE: &str = "Name,Phone,Email\n\
                    Ana Silva,0151 23456789,ana@example.org\n\
                    Ben,12,\"\"\"b b\"\"@c.test\"\n\
                    Cleo,0151 23456789,\n\
                    =1+1,,dora@example.org\n";
const COLUMNS: [&str; 3] = ["full_name", "phone", "email"];

#[actix_web::test]
async fn faulty_rows_are_mended_in_the_page_or_left_out() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    check(&app, &here, &COLUMNS, &[]).await;
    assert_eq!((count(&app, "would_create"), count(&app, "faulty")), (1, 3));
    let rows = page(&app, &format!("{here}/rows")).await;
    rows.shows("3 rows cannot be imported").shows("no phone number").shows("quotation marks");
    rows.shows("Row 2 has the same phone already.").shows("This is a formula");

    let mended = |number: i64, cells: &[(&str, &str)]| form(&format!("{here}/rows/{number}"), cells);
    let still = app.max(mended(3, &[("cell.1", "0151 23456780"), ("cell.2", "nobody")])).await;
    assert_eq!(still.status, 422);
    still.shows("no email address").shows("value=\"nobody\"").hides("This is no phone number");
    assert_eq!(app.max(mended(3, &[("cell.2", "ben@example.org")])).await.status, 303);
    assert_eq!(app.max(post(&format!("{here}/rows/4/skipping"))).await.status, 303);
    assert_eq!(app.max(mended(5, &[("cell.0", "Dora Díaz")])).await.status, 303);

    assert_eq!((count(&app, "would_create"), count(&app, "faulty"), count(&app, "skipped")), (3, 0, 1));
    page(&app, &format!("{here}/rows")).await.shows("Nothing to mend here");
    run(&app, &here).await;
    assert_eq!(
        people(&app),
        ["Ben 4915123456780 ben@example.org", "Ana Silva 4915123456789 ana@example.org", "Dora Díaz dora@example.org"]
    );
    assert_eq!(app.max(mended(5, &[("cell.0", "Eva")])).await.status, 422, "the row is done");
}

#[actix_web::test]
async fn characters_that_cannot_be_stored_leave_a_row_as_it_was() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    check(&app, &here, &COLUMNS, &[]).await;

    let answer = app.max(form(&format!("{here}/rows/5"), &[("cell.0", "Do\0ra")])).await;

    assert_eq!(answer.status, 422);
    answer.shows("characters that cannot be stored").shows("value=\"Dora\"");
    assert_eq!(app.count("FROM import_rows WHERE cells[1] = '=1+1'"), 1);
}

#[actix_web::test]
async fn refused_rows_are_a_table_with_reasons_and_without_formulas() {
    let app = TestApp::new().await;
    let here = read(&app, FILE).await;
    check(&app, &here, &COLUMNS, &[]).await;
    run(&app, &here).await;

    let report = app.max(get(&format!("{here}/refused.csv"))).await;

    assert_eq!(report.status, 200);
    assert!(report.header("content-disposition").contains("refused-people.csv"));
    let lines: Vec<&str> = report.html.split("\r\n").collect();
    assert_eq!(lines[0], "Row,Name,Phone,Email,Reason");
    assert!(lines[1].starts_with("3,Ben,12,") && lines[1].contains("Phone: This is no phone number"), "{}", lines[1]);
    assert!(lines[3].starts_with("5,'=1+1,,dora@example.org,\"Name: This is a formula"), "{}", lines[3]);
    assert_eq!(lines.len(), 5);
    assert!(app.audited().contains(&"exported customer_imports".to_owned()));
}

#[actix_web::test]
async fn many_faulty_rows_come_page_by_page() {
    let app = TestApp::new().await;
    let rows: String = (0..25).map(|row| format!("Ana {row},12\n")).collect();
    let here = read(&app, format!("Name,Phone\n{rows}")).await;
    check(&app, &here, &["full_name", "phone"], &[]).await;

    let first = page(&app, &format!("{here}/rows")).await;

    first.shows("id=\"row_2\"").shows("id=\"row_21\"").hides("id=\"row_22\"").shows("rows?after=21");
    page(&app, &format!("{here}/rows?after=21"))
        .await
        .shows("id=\"row_22\"")
        .shows("id=\"row_26\"")
        .hides("rows?after=26");
    assert_eq!(app.max(get(&format!("{here}/rows?after=nonsense"))).await.status, 200);
}

#[actix_web::test]
async fn a_customer_who_is_made_between_check_and_run_is_not_doubled() {
    let app = TestApp::new().await;
    let here = read(&app, "name,phone\nAna,0151 23456789\nBen,0151 23456780\n").await;
    check(&app, &here, &["full_name", "phone"], &[]).await;
    let number = app.number("Workshop").await;
    app.conversation(number, "4915123456789", &["Hello"]).await;

    run(&app, &here).await;

    assert_eq!((count(&app, "created"), count(&app, "refused")), (1, 1));
    assert_eq!(app.count("FROM customers WHERE phone = '4915123456789'"), 1);
    page(&app, &here).await.shows("Refused rows as CSV");
    app.take_jobs();
}

/// Erased before the file was checked, and after: nobody comes back either way.
#[actix_web::test]
async fn nobody_is_brought_back_who_was_erased() {
    let app = TestApp::new().await;
    for (name, phone) in [("Ana", "+49 151 23456789"), ("Cleo", "+49 151 23456787")] {
        app.ada(form("/customers", &[("first_name", name), ("phone", phone)])).await;
    }
    let erase = async |name: &str| {
        let id = app.text(&format!("SELECT id::text AS text FROM customers WHERE first_name = '{name}'"));
        let confirmed = [("messages", "delete"), ("name", name)];
        assert_eq!(app.ada(form(&format!("/customers/{id}/erasure"), &confirmed)).await.status, 303);
        app.run_jobs().await;
    };
    erase("Ana").await;

    let here = read(&app, "Name,Phone\nAna,0151 23456789\nBen,0151 23456788\nCleo,0151 23456787\n").await;
    check(&app, &here, &["full_name", "phone"], &[("mode", "upsert")]).await;
    assert_eq!((count(&app, "would_create"), count(&app, "faulty")), (1, 1));
    page(&app, &format!("{here}/rows")).await.shows("This person asked to be erased");
    erase("Cleo").await;
    run(&app, &here).await;

    // With Cleo went her row.
    assert_eq!((count(&app, "created"), count(&app, "refused")), (1, 1));
    assert_eq!(people(&app), ["Ben 4915123456788"]);
}
