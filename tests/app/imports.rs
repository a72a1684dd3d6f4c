//! Customers from files: the upload, the columns, the check, the run, and what may go wrong at each.

mod api;
mod bad_files;
mod kills;
mod rows;
mod steps;
mod taking_back;
mod updates;

use crate::support::{Answer, Ask, TestApp, Who, form, get, post};

const BOUNDARY: &str = "----desk";

/// A form with a file, as a browser sends it.
fn upload(name: &str, content: &[u8], token: &str) -> Ask {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf_token\"\r\n\r\n{token}\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    post("/customers/imports").header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}")).body(body)
}

/// Max brings a file; it is not read yet.
async fn bring(app: &TestApp, name: &str, content: &[u8]) -> Answer {
    let token = app.signed_in(Who::Max).csrf;
    app.max(upload(name, content, &token)).await
}

/// The page of an import that Max has brought, once its rows are read.
async fn read(app: &TestApp, content: impl AsRef<[u8]>) -> String {
    let answer = bring(app, "people.csv", content.as_ref()).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    app.run_jobs().await;
    answer.location().to_owned()
}

/// Says what the columns are, by their words, and has the rows checked.
async fn check(app: &TestApp, page: &str, columns: &[&str], more: &[(&str, &str)]) {
    let names: Vec<String> = (0..columns.len()).map(|index| format!("column.{index}")).collect();
    let mut fields =
        vec![("mode", "create"), ("match_by", "phone"), ("region", "DE"), ("empty", "keep"), ("label", "")];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    fields.extend(names.iter().map(String::as_str).zip(columns.iter().copied()));
    let answer = app.max(form(&format!("{page}/columns"), &fields)).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    app.run_jobs().await;
}

async fn run(app: &TestApp, page: &str) {
    let answer = app.max(post(&format!("{page}/run"))).await;
    assert_eq!(answer.status, 303, "{}", answer.html);
    app.run_jobs().await;
}

/// From the file to the customers.
async fn import(app: &TestApp, content: impl AsRef<[u8]>, columns: &[&str], more: &[(&str, &str)]) -> String {
    let page = read(app, content).await;
    check(app, &page, columns, more).await;
    run(app, &page).await;
    page
}

/// The only import's counts of that name.
fn count(app: &TestApp, name: &str) -> i64 {
    let sql =
        format!("SELECT COALESCE(counts ->> '{name}', '0') AS text FROM customer_imports ORDER BY id DESC LIMIT 1");
    app.text(&sql).parse().unwrap()
}

/// Its state.
fn state(app: &TestApp) -> String {
    app.text("SELECT state::text AS text FROM customer_imports ORDER BY id DESC LIMIT 1")
}

/// "first last phone email" of every customer, by phone.
fn people(app: &TestApp) -> Vec<String> {
    app.texts(
        "SELECT concat_ws(' ', first_name, last_name, phone, email) AS text FROM customers WHERE deleted_at IS NULL ORDER BY phone, email",
    )
}

async fn page(app: &TestApp, path: &str) -> Answer {
    app.max(get(path)).await
}
