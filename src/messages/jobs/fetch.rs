//! What belongs to a message and is not in it: its file, the phone behind a hidden id, the reader's tick.

use crate::conversations::chats;
use crate::conversations::model::{self as conversations, ConversationId};
use crate::customers::meeting::{self, Met, Person};
use crate::duplicates::jobs as duplicates;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::{Context, Job, Outcome};
use crate::kit::storage::Storage;
use crate::kit::tenant::TenantId;
use crate::messages::media::{self, Fetched};
use crate::messages::model::MessageId;
use crate::numbers::gateway::Gateways;
use crate::numbers::model::{self as numbers, NumberId, Status};
use crate::numbers::waha::{ChatId, Waha};
use serde::{Deserialize, Serialize};

/// Bytes of a file that we take.
const LARGEST: u64 = 64 * 1024 * 1024;

/// Fetches a message's file before WAHA deletes it.
#[derive(Debug, Serialize, Deserialize)]
pub struct FetchMedia {
    pub message: MessageId,
}

impl Job for FetchMedia {
    const NAME: &'static str = "messages:fetch_media";
    const ATTEMPTS: i16 = 4;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.message;
        let wanted = context.run(tenant, move |conn, tenant| {
            let Some((message, url)) = media::wanted(conn, tenant, id)? else { return Ok(None) };
            if !media::has_room(conn, tenant, id)? {
                return Ok(None);
            }
            let number = message.session_id.map(|id| numbers::find(conn, tenant, id)).transpose()?;
            let filename = message.details().file.and_then(|file| file.name);
            Ok(number.map(|number| (number, url, filename)))
        });
        let Some((number, url, filename)) = wanted.await? else { return Ok(Outcome::Done) };
        let waha = context.get::<Gateways>()?.of(&number)?;
        let name = format!("{tenant}/media/{id}");
        match fetch(&waha, &url).await {
            Ok(bytes) => keep(context, tenant, id, Fetched::of(name, &bytes, filename.as_deref()), bytes).await?,
            Err(error) if context.is_last_attempt() => {
                let why = error.to_string();
                context.run(tenant, move |conn, tenant| media::fetched(conn, tenant, id, Err(why))).await?;
            }
            Err(error) => return Err(error),
        }
        Ok(Outcome::Done)
    }
}

/// First the file, then the note of it: a process that dies in between leaves a file that the next try writes again.
async fn keep(context: &Context, tenant: TenantId, id: MessageId, file: Fetched, bytes: Vec<u8>) -> Result<()> {
    let storage = context.get::<Storage>()?;
    let name = file.name.clone();
    storage.put(&name, bytes).await?;
    match context.run(tenant, move |conn, tenant| media::keep(conn, tenant, id, &file)).await? {
        true => Ok(()),
        false => storage.delete(&name).await,
    }
}

async fn fetch(waha: &Waha, url: &str) -> Result<Vec<u8>> {
    Ok(waha.download_media(url, LARGEST).await?.bytes().await?)
}

/// Asks which phone stands behind a hidden id, so that the customer is known by both.
#[derive(Debug, Serialize, Deserialize)]
pub struct LearnPhone {
    pub number: NumberId,
    pub lid: String,
}

impl Job for LearnPhone {
    const NAME: &'static str = "messages:learn_phone";
    const ATTEMPTS: i16 = 3;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.number;
        let number = context.run(tenant, move |conn, tenant| numbers::find(conn, tenant, id)).await?;
        let Ok(lid) = ChatId::parse(&self.lid) else { return Ok(Outcome::Done) };
        let waha = context.get::<Gateways>()?.of(&number)?;
        if let Some(phone) = waha.lid_to_phone(&number.external_session_id, &lid).await? {
            let person = Person { phone: Some(phone), lid: Some(self.lid), name: None };
            let learn = move |conn: &mut diesel::PgConnection, tenant| match meeting::meet(conn, tenant, &person)? {
                Met { customer, other: Some(other) } => duplicates::told_by_whatsapp(conn, tenant, customer.id, other),
                _ => Ok(()),
            };
            context.run(tenant, learn).await?;
        }
        Ok(Outcome::Done)
    }
}

/// Tells WhatsApp that the customer's messages were read.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendSeen {
    pub number: NumberId,
    pub chat_id: String,
}

impl Job for SendSeen {
    const NAME: &'static str = "messages:send_seen";
    const ATTEMPTS: i16 = 2;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let id = self.number;
        let number = match context.run(tenant, move |conn, tenant| numbers::find(conn, tenant, id)).await {
            Err(Error::NotFound) => return Ok(Outcome::Done),
            number => number?,
        };
        let Ok(chat_id) = ChatId::parse(&self.chat_id) else { return Ok(Outcome::Done) };
        if number.status == Status::Working {
            let waha = context.get::<Gateways>()?.of(&number)?;
            waha.send_seen(&number.external_session_id, &chat_id).await?;
        }
        Ok(Outcome::Done)
    }
}

/// Chats looked through for a group's name, most active first: the group has just been active.
const CHATS: u32 = 100;

/// Asks for the name of a group, which its messages do not tell.
#[derive(Debug, Serialize, Deserialize)]
pub struct LearnGroup {
    pub number: NumberId,
    pub conversation: ConversationId,
}

impl Job for LearnGroup {
    const NAME: &'static str = "messages:learn_group";
    const ATTEMPTS: i16 = 3;

    async fn run(self, context: &Context, tenant: TenantId) -> Result<Outcome> {
        let (number, id) = (self.number, self.conversation);
        let found = context.run(tenant, move |conn, tenant| {
            Ok((numbers::find(conn, tenant, number)?, conversations::get(conn, tenant, id)?.chat_id))
        });
        let (number, chat_id) = found.await?;
        let waha = context.get::<Gateways>()?.of(&number)?;
        let chats = waha.chats_overview(&number.external_session_id, CHATS, 0).await?;
        let name =
            chats.into_iter().find(|chat| Some(chat.id.as_str()) == chat_id.as_deref()).and_then(|chat| chat.name);
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            context.run(tenant, move |conn, tenant| chats::rename(conn, tenant, id, name.trim())).await?;
        }
        Ok(Outcome::Done)
    }
}
