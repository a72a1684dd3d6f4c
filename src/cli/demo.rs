//! The first thing a newcomer runs: everything in one process, on the loopback interface.

use super::database::embedded;
use super::serve::media_folder;
use crate::app::Parts;
use crate::config::Role;
use crate::demo::{data, shop, simulator};
use crate::kit::db::Db;
use crate::kit::live::Hub;
use crate::kit::public_url::PublicUrl;
use crate::kit::secret::Secret;
use crate::kit::storage::Storage;
use crate::kit::vault::{Vault, random_token};
use crate::messages::jobs::Pace;
use crate::migrations;
use crate::numbers::gateway::Gateways;
use crate::numbers::waha::Patience;
use crate::server::{Process, stop_signal};
use crate::users::model::DEMO_PASSWORD;
use anyhow::Context;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

/// Where the simulator listens, unless something else does already.
const SIMULATOR_PORT: u16 = 3001;

pub async fn run(port: u16, data_dir: &Path, reset: bool) -> anyhow::Result<()> {
    if reset {
        clear(data_dir)?;
    }
    fs::create_dir_all(data_dir).with_context(|| format!("cannot make {}", data_dir.display()))?;
    // Before anything else: a port that is taken is the commonest reason to fail.
    let listener = TcpListener::bind(loopback(port))
        .with_context(|| format!("port {port} is taken; choose another with --port"))?;
    let vault = Vault::new(&secret_key(data_dir)?)?;
    let opened = embedded(data_dir).await?;
    migrations::run(&opened.url).await?;
    let key = random_token();
    let simulator = simulate(data_dir, &key).await?;
    let address = format!("http://{}", listener.local_addr()?);
    let parts = parts(&opened.url, data_dir, vault, &simulator.url, key, &address)?;
    let number = data::seed(&parts.db, &parts.vault).await?;
    let acme = number.map(|number| number.tenant);
    let is_new = match acme {
        Some(acme) => shop::seed(&parts.db, &parts.vault, acme).await?,
        None => false,
    };
    let process = Process::start(parts.clone(), Role::All, Some(listener), &opened.url).await?;
    let (_, imported) = tokio::join!(data::pair(&parts.db, &simulator, number), async {
        match acme {
            Some(acme) => shop::import(&parts.db, &parts.storage, acme, is_new).await,
            None => Ok(()),
        }
    });
    imported?;
    print!("{}", welcome(&address, &simulator.url));
    stop_signal().await?;
    println!("Stopping. Start again to go on where you were.");
    process.stop().await;
    simulator.stop().await?;
    drop(opened);
    Ok(())
}

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// Only what a demo has made: a wrong --data-dir must not cost anybody their files.
fn clear(data_dir: &Path) -> anyhow::Result<()> {
    for name in ["pg", "media"] {
        match fs::remove_dir_all(data_dir.join(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    for name in ["secret.key", "simulator.json"] {
        match fs::remove_file(data_dir.join(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause.into()),
            _ => {}
        }
    }
    Ok(())
}

/// Made once and kept beside the data that it seals, readable by us alone.
fn secret_key(data_dir: &Path) -> anyhow::Result<Secret<String>> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = data_dir.join("secret.key");
    if let Ok(key) = fs::read_to_string(&path) {
        return Ok(Secret::new(key));
    }
    let key = random_token();
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    std::io::Write::write_all(&mut file, key.expose().as_bytes())?;
    Ok(key)
}

async fn simulate(data_dir: &Path, key: &Secret<String>) -> anyhow::Result<simulator::Running> {
    let options = |port| simulator::Options {
        bind: loopback(port),
        api_key: Some(key.expose().clone()),
        engine: simulator::Engine::Gows,
        state_file: Some(data_dir.join("simulator.json")),
        timing: simulator::Timing::default(),
    };
    match simulator::start(options(SIMULATOR_PORT)).await {
        Ok(running) => Ok(running),
        Err(_) => simulator::start(options(0)).await,
    }
}

fn parts(
    url: &str,
    data_dir: &Path,
    vault: Vault,
    waha_url: &str,
    key: Secret<String>,
    address: &str,
) -> anyhow::Result<Parts> {
    let gateways = Gateways {
        default_url: Some(waha_url.to_owned()),
        default_key: Some(key),
        webhook_base: address.to_owned(),
        vault: vault.clone(),
        patience: Patience::default(),
    };
    let storage = Storage::open(&media_folder(data_dir)?)?;
    let pace = Pace { gap: Duration::from_millis(300), ..Pace::default() };
    let demo_accounts = data::accounts();
    let public_url = PublicUrl(address.to_owned());
    let parts = Parts::new(Db::connect(url, 20, 5)?, Hub::start(url), vault, gateways, storage);
    Ok(Parts { pace, demo_accounts, public_url, ..parts })
}

fn welcome(address: &str, simulator: &str) -> String {
    let accounts: String =
        data::PEOPLE.iter().map(|person| format!("    {:<28} {}\n", person.email, person.about)).collect();
    format!(
        "\nSwitchboard is ready.\n\n  The desk          {address}\n  Virtual phones    {simulator}\n\n  \
         Accounts (password of all: {DEMO_PASSWORD})\n{accounts}\n  \
         Try this: sign in as agent@acme.test, open the virtual phones in a second window, write as a customer, and\n  \
         answer from the inbox. To pair a number yourself, sign in as admin@acme.test: Settings, Numbers, New number.\n\n  \
         Ctrl-C stops everything. Your data stays.\n\n"
    )
}
