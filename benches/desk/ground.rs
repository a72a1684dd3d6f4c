//! What every benchmark stands on: a private durable cluster with a loaded database, kept between runs, and a fresh copy
//! of it for each benchmark.

use crate::process;
use anyhow::Context;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use switchboard::demo::load::{self, Load};
use switchboard::kit::embedded::{Cluster, Durability};
use switchboard::kit::secret::Secret;
use switchboard::kit::vault::Vault;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_switchboard");
pub const SECRET_KEY: &str = "b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4b3c4";
/// 300,000 conversations and 2 million messages; `BENCH_SCALE=10` makes a tenth of it, for trying things out.
const LOAD: Load = Load { tenants: 10, customers: 300_000, messages: 2_000_000, seed: 1 };

pub struct Ground {
    pub load: Load,
    pub folder: PathBuf,
    cluster: Cluster,
    original: String,
}

/// Of the database that benchmarks work on.
const WORKED_ON: &str = "desk";

impl Ground {
    /// Takes minutes when the load or the migrations are new, else seconds.
    pub fn prepare() -> anyhow::Result<Self> {
        let folder = target().join("bench-data");
        fs::create_dir_all(&folder)?;
        let cluster = Cluster::start(&folder, Durability::Full)?;
        let scale: u64 = std::env::var("BENCH_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(1).max(1);
        let load = Load { customers: LOAD.customers / scale, messages: LOAD.messages / scale, ..LOAD };
        let ground = Self { original: format!("load_{:016x}", fingerprint(&load)?), load, folder, cluster };
        if !ground.databases()?.contains(&ground.original) {
            ground.fill()?;
        }
        Ok(ground)
    }

    fn fill(&self) -> anyhow::Result<()> {
        let begun = Instant::now();
        println!("Loading {} customers with {} messages ...", self.load.customers, self.load.messages);
        for outdated in self.databases()? {
            self.execute(&format!("DROP DATABASE \"{outdated}\" WITH (FORCE)"))?;
        }
        self.cluster.create_database_if_missing("draft")?;
        let url = self.cluster.url("draft");
        let migrated =
            Command::new(PROGRAM).arg("migrate").current_dir(&self.folder).env("DATABASE_URL", &url).status()?;
        anyhow::ensure!(migrated.success(), "switchboard migrate: {migrated}");
        let summary = load::fill(&url, &vault()?, &self.load)?;
        self.execute(&format!("ALTER DATABASE draft RENAME TO \"{}\"", self.original))?;
        println!("{summary:?} in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(())
    }

    /// A fresh copy: what one benchmark writes does not weigh on the next.
    pub fn lay(&self) -> anyhow::Result<()> {
        self.execute(&format!("DROP DATABASE IF EXISTS {WORKED_ON} WITH (FORCE)"))?;
        self.execute(&format!("CREATE DATABASE {WORKED_ON} TEMPLATE \"{}\" STRATEGY file_copy", self.original))?;
        // The write-back of the copy is not part of what is measured.
        self.execute("CHECKPOINT")
    }

    pub fn url(&self) -> String {
        self.cluster.url(WORKED_ON)
    }

    /// As the superuser, who sees all tenants.
    pub fn connect(&self) -> anyhow::Result<PgConnection> {
        PgConnection::establish(&self.url()).context("cannot connect to the benchmark's database")
    }

    /// User and system time of all of PostgreSQL so far, ended backends included.
    pub fn cpu(&self) -> anyhow::Result<Duration> {
        let pid = fs::read_to_string(self.folder.join("pg/data/postmaster.pid"))?;
        process::cpu_of_family(pid.lines().next().and_then(|pid| pid.parse().ok()).context("postmaster.pid")?)
    }

    /// The server's own log.
    pub fn log(&self) -> PathBuf {
        self.folder.join("pg/server.log")
    }

    /// The loaded ones, of this and earlier runs.
    fn databases(&self) -> anyhow::Result<Vec<String>> {
        diesel::table! { pg_database (datname) { datname -> Text, } }
        let mut conn = PgConnection::establish(&self.cluster.url("postgres"))?;
        let names =
            pg_database::table.filter(pg_database::datname.like("load\\_%").or(pg_database::datname.eq("draft")));
        Ok(names.select(pg_database::datname).load(&mut conn)?)
    }

    fn execute(&self, statement: &str) -> anyhow::Result<()> {
        let mut conn = PgConnection::establish(&self.cluster.url("postgres"))?;
        conn.batch_execute(statement).with_context(|| statement.to_owned())
    }
}

pub fn vault() -> anyhow::Result<Vault> {
    Vault::new(&Secret::new(SECRET_KEY.to_owned()))
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    let release = Path::new(PROGRAM).parent().and_then(Path::parent);
    release.unwrap_or(Path::new("target")).to_owned()
}

/// Changes with the load, the program that makes it, and the migrations.
fn fingerprint(load: &Load) -> anyhow::Result<u64> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut hasher = DefaultHasher::new();
    format!("{load:?}").hash(&mut hasher);
    let mut files: Vec<PathBuf> = entries(&root.join("src/demo/load"))?;
    for migration in entries(&root.join("migrations"))? {
        files.push(migration.join("up.sql"));
    }
    files.sort();
    for file in files {
        fs::read(&file).with_context(|| file.display().to_string())?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    Ok(entries.collect::<Result<_, _>>()?)
}
