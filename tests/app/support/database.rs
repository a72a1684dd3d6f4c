//! Databases as tests begin with them: migrated, with the cast or empty.

use super::cast;
use super::cluster::{Database, Template, fresh_database};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use switchboard::migrations;

/// With the tables, the job queue and the cast.
pub fn with_cast() -> Database {
    fresh_database(&Template { name: "cast", hash: hash(), fill: |url: &str| in_a_runtime(fill_cast(url.to_owned())) })
}

/// With the tables and the job queue, and nobody in them.
pub fn migrated() -> Database {
    let fill = |url: &str| in_a_runtime(migrate(url.to_owned()));
    fresh_database(&Template { name: "migrated", hash: hash(), fill })
}

/// With nothing at all.
pub fn empty() -> Database {
    fresh_database(&Template { name: "empty", hash: "1".into(), fill: |_: &str| Ok(()) })
}

async fn fill_cast(url: String) -> anyhow::Result<()> {
    migrate(url.clone()).await?;
    cast::fill(&url).await
}

async fn migrate(url: String) -> anyhow::Result<()> {
    migrations::run(&url).await.map(drop)
}

/// A template is filled from inside a test's runtime, which must not be blocked.
fn in_a_runtime(work: impl Future<Output = anyhow::Result<()>> + Send) -> anyhow::Result<()> {
    std::thread::scope(|scope| {
        scope.spawn(|| tokio::runtime::Runtime::new()?.block_on(work)).join().expect("the filling thread ends")
    })
}

/// Changes with whatever a template is made of.
fn hash() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("migrations"), &mut files);
    files.sort();
    files.extend([root.join("Cargo.lock"), root.join("src/kit/jobs/queue.rs"), root.join("tests/app/support/cast.rs")]);
    let mut hasher = Sha256::new();
    files.iter().for_each(|file| hasher.update(fs::read(file).unwrap()));
    hex::encode(hasher.finalize())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        match entry.unwrap().path() {
            path if path.is_dir() => collect(&path, files),
            path => files.push(path),
        }
    }
}
