//! Production: the configuration from the environment.

use super::database;
use crate::app::Parts;
use crate::config::Settings;
use crate::kit::client_address::TrustedProxies;
use crate::kit::db::Db;
use crate::kit::live::Hub;
use crate::kit::mail::Mailer;
use crate::kit::public_url::PublicUrl;
use crate::kit::storage::Storage;
use crate::kit::vault::Vault;
use crate::messages::jobs::Pace;
use crate::microsoft::{Microsoft, Registration};
use crate::migrations;
use crate::numbers::gateway::Gateways;
use crate::numbers::waha::Patience;
use crate::server::{Process, serve_metrics, stop_signal};
use anyhow::{Context, bail};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

pub async fn run(settings: Settings) -> anyhow::Result<()> {
    let vault = vault(&settings)?;
    let opened = database::open(&settings.database).await?;
    // A database that somebody else runs is migrated on purpose (`switchboard migrate`), our own by itself.
    if settings.database.database_url.is_none() {
        migrations::run(&opened.url).await?;
    }
    let parts = parts(&settings, &opened.url, vault)?;
    if let Some(bind) = settings.web.metrics_bind {
        serve_metrics(&parts, bind)?;
    }
    let listener = match settings.role.is_web() {
        true => Some(
            TcpListener::bind(settings.web.bind).with_context(|| format!("cannot listen on {}", settings.web.bind))?,
        ),
        false => None,
    };
    let process = Process::start(parts, settings.role, listener, &opened.url).await?;
    tracing::info!(role = ?settings.role, address = settings.web.public(), "Switchboard is ready");
    stop_signal().await?;
    tracing::info!("stopping");
    process.stop().await;
    Ok(())
}

pub fn vault(settings: &Settings) -> anyhow::Result<Vault> {
    match &settings.web.secret_key {
        Some(key) => Vault::new(key)?.knowing(&settings.web.former_secret_keys),
        None => bail!("SWITCHBOARD_SECRET_KEY is missing: make one with `openssl rand -hex 32` and keep it safe"),
    }
}

/// Everything that a serving process is made of.
pub fn parts(settings: &Settings, url: &str, vault: Vault) -> anyhow::Result<Parts> {
    let database = &settings.database;
    let db = Db::connect(url, database.database_max_connections, database.database_min_connections)
        .context("cannot connect to the database (DATABASE_URL)")?;
    let gateways = Gateways {
        default_url: settings.whatsapp.waha_url.clone(),
        default_key: settings.whatsapp.waha_api_key.clone(),
        webhook_base: webhook_base(settings),
        vault: vault.clone(),
        patience: Patience::default(),
    };
    let storage = storage(settings)?;
    let gap = Duration::from_millis(settings.whatsapp.send_gap_ms);
    let settled = Duration::from_secs(settings.whatsapp.settle_seconds);
    Ok(Parts {
        pace: Pace { gap, settled, ..Pace::default() },
        proxies: TrustedProxies(settings.web.trusted_proxies.clone()),
        is_https: settings.web.is_https(),
        microsoft: microsoft(settings),
        mailer: mailer(settings, &vault)?,
        public_url: PublicUrl(settings.web.public()),
        ..Parts::new(db, Hub::start(url), vault, gateways, storage)
    })
}

/// People wait for each answer.
const MICROSOFT_PATIENCE: Duration = Duration::from_secs(10);

pub fn microsoft(settings: &Settings) -> Microsoft {
    let given = &settings.microsoft;
    match (&given.microsoft_client_id, &given.microsoft_client_secret) {
        (Some(client_id), Some(client_secret)) if !client_id.is_empty() => Microsoft::new(Registration {
            client_id: client_id.clone(),
            client_secret: client_secret.clone(),
            authority: given.microsoft_authority.clone(),
            public_url: settings.web.public(),
            patience: MICROSOFT_PATIENCE,
        }),
        _ => Microsoft::default(),
    }
}

fn mailer(settings: &Settings, vault: &Vault) -> anyhow::Result<Mailer> {
    match (&settings.mail.smtp_url, &settings.mail.mail_from) {
        (Some(url), Some(from)) => Mailer::new(url.expose(), from, vault.clone()),
        _ => Ok(Mailer::off(vault.clone())),
    }
}

fn webhook_base(settings: &Settings) -> String {
    let given = settings.whatsapp.webhook_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    given.unwrap_or_else(|| settings.web.public())
}

/// Where files are kept.
pub fn storage(settings: &Settings) -> anyhow::Result<Storage> {
    match &settings.web.storage_url {
        Some(url) => Storage::open(url).context("SWITCHBOARD_STORAGE_URL"),
        None => Storage::open(&media_folder(&settings.database.data_dir)?),
    }
}

/// `file://` of the folder for files in the data directory.
pub fn media_folder(data_dir: &Path) -> anyhow::Result<String> {
    let folder = std::path::absolute(data_dir)?.join("media");
    Ok(format!("file://{}", folder.display()))
}
