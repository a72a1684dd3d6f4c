//! Conversations and messages of a customer, a page at a time, oldest first.

use crate::conversations::model::{ConversationId, Direction, MessageStatus, Status};
use crate::customers::model::CustomerId;
use crate::gdpr::erasures::traces;
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::messages::model::{Details, Earlier, MessageId, Poll};
use crate::schema::{conversations, messages, waha_sessions};
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::pg::Pg;
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// Messages that are read at a time.
pub const PAGE: usize = 500;

#[auto_type]
fn conversations_of(tenant: TenantId) -> _ {
    conversations::table.filter(conversations::tenant_id.eq(tenant))
}

#[auto_type]
fn messages_of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant))
}

#[derive(Debug, Clone, Serialize)]
pub struct Thread {
    pub id: ConversationId,
    pub title: String,
    /// Our number that they wrote to.
    pub number: Option<String>,
    pub status: &'static str,
    pub begun_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Said {
    pub id: MessageId,
    pub at: DateTime<Utc>,
    /// `inbound` is theirs.
    pub direction: Direction,
    pub is_note: bool,
    pub status: &'static str,
    pub kind: String,
    pub sender: Option<String>,
    pub text: String,
    pub quoted: Option<String>,
    pub place: Option<String>,
    /// The file's path in this package.
    pub file: Option<String>,
    pub was_edited: bool,
    /// What it said before, oldest first.
    pub earlier: Vec<Earlier>,
    pub poll: Option<Poll>,
    /// Contact cards that came with it.
    pub cards: Vec<String>,
    pub was_deleted: bool,
    /// In the storage.
    #[serde(skip)]
    pub stored: Option<String>,
}

impl Said {
    /// Where it stands among others.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id.get() }
    }
}

type Row = (
    MessageId,
    DateTime<Utc>,
    Direction,
    bool,
    MessageStatus,
    String,
    Option<String>,
    String,
    Value,
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
);

/// Their own conversations, oldest first.
pub fn threads(conn: &mut PgConnection, tenant: TenantId, people: &[CustomerId]) -> Result<Vec<Thread>> {
    type Row = (ConversationId, String, Option<String>, Status, DateTime<Utc>);
    let number = waha_sessions::tenant_id
        .eq(conversations::tenant_id)
        .and(waha_sessions::id.nullable().eq(conversations::session_id));
    let rows: Vec<Row> = conversations_of(tenant)
        .left_join(waha_sessions::table.on(number))
        .filter(conversations::id.eq_any(traces::threads(conn, tenant, people)?))
        .order(conversations::id)
        .select((
            conversations::id,
            conversations::title,
            waha_sessions::name.nullable(),
            conversations::status,
            conversations::created_at,
        ))
        .load(conn)?;
    let thread =
        |(id, title, number, status, begun_at): Row| Thread { id, title, number, status: status.word(), begun_at };
    Ok(rows.into_iter().map(thread).collect())
}

/// The next messages of a conversation, also deleted ones.
pub fn messages(
    conn: &mut PgConnection,
    tenant: TenantId,
    thread: ConversationId,
    after: Option<Cursor>,
) -> Result<Vec<Said>> {
    let mut rows = messages_of(tenant).filter(messages::conversation_id.eq(thread)).into_boxed::<Pg>();
    if let Some(Cursor { at, id }) = after {
        let later = messages::occurred_at.gt(at).or(messages::occurred_at.eq(at).and(messages::id.gt(id)));
        rows = rows.filter(messages::occurred_at.ge(at)).filter(later);
    }
    load(conn, rows)
}

/// What they wrote in groups: the members' words are not theirs, so these stand alone.
pub fn in_groups(
    conn: &mut PgConnection,
    tenant: TenantId,
    people: &[CustomerId],
    after: Option<Cursor>,
) -> Result<Vec<Said>> {
    let words = traces::words(conn, tenant, people)?;
    let own = traces::threads(conn, tenant, people)?;
    let is_theirs = messages::sender_chat_id.eq_any(words.clone()).or(messages::from_msisdn.eq_any(words));
    let mut rows =
        messages_of(tenant).filter(is_theirs).filter(messages::conversation_id.ne_all(own)).into_boxed::<Pg>();
    if let Some(Cursor { at, id }) = after {
        let later = messages::occurred_at.gt(at).or(messages::occurred_at.eq(at).and(messages::id.gt(id)));
        rows = rows.filter(messages::occurred_at.ge(at)).filter(later);
    }
    load(conn, rows)
}

fn load(conn: &mut PgConnection, rows: messages::BoxedQuery<'_, Pg>) -> Result<Vec<Said>> {
    let rows = rows.order((messages::occurred_at, messages::id)).limit(PAGE as i64).select((
        messages::id,
        messages::occurred_at,
        messages::direction,
        messages::is_private,
        messages::status,
        messages::message_type,
        messages::sender_name,
        messages::body,
        messages::metadata,
        messages::edited_at,
        messages::revoked_at,
    ));
    Ok(rows.load::<Row>(conn)?.into_iter().map(said).collect())
}

fn said(row: Row) -> Said {
    let (id, at, direction, is_note, status, kind, sender, text, metadata, edited_at, revoked_at) = row;
    let details: Details = serde_json::from_value(metadata).unwrap_or_default();
    let place = details.place.map(|place| match place.name {
        Some(name) => format!("{name} ({}, {})", place.latitude, place.longitude),
        None => format!("{}, {}", place.latitude, place.longitude),
    });
    let file = details.file.unwrap_or_default();
    let path =
        file.stored.as_ref().map(|_| format!("media/{id}{}", ending(file.name.as_deref(), file.kind.as_deref())));
    Said {
        id,
        at,
        direction,
        is_note,
        status: status.word(),
        kind,
        sender,
        text,
        quoted: details.quoted.map(|quoted| quoted.body),
        place,
        file: path,
        was_edited: edited_at.is_some(),
        earlier: details.earlier,
        poll: details.poll,
        cards: details.cards,
        was_deleted: revoked_at.is_some(),
        stored: file.stored,
    }
}

/// ".jpg": of the file's own name if that has a plain one, else of what kind it is.
fn ending(name: Option<&str>, kind: Option<&str>) -> String {
    let own = name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    let is_plain =
        |text: &String| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let ending = own.filter(is_plain).or_else(|| {
        let kind = kind?.split(';').next()?.trim();
        let of_kind = match kind {
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/webp" => "webp",
            "image/gif" => "gif",
            "audio/ogg" => "ogg",
            "audio/mpeg" => "mp3",
            "video/mp4" => "mp4",
            "application/pdf" => "pdf",
            _ => return None,
        };
        Some(of_kind.to_owned())
    });
    ending.map(|ending| format!(".{ending}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_a_plain_ending() {
        for (name, kind, expected) in [
            (Some("Invoice.PDF"), None, ".pdf"),
            (Some("a/../../b"), Some("image/jpeg"), ".jpg"),
            (Some("x.exe\" onload"), Some("audio/ogg; codecs=opus"), ".ogg"),
            (None, None, ""),
        ] {
            assert_eq!(ending(name, kind), expected);
        }
    }
}
