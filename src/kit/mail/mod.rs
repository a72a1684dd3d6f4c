//! Letters by SMTP: written in the transaction of the change that they tell of, sent by a job that tries again.
//!
//! A letter may hold a one-time link, so it waits in the queue sealed. Without `SMTP_URL` nothing is written: whoever
//! wants to send asks [`Mailer::is_configured`] first, and says "not configured" where it is not.

mod letter;

pub use letter::{Letter, Link};

use super::error::{Error, Result};
use super::jobs::{Context, Job, Outcome, enqueue};
use super::tenant::TenantId;
use super::vault::Vault;
use anyhow::Context as _;
use diesel::PgConnection;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where letters are sealed for; they have no row.
const PLACE: &str = "mail";
/// The longest that one letter may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The way to the mail server, where there is one. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    way: Option<Way>,
    vault: Vault,
}

#[derive(Clone)]
struct Way {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Sends nothing.
    pub fn off(vault: Vault) -> Self {
        Self { way: None, vault }
    }

    /// `url` as `smtp://user:password@host:587?tls=required`, `smtps://…`, or `smtp://localhost` without encryption;
    /// `from` as `Desk <desk@example.org>`.
    pub fn new(url: &str, from: &str, vault: Vault) -> anyhow::Result<Self> {
        let from = from.parse().context("MAIL_FROM is no mail address")?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).context("SMTP_URL")?;
        Ok(Self { way: Some(Way { transport: transport.timeout(Some(PATIENCE)).build(), from }), vault })
    }

    pub fn is_configured(&self) -> bool {
        self.way.is_some()
    }

    /// Sends `letter` once the running transaction commits.
    ///
    /// # Errors
    /// `Refused` where no mail server is configured.
    pub fn post(&self, conn: &mut PgConnection, tenant: TenantId, letter: &Letter) -> Result<()> {
        if !self.is_configured() {
            return Err(Error::Refused("Mail is not configured here (SMTP_URL, MAIL_FROM).".into()));
        }
        let sealed = self.vault.seal(PLACE, &serde_json::to_vec(letter)?);
        enqueue(conn, tenant, &Send { letter: hex::encode(sealed) })
    }

    async fn send(&self, sealed: &str) -> Result<()> {
        let way =
            self.way.as_ref().ok_or_else(|| Error::unexpected(anyhow::anyhow!("no mail server is configured")))?;
        let sealed = hex::decode(sealed).map_err(Error::unexpected)?;
        let letter: Letter = serde_json::from_slice(self.vault.open(PLACE, &sealed)?.expose())?;
        way.transport.send(letter.message(way.from.clone())?).await.map_err(Error::unexpected)?;
        Ok(())
    }
}

/// One letter, sealed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Send {
    letter: String,
}

impl Job for Send {
    const NAME: &'static str = "mail:send";

    async fn run(self, context: &Context, _: TenantId) -> Result<Outcome> {
        context.get::<Mailer>()?.send(&self.letter).await?;
        Ok(Outcome::Done)
    }
}
