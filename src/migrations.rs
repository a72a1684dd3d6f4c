//! The migrations, in the binary.

use crate::kit::error::{Error, Result};
use crate::kit::jobs;
use anyhow::{Context, anyhow};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Brings the database at `url` up to this program, as its owner; says how many migrations ran. Safe to repeat, and for
/// two processes at once.
pub async fn run(url: &str) -> anyhow::Result<usize> {
    let owned = url.to_owned();
    let done = tokio::task::spawn_blocking(move || {
        in_turn(&owned, |conn| conn.run_pending_migrations(MIGRATIONS).map(|done| done.len()))
    });
    let done = done.await??;
    jobs::migrate(url).await.context("the tables of the job queue")?;
    Ok(done)
}

/// Takes the newest `count` migrations back.
pub fn revert(url: &str, count: usize) -> anyhow::Result<()> {
    in_turn(url, |conn| (0..count).try_for_each(|_| conn.revert_last_migration(MIGRATIONS).map(drop)))
}

/// One process at a time.
fn in_turn<T>(url: &str, work: impl FnOnce(&mut PgConnection) -> diesel::migration::Result<T>) -> anyhow::Result<T> {
    let mut conn = PgConnection::establish(url).context("cannot connect to PostgreSQL")?;
    diesel::sql_query("SELECT pg_advisory_lock(hashtext('switchboard migrations'))").execute(&mut conn)?;
    work(&mut conn).map_err(|cause| anyhow!("migrations: {cause}"))
}

diesel::table! {
    __diesel_schema_migrations (version) {
        version -> VarChar,
    }
}

/// How many migrations of this program the database lacks. As the platform.
pub fn pending(conn: &mut PgConnection) -> Result<usize> {
    use diesel::migration::MigrationSource;
    let known: Vec<String> =
        __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)?;
    let ours: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(|cause| Error::unexpected(anyhow!("{cause}")))?;
    Ok(ours.iter().filter(|migration| !known.contains(&migration.name().version().to_string())).count())
}
