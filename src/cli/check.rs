//! The doctor in a terminal: what works, what does not, and how to mend it.

use super::database::Opened;
use super::{database, serve};
use crate::config::Settings;
use crate::kit::db::Db;
use crate::migrations;
use crate::numbers::waha::Waha;
use anyhow::{Context, bail};

pub async fn run(settings: &Settings) -> anyhow::Result<()> {
    let mut failed = 0;
    let mut tell = |what: &str, outcome: Result<String, String>| match outcome {
        Ok(text) => println!("ok    {what}: {text}"),
        Err(text) => {
            failed += 1;
            println!("FAIL  {what}: {text}");
        }
    };
    tell("secret key", serve::vault(settings).map(|_| "set".into()).map_err(|error| error.to_string()));
    match connect(settings).await {
        Ok((_opened, db)) => {
            tell("database", Ok("reachable".into()));
            tell("migrations", pending(&db).await);
        }
        Err(error) => tell("database", Err(format!("{error:#}"))),
    }
    tell("WhatsApp gateway", gateway(settings).await);
    tell("files", storage(settings).await);
    tell("Microsoft sign-in", microsoft(settings).await);
    match failed {
        0 => Ok(()),
        failed => bail!("{failed} of these checks failed"),
    }
}

async fn connect(settings: &Settings) -> anyhow::Result<(Opened, Db)> {
    let opened = database::open(&settings.database).await?;
    let db = Db::connect(&opened.url, 1, 1).context("no connection as switchboard_app, which migrations make")?;
    Ok((opened, db))
}

async fn pending(db: &Db) -> Result<String, String> {
    match db.platform().run(migrations::pending).await {
        Ok(0) => Ok("all there".into()),
        Ok(pending) => Err(format!("{pending} are missing: run `switchboard migrate`")),
        Err(error) => Err(format!("cannot be read ({error}): run `switchboard migrate`")),
    }
}

async fn gateway(settings: &Settings) -> Result<String, String> {
    let Some(url) = &settings.whatsapp.waha_url else {
        return Ok("not configured (set WAHA_URL and WAHA_API_KEY)".into());
    };
    let waha = Waha::new(url, settings.whatsapp.waha_api_key.clone()).map_err(|error| format!("WAHA_URL: {error}"))?;
    waha.ping().await.map_err(|error| format!("{error} (is WAHA running at {url}?)"))?;
    let version = waha.version().await.map_err(|error| format!("{error} (does WAHA_API_KEY fit?)"))?;
    if settings.whatsapp.waha_api_key.is_none() {
        return Err("it answers without a key: set WAHA_API_KEY there and here, or others can use your numbers".into());
    }
    Ok(format!("WAHA {}", version.version.unwrap_or_else(|| "of unknown version".into())))
}

async fn microsoft(settings: &Settings) -> Result<String, String> {
    let microsoft = serve::microsoft(settings);
    let Ok(authority) = microsoft.authority() else {
        return Ok("not configured (set MICROSOFT_CLIENT_ID and MICROSOFT_CLIENT_SECRET)".into());
    };
    let url = &settings.microsoft.microsoft_authority;
    authority.check().await.map_err(|trouble| format!("{trouble} (is MICROSOFT_AUTHORITY {url} right?)"))?;
    Ok(format!("{url} says how to sign in"))
}

async fn storage(settings: &Settings) -> Result<String, String> {
    let storage = serve::storage(settings).map_err(|error| format!("{error:#}"))?;
    storage.put("check", b"ok".to_vec()).await.map_err(|error| format!("cannot be written: {error}"))?;
    match storage.get("check").await {
        Ok(bytes) if bytes == b"ok" => Ok("can be written and read".into()),
        Ok(_) | Err(_) => Err("what was written cannot be read back".into()),
    }
}
