//! What machines ask, and what they learn.

use super::support::database::migrated;
use super::support::{TestApp, get};

#[actix_web::test]
async fn a_living_process_says_so_and_nothing_else() {
    let app = TestApp::new().await;

    let answer = app.anybody(get("/healthz")).await;

    assert_eq!((answer.status, answer.html.as_str(), answer.header("set-cookie")), (200, "ok", ""));
}

#[actix_web::test]
async fn ready_means_that_the_database_has_every_migration() {
    let app = TestApp::new().await;
    assert_eq!(app.anybody(get("/readyz")).await.status, 200);

    app.sql(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );

    assert_eq!(app.anybody(get("/readyz")).await.shows("1 migrations are missing").status, 503);
    assert_eq!(app.anybody(get("/healthz")).await.status, 200);
}

#[actix_web::test]
async fn an_empty_database_is_not_ready_and_no_crash() {
    let mut app = TestApp::new().await;
    let database = migrated();
    let other = switchboard::kit::db::Db::connect(database.url(), 1, 1).unwrap();
    app.change(|parts| parts.db = other);
    assert_eq!(app.anybody(get("/readyz")).await.status, 200);

    drop(database);

    assert_eq!(app.anybody(get("/readyz")).await.shows("the database is away").status, 503);
}
