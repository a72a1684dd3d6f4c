//! The database that a command works on: the one that is named, or the private cluster.

use crate::config::Database;
use crate::kit::embedded::{Cluster, Durability};
use crate::migrations;
use std::path::Path;

/// The database's name in the private cluster.
const NAME: &str = "switchboard";

/// An address to connect to, and the private cluster that must live as long as it is used.
pub struct Opened {
    pub url: String,
    _cluster: Option<Cluster>,
}

/// Starts the private cluster where no database is named.
pub async fn open(database: &Database) -> anyhow::Result<Opened> {
    match &database.database_url {
        Some(url) => Ok(Opened { url: url.clone(), _cluster: None }),
        None => embedded(&database.data_dir).await,
    }
}

pub async fn embedded(data_dir: &Path) -> anyhow::Result<Opened> {
    let data_dir = data_dir.to_owned();
    let start = move || {
        let cluster = Cluster::start(&data_dir, Durability::Full)?;
        cluster.create_database_if_missing(NAME)?;
        anyhow::Ok(Opened { url: cluster.url(NAME), _cluster: Some(cluster) })
    };
    tokio::task::spawn_blocking(start).await?
}

pub async fn migrate(database: &Database, revert: Option<usize>) -> anyhow::Result<()> {
    let opened = open(database).await?;
    match revert {
        Some(count) => {
            let url = opened.url.clone();
            tokio::task::spawn_blocking(move || migrations::revert(&url, count)).await??;
            println!("Took {count} migrations back.");
        }
        None => println!("Ran {} migrations.", migrations::run(&opened.url).await?),
    }
    Ok(())
}
