//! What became of a message whose answer was lost.

use super::Pace;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Options, Outcome};
use crate::kit::tenant::TenantId;
use crate::messages::lost::{self, Evidence};
use crate::messages::model::{Message, MessageId};
use crate::numbers::gateway::Gateways;
use crate::numbers::model::{self as numbers, Number};
use crate::numbers::waha::{ChatId, MessagePage, WaMessage, Waha};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Own messages looked through where an engine gives no ids of ours.
const RECENT: u32 = 50;

/// Looks a message up whose answer was lost, until its fate is known. It is never sent blindly a second time.
#[derive(Debug, Serialize, Deserialize)]
pub struct Settle {
    pub message: MessageId,
    /// When the answer was lost.
    pub since: DateTime<Utc>,
}

impl Settle {
    pub fn options(message: MessageId) -> Options {
        Options { key: Some(format!("settle:{message}")), ..Options::default() }
    }
}

impl Job for Settle {
    const NAME: &'static str = "messages:settle";
    const ATTEMPTS: i16 = 25;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.message;
        let found = context.run(tenant, move |conn, tenant| {
            let Some((message, chat_id)) = lost::unsettled(conn, tenant, id)? else { return Ok(None) };
            let number = message.session_id.map(|id| numbers::find(conn, tenant, id)).transpose()?;
            Ok(number.map(|number| (message, chat_id, number)))
        });
        let Some((message, chat_id, number)) = found.await? else { return Ok(Outcome::Done) };
        let pace = *context.get::<Pace>()?;
        let waha = context.get::<Gateways>()?.of(&number)?;
        let waited = (Utc::now() - self.since).to_std().unwrap_or_default();
        let evidence = match look_up(context, tenant, &waha, &number, &message, &chat_id).await {
            Ok(Some(seen)) => Evidence::There { id: seen.id().as_str().to_owned(), key: seen.id().bare().to_owned() },
            Ok(None) if waited < pace.settled => return Ok(Outcome::Again(pace.look)),
            Ok(None) if message.message_key.is_some() => Evidence::Absent,
            Ok(None) => Evidence::Unclear {
                error: "It could not be found out whether this arrived. Look at the phone before you send it again."
                    .into(),
            },
            Err(_) => return Ok(Outcome::Again(pace.look.saturating_mul(3))),
        };
        context.run(tenant, move |conn, tenant| lost::conclude(conn, tenant, &message, &evidence)).await?;
        Ok(Outcome::Done)
    }
}

/// By the id we gave it; with engines that take none, and for files, by what it holds among our latest messages in that
/// chat.
async fn look_up(
    context: &Context,
    tenant: TenantId,
    waha: &Waha,
    number: &Number,
    message: &Message,
    chat_id: &str,
) -> Result<Option<WaMessage>> {
    let session = &number.external_session_id;
    let chat_id = ChatId::parse(chat_id).map_err(|cause| Error::Refused(cause.to_string()))?;
    if let Some(key) = &message.message_key {
        return Ok(waha.message(session, &chat_id, &format!("true_{}_{key}", chat_id.as_str())).await?);
    }
    let since = Some(message.occurred_at.timestamp() - 5);
    let page = MessagePage { limit: RECENT, since, from_me: Some(true), ..MessagePage::default() };
    let recent = waha.chat_messages(session, Some(&chat_id), &page).await?;
    let alike = |seen: &WaMessage| seen.from_me() && lost::is_alike(message, seen);
    let recent: Vec<WaMessage> = recent.into_iter().filter(alike).collect();
    // The same words may have been sent before: those messages have their rows.
    let (id, keys) = (number.id, recent.iter().map(|seen| seen.id().bare().to_owned()).collect::<Vec<_>>());
    let known = context.run(tenant, move |conn, tenant| lost::known_keys(conn, tenant, id, &keys)).await?;
    Ok(recent.into_iter().find(|seen| !known.iter().any(|key| key == seen.id().bare())))
}
