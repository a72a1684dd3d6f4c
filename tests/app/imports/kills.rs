//! Kills: whatever is interrupted when, each row is done once.

use super::{check, count, people, read, state};
use crate::support::{TestApp, post};
use std::time::Duration;
use switchboard::imports::running;
use switchboard::kit::error::Error;
use switchboard::worker;

/// Runs what is due, and dies after so long: what was begun may still end, as in a process that was only slow.
async fn die_after(app: &TestApp, milliseconds: u64) {
    let work = worker::registered(app.url(), &app.parts);
    let _ = tokio::time::timeout(Duration::from_millis(milliseconds), work.run_due()).await;
    // The sweep gives a dead process's jobs to others.
    app.sql("UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL, attempts = 0");
    app.sql("UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL");
}

fn file(rows: usize) -> String {
    let rows: String =
        (0..rows).map(|row| format!("Ana {row},+49151{:08},a{row}@example.org\n", 20_000_000 + row)).collect();
    format!("Name,Phone,Email\n{rows}")
}

#[actix_web::test]
async fn killed_at_any_moment_each_row_becomes_one_customer() {
    const ROWS: usize = 3000;
    let app = TestApp::new().await;
    let moments: Vec<u64> = (0..18).map(|_| rand::random_range(5..400)).collect();
    println!("killed after {moments:?} ms");
    let mut moments = moments.into_iter();
    let answer = super::bring(&app, "people.csv", file(ROWS).as_bytes()).await;
    let here = answer.location().to_owned();
    for moment in moments.by_ref().take(6) {
        die_after(&app, moment).await;
    }
    app.run_jobs().await;
    assert_eq!((app.count("FROM import_rows"), count(&app, "rows")), (ROWS as i64, ROWS as i64));
    let columns = [("column.0", "full_name"), ("column.1", "phone"), ("column.2", "email"), ("mode", "create")];
    app.max(crate::support::form(&format!("{here}/columns"), &columns)).await;
    for moment in moments.by_ref().take(6) {
        die_after(&app, moment).await;
    }
    app.run_jobs().await;
    assert_eq!((state(&app).as_str(), count(&app, "would_create"), count(&app, "faulty")), ("checked", ROWS as i64, 0));
    assert_eq!(app.max(post(&format!("{here}/run"))).await.status, 303);

    for moment in moments {
        die_after(&app, moment).await;
    }
    app.run_jobs().await;

    assert_eq!((state(&app).as_str(), count(&app, "created"), count(&app, "refused")), ("completed", ROWS as i64, 0));
    assert_eq!(people(&app).len(), ROWS);
    assert_eq!(app.count("FROM customer_identities"), 2 * ROWS as i64);
    assert_eq!(app.count("FROM customer_state_changes"), ROWS as i64);
    let alone = "FROM import_rows JOIN customers ON customers.id = customer_id AND customers.phone = \
                 replace(cells[2], '+', '') WHERE import_rows.state = 'created'";
    assert_eq!(app.count(alone), ROWS as i64, "each row knows its own customer");
}

#[actix_web::test]
async fn a_chunk_that_fails_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let here = read(&app, file(1500)).await;
    check(&app, &here, &["full_name", "phone", "email"], &[]).await;
    app.max(post(&format!("{here}/run"))).await;
    let (id, vault) = (here.rsplit('/').next().unwrap().parse().unwrap(), app.parts.vault.clone());

    let platform = app.parts.db.platform();
    let failed = platform.enter(app.acme, move |conn, tenant| {
        let ahead = running::look_ahead(conn, tenant, id, None)?;
        running::advance(conn, tenant, &vault, id, ahead)?;
        Err::<(), _>(Error::Busy)
    });

    assert!(failed.await.is_err());
    assert_eq!((app.count("FROM customers"), count(&app, "created")), (0, 0));
    app.run_jobs().await;
    assert_eq!((people(&app).len(), count(&app, "created")), (1500, 1500));
}
