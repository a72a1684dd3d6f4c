//! The database keeps its own promises: read from its catalogue, not from the migrations' text.

mod deadlocks;
mod isolation;
mod migrations;
mod prepared;
mod roles;
mod schema;

use super::support::cluster::Database;
use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    text: String,
}

/// The rows of a query whose one column is called `text`, as the superuser.
fn texts(database: &Database, sql: &str) -> Vec<String> {
    let mut conn = PgConnection::establish(database.url()).unwrap();
    let found = diesel::sql_query(sql).load::<Line>(&mut conn);
    found.unwrap_or_else(|error| panic!("{sql}: {error}")).into_iter().map(|line| line.text).collect()
}

fn nothing() -> Vec<String> {
    Vec::new()
}

/// Tables that belong to no tenant.
const NO_TENANT: &str = "('tenants', '__diesel_schema_migrations', 'tries', 'passkey_ceremonies')";
