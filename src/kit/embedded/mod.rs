//! A private PostgreSQL cluster inside the data directory, for when no DATABASE_URL is given.
//!
//! It is made of the PostgreSQL programs found on the machine, runs as our child, listens on a unix socket in a
//! directory that only its account can enter and on no port, and ends with us, however we end.

mod account;
mod folders;
mod initdb;
mod keeper;
mod leftovers;
mod os;
mod programs;
mod server;

use anyhow::Context;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use folders::Folders;
use keeper::Keeper;
use programs::Programs;
use server::Server;
use std::fs::File;
use std::path::Path;

/// What a cluster does for its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A commit survives a kill -9 of everything and a power cut.
    Full,
    /// For tests: nothing waits for the disk, so a killed server may lose its last second, a power cut everything.
    Fast,
}

/// A running cluster. Dropping it stops the server, unless it is shared.
pub struct Cluster {
    folders: Folders,
    keeper: Option<Keeper>,
    /// Held while we own the cluster; it dies with the process, so a kill -9 leaves nothing locked.
    lock: Option<File>,
}

impl Cluster {
    /// Starts the cluster in `<data_dir>/pg`, creating it first if need be, and returns once it takes connections.
    /// A server that dies is started again; one that was left behind, by whatever accident, is cleared away first.
    ///
    /// Fails when another process owns the cluster, when there are no PostgreSQL programs, and when the account that
    /// runs the server cannot reach the directory; each error says what to do.
    pub fn start(data_dir: &Path, durability: Durability) -> anyhow::Result<Self> {
        let programs = Programs::find(&Folders::data_of(data_dir))?;
        let folders = Folders::prepare(data_dir, programs.account.as_ref())?;
        let lock = folders.lock()?;
        initdb::ensure(&programs, &folders, durability)?;
        leftovers::clear(&folders)?;
        let keeper = Keeper::start(Server { programs, folders: folders.clone(), durability })?;
        Ok(Self { folders, keeper: Some(keeper), lock: Some(lock) })
    }

    /// A fast cluster that outlives this process: found running, or started by whoever comes first. For tests, each of
    /// which is a process. Its server ends by SIGINT to the first line of `<data_dir>/pg/data/postmaster.pid`.
    pub fn shared(data_dir: &Path) -> anyhow::Result<Self> {
        let programs = Programs::find(&Folders::data_of(data_dir))?;
        let folders = Folders::prepare(data_dir, programs.account.as_ref())?;
        let _starting = folders.wait_for_lock()?;
        if !leftovers::is_ready(&folders) {
            initdb::ensure(&programs, &folders, Durability::Fast)?;
            leftovers::clear(&folders)?;
            Server { programs, folders: folders.clone(), durability: Durability::Fast }.launch_detached()?;
        }
        Ok(Self { folders, keeper: None, lock: None })
    }

    /// The address of `database` for libpq and tokio-postgres alike, as the superuser `switchboard`.
    pub fn url(&self, database: &str) -> String {
        self.folders.url(database)
    }

    /// Creates `database`, empty, unless it is there.
    pub fn create_database_if_missing(&self, database: &str) -> anyhow::Result<()> {
        let mut conn = PgConnection::establish(&self.url("postgres"))?;
        let found = diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind::<diesel::sql_types::Text, _>(database)
            .execute(&mut conn)?;
        if found == 0 {
            conn.batch_execute(&format!("CREATE DATABASE \"{}\"", database.replace('"', "\"\"")))
                .with_context(|| format!("cannot create the database {database}"))?;
        }
        Ok(())
    }

    /// Stops the server: open transactions are rolled back, the data is whole on disk. A shared cluster goes on.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        let stopped = self.keeper.take().map_or(Ok(()), Keeper::stop);
        if self.lock.take().is_some() {
            self.folders.tidy();
        }
        stopped
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(%error, "PostgreSQL did not stop cleanly");
        }
    }
}
