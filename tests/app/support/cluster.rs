//! A database per test, copied from a template, on one fast cluster that all test processes and later runs share.
//!
//! Whichever test comes first starts the cluster, under `test-cluster` in the target directory; bin/test stops it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::fs::{self, File};
use std::path::Path;
use switchboard::kit::embedded::Cluster;
use uuid::Uuid;

/// Held while a template is filled, so that it is filled once.
const FILLING: &str = "a template is being filled";

/// How a database begins its life: `fill` gets the URL of an empty one. A change of `hash` makes a new template.
pub struct Template<F> {
    pub name: &'static str,
    pub hash: String,
    pub fill: F,
}

/// A test's own database. It goes when this goes; that of a killed test goes when a later test begins.
pub struct Database {
    name: String,
    url: String,
    /// Holds the lock that says that the database has an owner.
    owner: PgConnection,
}

impl Database {
    /// As the superuser, for libpq and tokio-postgres alike.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A test may have stopped the server; then the database goes with a later test.
        let _ = self.owner.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

/// A new database, filled like `template`.
pub fn fresh_database<F>(template: &Template<F>) -> Database
where
    F: Fn(&str) -> anyhow::Result<()>,
{
    let cluster = shared_cluster();
    let mut owner = PgConnection::establish(&cluster.url("postgres")).unwrap();
    sweep(&mut owner);
    let original = ensure_template(&cluster, &mut owner, template);
    let name = format!("t_{}", Uuid::now_v7().simple());
    assert!(try_lock(&mut owner, &name));
    owner.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {original}")).unwrap();
    Database { url: cluster.url(&name), name, owner }
}

/// The cluster, mended if need be: one that does not start, or that another release made, is made anew.
fn shared_cluster() -> Cluster {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = target.join("test-cluster");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(target.join("test-cluster.lock")).unwrap();
    lock.lock().unwrap();
    Cluster::shared(&folder)
        .or_else(|_| {
            fs::remove_dir_all(&folder)?;
            Cluster::shared(&folder)
        })
        .unwrap()
}

/// The template's database. It appears under its name only when it is whole, and takes no connections then: a copy
/// needs its original to itself.
fn ensure_template<F>(cluster: &Cluster, conn: &mut PgConnection, template: &Template<F>) -> String
where
    F: Fn(&str) -> anyhow::Result<()>,
{
    let family = format!("tmpl_{}_", template.name);
    let hash: String = template.hash.chars().take(16).collect(); // a name has at most 63 bytes
    let name = format!("{family}{hash}");
    lock(conn, FILLING);
    if !databases(conn, &family).contains(&name) {
        for outdated in databases(conn, &family) {
            drop_template(conn, &outdated);
        }
        fill(cluster, conn, template, &name);
    }
    unlock(conn, FILLING);
    name
}

fn fill<F>(cluster: &Cluster, conn: &mut PgConnection, template: &Template<F>, name: &str)
where
    F: Fn(&str) -> anyhow::Result<()>,
{
    let draft = format!("draft_{}", template.name);
    conn.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).unwrap();
    conn.batch_execute(&format!("CREATE DATABASE {draft}")).unwrap();
    (template.fill)(&cluster.url(&draft)).unwrap();
    conn.batch_execute(&format!("ALTER DATABASE {draft} ALLOW_CONNECTIONS false")).unwrap();
    let others = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1";
    diesel::sql_query(others).bind::<Text, _>(&draft).execute(conn).unwrap();
    conn.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO \"{name}\"")).unwrap();
}

/// Drops an outdated template, unless a test of another checkout is copying it just now.
fn drop_template(conn: &mut PgConnection, name: &str) {
    let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS \"{name}\""));
}

/// Drops the databases whose tests were killed: nobody holds their lock.
fn sweep(conn: &mut PgConnection) {
    for name in databases(conn, "t_") {
        if try_lock(conn, &name) {
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
            unlock(conn, &name);
        }
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn databases(conn: &mut PgConnection, prefix: &str) -> Vec<String> {
    let query = "SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, $1)";
    let found: Vec<Name> = diesel::sql_query(query).bind::<Text, _>(prefix).load(conn).unwrap();
    found.into_iter().map(|row| row.name).collect()
}

fn lock(conn: &mut PgConnection, name: &str) {
    call(conn, "SELECT pg_advisory_lock(hashtextextended($1, 0))", name);
}

fn unlock(conn: &mut PgConnection, name: &str) {
    call(conn, "SELECT pg_advisory_unlock(hashtextextended($1, 0))", name);
}

/// A lock of the session, so a killed process holds none.
fn try_lock(conn: &mut PgConnection, name: &str) -> bool {
    let query = "SELECT 1 WHERE pg_try_advisory_lock(hashtextextended($1, 0))";
    call(conn, query, name) == 1
}

fn call(conn: &mut PgConnection, query: &str, name: &str) -> usize {
    diesel::sql_query(query).bind::<Text, _>(name).execute(conn).unwrap()
}

#[test]
fn each_test_has_a_copy_of_the_template_of_its_own() {
    let fill = |url: &str| Ok(PgConnection::establish(url)?.batch_execute("CREATE TABLE notes (note text)")?);
    let template = Template { name: "notes", hash: "1".into(), fill };
    let (one, other) = (fresh_database(&template), fresh_database(&template));

    let write = |url: &str| PgConnection::establish(url).unwrap().batch_execute("INSERT INTO notes VALUES ('mine')");
    let count = |url: &str| {
        let mut conn = PgConnection::establish(url).unwrap();
        diesel::sql_query("SELECT 1 FROM notes").execute(&mut conn).unwrap()
    };
    write(one.url()).unwrap();

    assert_eq!((count(one.url()), count(other.url())), (1, 0));
    let gone = one.url().to_owned();
    drop(one);
    assert!(PgConnection::establish(&gone).is_err());
}
