//! `switchboard seed`: load data beside what is there.

use super::{database, serve};
use crate::config::Settings;
use crate::demo::load::{self, Load, PASSWORD};
use crate::migrations;
use std::time::Instant;

pub async fn run(load: Load, settings: &Settings) -> anyhow::Result<()> {
    let vault = serve::vault(settings)?;
    let opened = database::open(&settings.database).await?;
    if settings.database.database_url.is_none() {
        migrations::run(&opened.url).await?;
    }
    let (url, begun) = (opened.url.clone(), Instant::now());
    let written = tokio::task::spawn_blocking(move || load::fill(&url, &vault, &load)).await??;
    println!(
        "Wrote {} tenants, {} users, {} numbers, {} customers with {} addresses, {} conversations and {} messages in {:.0} s.",
        written.tenants,
        written.users,
        written.numbers,
        written.customers,
        written.identities,
        written.conversations,
        written.messages,
        begun.elapsed().as_secs_f64(),
    );
    println!("The largest tenant: {} and {}, password {PASSWORD}.", written.administrator, written.agent);
    Ok(())
}
