//! What an import has made can be taken back for a week, and its rows are kept for a month.

use super::{count, import, page, people, read, state};
use crate::support::{TestApp, post};
use switchboard::imports::jobs::Purge;
use switchboard::kit::jobs::{Options, enqueue_platform};
use switchboard::worker;

const FILE: &str = "name,phone\nAna,0151 23456789\nBen,0151 23456780\nCleo,0151 23456781\n";
const COLUMNS: [&str; 2] = ["full_name", "phone"];

#[actix_web::test]
async fn customers_that_nobody_has_touched_go_and_the_others_stay() {
    let app = TestApp::new().await;
    let here = import(&app, FILE, &COLUMNS, &[]).await;
    page(&app, &here).await.shows("Take back").shows("3 customers");
    app.sql(
        "UPDATE customers SET first_name = 'Anna', updated_at = now() + interval '1 second' WHERE first_name = 'Ana'",
    );
    let number = app.number("Workshop").await;
    app.conversation(number, "4915123456780", &["Hello"]).await;
    app.take_jobs();

    assert_eq!(app.max(post(&format!("{here}/undoing"))).await.status, 303);
    app.run_jobs().await;

    assert_eq!(people(&app), ["Ben 4915123456780", "Anna 4915123456789"]);
    assert_eq!((state(&app).as_str(), count(&app, "undone"), count(&app, "kept")), ("undone", 1, 2));
    assert_eq!(app.count("FROM customer_identities WHERE value = '4915123456781' AND deleted_at IS NULL"), 0);
    let history = "SELECT new_state || ' ' || reason AS text FROM customer_state_changes WHERE new_state = 'deleted'";
    assert_eq!(app.texts(history), ["deleted Import of people.csv taken back"]);
    assert_eq!(app.max(post(&format!("{here}/undoing"))).await.status, 422, "once");
    page(&app, &here).await.shows("Taken back").hides("undo_import");
}

#[actix_web::test]
async fn after_a_week_it_stays() {
    let app = TestApp::new().await;
    let here = import(&app, FILE, &COLUMNS, &[]).await;
    app.sql("UPDATE customer_imports SET ended_at = now() - interval '8 days'");

    page(&app, &here).await.hides("undo_import");
    assert_eq!(app.max(post(&format!("{here}/undoing"))).await.status, 422);
    assert_eq!(people(&app).len(), 3);
}

async fn purge(app: &TestApp) {
    let platform = app.parts.db.platform();
    platform.run(|conn| enqueue_platform(conn, &Purge {}, Options::default())).await.unwrap();
    worker::registered(app.url(), &app.parts).platform_job::<Purge>().run_due().await.unwrap();
}

#[actix_web::test]
async fn rows_and_files_go_when_their_time_is_up() {
    let app = TestApp::new().await;
    let done = import(&app, FILE, &COLUMNS, &[]).await;
    read(&app, "name\nForgotten\n").await;
    let forgotten = app.text("SELECT file AS text FROM customer_imports WHERE state = 'mapping'");
    assert!(app.parts.storage.get(&forgotten).await.is_ok());
    purge(&app).await;
    assert_eq!(app.count("FROM import_rows"), 4, "their time is not up");

    app.sql("UPDATE customer_imports SET ended_at = ended_at - interval '31 days', updated_at = updated_at - interval '31 days'");
    purge(&app).await;

    assert_eq!((app.count("FROM import_rows"), app.count("FROM import_keys")), (0, 0));
    assert!(app.parts.storage.get(&forgotten).await.is_err());
    assert_eq!(app.count("FROM customer_imports"), 1, "the counts of the one that was done stay");
    assert_eq!(people(&app).len(), 3);
    page(&app, &done).await.shows("Done");
}

#[actix_web::test]
async fn a_deleted_import_leaves_its_customers() {
    let app = TestApp::new().await;
    let here = import(&app, FILE, &COLUMNS, &[]).await;

    assert_eq!(app.max(post(&format!("{here}/deletion"))).await.status, 303);

    assert_eq!(page(&app, &here).await.status, 404);
    page(&app, "/customers/imports").await.shows("Bring your customers in");
    purge(&app).await;
    assert_eq!((app.count("FROM customer_imports"), people(&app).len()), (0, 3));
}
