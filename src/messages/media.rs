//! Files of messages: fetched at once, because WAHA deletes them after three minutes, and kept by us.

use super::model::{Details, Message, MessageId, of};
use crate::conversations::model::{self as conversations, Scope};
use crate::kit::error::{Error, Result};
use crate::kit::tenant::TenantId;
use crate::schema::messages;
use chrono::Utc;
use diesel::prelude::*;

/// A message's file as WAHA offers it; None when there is nothing (more) to fetch.
pub fn wanted(conn: &mut PgConnection, tenant: TenantId, id: MessageId) -> Result<Option<(Message, String)>> {
    let row = of(tenant).filter(messages::id.eq(id).and(messages::media_url.is_not_null()));
    let found: Option<(Message, Option<String>)> =
        row.select((Message::as_select(), messages::media_url)).first(conn).optional()?;
    let Some((message, Some(url))) = found else { return Ok(None) };
    let is_stored = message.details().file.is_some_and(|file| file.stored.is_some());
    Ok((!is_stored).then_some((message, url)))
}

/// Notes where the file is kept, or why it could not be fetched.
pub fn fetched(conn: &mut PgConnection, tenant: TenantId, id: MessageId, file: Result<String, String>) -> Result<()> {
    let row = of(tenant).filter(messages::id.eq(id));
    let message: Message = row.select(Message::as_select()).for_update().first(conn)?;
    let mut details: Details = message.details();
    let mut kept = details.file.unwrap_or_default();
    match file {
        Ok(name) => (kept.stored, kept.error) = (Some(name), None),
        Err(why) => kept.error = Some(why),
    }
    details.file = Some(kept);
    diesel::update(of(tenant).filter(messages::id.eq(id)))
        .set((messages::metadata.eq(serde_json::to_value(details)?), messages::updated_at.eq(Utc::now())))
        .execute(conn)?;
    conversations::changed(conn, tenant, message.conversation_id)
}

/// A stored file for somebody who may see the conversation.
pub struct Stored {
    /// In `kit::storage`.
    pub name: String,
    pub kind: Option<String>,
    /// What the sender called it.
    pub filename: Option<String>,
}

/// # Errors
/// `NotFound` out of scope, and while there is no file.
pub fn stored(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<Stored> {
    let message: Message = of(tenant).filter(messages::id.eq(id)).select(Message::as_select()).first(conn)?;
    conversations::find(conn, tenant, scope, message.conversation_id)?;
    let file = message.details().file.ok_or(Error::NotFound)?;
    Ok(Stored { name: file.stored.ok_or(Error::NotFound)?, kind: file.kind, filename: file.name })
}
