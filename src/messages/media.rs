//! Files of messages: fetched at once, because WAHA deletes them after three minutes, and kept by us.

use super::jobs::FetchMedia;
use super::model::{Details, File, Message, MessageId, of};
use crate::conversations::model::{self as conversations, ConversationId, Scope};
use crate::kit::audit;
use crate::kit::error::{Error, Result};
use crate::kit::jobs::enqueue;
use crate::kit::sniff;
use crate::kit::tenant::TenantId;
use crate::schema::messages;
use crate::tenants::limits;
use chrono::Utc;
use diesel::prelude::*;
use serde_json::json;

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
    let message = held(conn, tenant, id)?;
    let known = message.details().file.unwrap_or_default();
    let file = match file {
        Ok(name) => File { stored: Some(name), error: None, is_refused: false, ..known },
        Err(why) => File { error: Some(why), is_refused: false, ..known },
    };
    write(conn, tenant, &message, file)
}

/// A file that was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// In `kit::storage`.
    pub name: String,
    pub bytes: usize,
    /// Of the bytes; None where they do not tell.
    pub kind: Option<&'static str>,
}

impl Fetched {
    pub fn of(name: String, content: &[u8], filename: Option<&str>) -> Self {
        let kind = sniff::media_type(content, filename.unwrap_or_default());
        Self { name, bytes: content.len(), kind: Some(kind).filter(|kind| *kind != "application/octet-stream") }
    }
}

/// Counts the file, which lies in the storage now, as kept, and notes where it is and what it is by its bytes. False when
/// there is no room for it: then it is to be thrown away again.
pub fn keep(conn: &mut PgConnection, tenant: TenantId, id: MessageId, fetched: &Fetched) -> Result<bool> {
    let Fetched { name, bytes, kind } = fetched;
    let message = held(conn, tenant, id)?;
    let known = message.details().file.unwrap_or_default();
    if known.stored.is_some() {
        return Ok(true); // the job's second run
    }
    let (size, stored) = (u64::try_from(*bytes).ok(), Some(name.clone()));
    if let Some(why) = limits::keep_file(conn, tenant, i64::try_from(*bytes).unwrap_or(i64::MAX))? {
        write(conn, tenant, &message, File { error: Some(why), is_refused: true, ..known })?;
        return Ok(false);
    }
    let kind = kind.map(str::to_owned).or_else(|| known.kind.clone());
    write(conn, tenant, &message, File { kind, stored, size, error: None, is_refused: false, ..known })?;
    Ok(true)
}

/// Notes that the file is not even fetched while there is no room. True when there is.
pub fn has_room(conn: &mut PgConnection, tenant: TenantId, id: MessageId) -> Result<bool> {
    let Some(why) = limits::storage_is_full(conn, tenant)? else { return Ok(true) };
    let message = held(conn, tenant, id)?;
    let known = message.details().file.unwrap_or_default();
    write(conn, tenant, &message, File { error: Some(why), is_refused: true, ..known })?;
    Ok(false)
}

/// Somebody asks for a file that was not stored to be fetched after all.
///
/// # Errors
/// `NotFound` out of scope; `Refused` where there is nothing to fetch, or still no room.
pub fn fetch_again(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<ConversationId> {
    let message: Message = of(tenant).filter(messages::id.eq(id)).select(Message::as_select()).first(conn)?;
    conversations::find(conn, tenant, scope, message.conversation_id)?;
    let failed = message.details().file.filter(|file| file.stored.is_none() && file.error.is_some());
    let (Some(failed), Some(_)) = (failed, wanted(conn, tenant, id)?) else {
        return Err(Error::Refused("There is no file to fetch.".into()));
    };
    if let Some(why) = limits::storage_is_full(conn, tenant)? {
        return Err(Error::Refused(why));
    }
    let entry = audit::Entry::new("fetched_again", "messages", id.get());
    audit::record(conn, tenant, &entry.before(json!({ "error": failed.error })))?;
    write(conn, tenant, &message, File { error: None, is_refused: false, ..failed })?;
    enqueue(conn, tenant, &FetchMedia { message: id })?;
    Ok(message.conversation_id)
}

fn held(conn: &mut PgConnection, tenant: TenantId, id: MessageId) -> Result<Message> {
    Ok(of(tenant).filter(messages::id.eq(id)).select(Message::as_select()).for_update().first(conn)?)
}

fn write(conn: &mut PgConnection, tenant: TenantId, message: &Message, file: File) -> Result<()> {
    let (id, details) = (message.id, Details { file: Some(file), ..message.details() });
    diesel::update(of(tenant).filter(messages::id.eq(id)))
        .set((messages::metadata.eq(serde_json::to_value(details)?), messages::updated_at.eq(Utc::now())))
        .execute(conn)?;
    conversations::changed(conn, tenant, message.conversation_id)
}

/// Where a stored picture is kept in small, once somebody has looked at it. Goes with the picture.
pub fn small(stored: &str) -> String {
    format!("{stored}.small")
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
