//! Files of an answer that is being written: kept until they are sent, taken away, or forgotten. Each has the id of the
//! message that it will be.

use super::model::{File, MessageId};
use crate::conversations::model::{self as conversations, ConversationId, Scope};
use crate::kit::error::{Error, Result};
use crate::kit::sniff;
use crate::kit::tenant::TenantId;
use crate::schema::attachments;
use crate::tenants::limits;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;

/// Bytes of one file: in base64 it still fits into what WAHA takes, 50 MB.
pub const LARGEST: u64 = 32 * 1024 * 1024;
/// Files of one answer.
pub const MOST: usize = 10;
/// Characters of a caption.
pub const LONGEST_CAPTION: usize = 1024;
/// What goes as a voice message, which has no caption.
pub const VOICE: &str = "voice";
/// Larger pictures and videos go as files: WhatsApp takes no more of them.
const LARGEST_SHOWN: u64 = 16 * 1024 * 1024;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attachments)]
pub struct Attachment {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub name: String,
    pub media_type: String,
    pub message_type: String,
    pub bytes: i64,
}

#[auto_type]
fn of(tenant: TenantId) -> _ {
    attachments::table.filter(attachments::tenant_id.eq(tenant))
}

/// A file that has come in, before it is kept.
#[derive(Debug, Clone)]
pub struct NewAttachment {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub name: String,
    pub media_type: &'static str,
    pub bytes: u64,
}

impl NewAttachment {
    /// # Errors
    /// `Refused` for an empty file, and for one that is not what its name says.
    pub fn read(conversation: ConversationId, name: &str, bytes: &[u8]) -> Result<Self> {
        let media_type = sniff::media_type(bytes, name);
        if bytes.is_empty() {
            return Err(Error::Refused(format!("{name} is empty, so it was not attached.")));
        }
        if sniff::belies(name, media_type) {
            let why = format!("{name} is not what its name says ({media_type}), so it was not attached.");
            return Err(Error::Refused(why));
        }
        Ok(Self { id: MessageId::new(), conversation, name: name.to_owned(), media_type, bytes: bytes.len() as u64 })
    }

    /// In `kit::storage`.
    pub fn stored(&self, tenant: TenantId) -> String {
        stored(tenant, self.id)
    }

    /// As what it is sent.
    fn message_type(&self) -> &'static str {
        match self.media_type {
            "image/jpeg" | "image/png" | "image/webp" if self.bytes <= LARGEST_SHOWN => "image",
            "video/mp4" | "video/3gpp" if self.bytes <= LARGEST_SHOWN => "video",
            "audio/ogg; codecs=opus" => VOICE,
            _ => "document",
        }
    }
}

fn stored(tenant: TenantId, id: MessageId) -> String {
    format!("{tenant}/media/{id}")
}

impl Attachment {
    pub fn takes_caption(&self) -> bool {
        self.message_type != VOICE
    }

    pub fn stored(&self, tenant: TenantId) -> String {
        stored(tenant, self.id)
    }

    /// As the message says it.
    pub fn file(&self, tenant: TenantId) -> File {
        File {
            kind: Some(self.media_type.clone()),
            name: Some(self.name.clone()),
            stored: Some(self.stored(tenant)),
            size: u64::try_from(self.bytes).ok(),
            ..File::default()
        }
    }
}

/// Whether another file can be attached, before it is read.
///
/// # Errors
/// `NotFound` out of scope; `Refused` when there are as many as can be, or the tenant's storage is full.
pub fn has_room(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<()> {
    conversations::find(conn, tenant, scope, id)?;
    if list(conn, tenant, id, scope.reader)?.len() >= MOST {
        return Err(Error::Refused(format!("At most {MOST} files go with one answer. Send these first.")));
    }
    match limits::storage_is_full(conn, tenant)? {
        Some(why) => Err(Error::Refused(why)),
        None => Ok(()),
    }
}

/// Notes a file that lies in the storage now.
///
/// # Errors
/// As [`has_room`]; the file is to be thrown away then.
pub fn add(conn: &mut PgConnection, tenant: TenantId, scope: Scope, new: &NewAttachment) -> Result<()> {
    has_room(conn, tenant, scope, new.conversation)?;
    let bytes = i64::try_from(new.bytes).unwrap_or(i64::MAX);
    if let Some(why) = limits::keep_file(conn, tenant, bytes)? {
        return Err(Error::Refused(why));
    }
    diesel::insert_into(attachments::table)
        .values((
            attachments::tenant_id.eq(tenant),
            attachments::id.eq(new.id),
            attachments::conversation_id.eq(new.conversation),
            attachments::user_id.eq(scope.reader),
            attachments::name.eq(&new.name),
            attachments::media_type.eq(new.media_type),
            attachments::message_type.eq(new.message_type()),
            attachments::bytes.eq(bytes),
        ))
        .execute(conn)?;
    Ok(())
}

/// What this user has attached there, in order.
pub fn list(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, user: UserId) -> Result<Vec<Attachment>> {
    let own = of(tenant).filter(attachments::conversation_id.eq(id).and(attachments::user_id.eq(user)));
    Ok(own.order(attachments::id).limit(MOST as i64).select(Attachment::as_select()).load(conn)?)
}

/// # Errors
/// `NotFound` for anybody else's.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<Attachment> {
    let own = of(tenant).filter(attachments::id.eq(id).and(attachments::user_id.eq(scope.reader)));
    let found: Attachment = own.select(Attachment::as_select()).first(conn)?;
    conversations::find(conn, tenant, scope, found.conversation_id)?;
    Ok(found)
}

/// Takes those of `ids` that wait there, in order: they belong to messages from now on. Whoever asks at the same time
/// waits, and finds nothing.
pub(super) fn take(
    conn: &mut PgConnection,
    tenant: TenantId,
    scope: Scope,
    within: ConversationId,
    ids: &[MessageId],
) -> Result<Vec<Attachment>> {
    let own = of(tenant)
        .filter(attachments::conversation_id.eq(within).and(attachments::user_id.eq(scope.reader)))
        .filter(attachments::id.eq_any(ids));
    let mut taken: Vec<Attachment> = diesel::delete(own).returning(Attachment::as_returning()).get_results(conn)?;
    taken.sort_by_key(|attachment| attachment.id);
    Ok(taken)
}

/// Takes a file away again, which is to be thrown out of the storage then.
///
/// # Errors
/// As [`find`].
pub fn remove(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<Attachment> {
    let found = find(conn, tenant, scope, id)?;
    forget(conn, tenant, &[found.id])?.pop().ok_or(Error::NotFound)
}

/// Forgets files whatever becomes of their answers, and gives back those that nobody has sent or taken away meanwhile:
/// they are to be thrown out of the storage.
pub fn forget(conn: &mut PgConnection, tenant: TenantId, ids: &[MessageId]) -> Result<Vec<Attachment>> {
    let rows = of(tenant).filter(attachments::id.eq_any(ids));
    let gone: Vec<Attachment> = diesel::delete(rows).returning(Attachment::as_returning()).get_results(conn)?;
    if !gone.is_empty() {
        limits::drop_file(conn, tenant, gone.iter().map(|file| file.bytes).sum())?;
    }
    Ok(gone)
}

/// Attached before then and not sent; some of them at a time.
pub fn stale(conn: &mut PgConnection, tenant: TenantId, before: DateTime<Utc>) -> Result<Vec<Attachment>> {
    let stale = of(tenant).filter(attachments::created_at.lt(before));
    Ok(stale.order((attachments::created_at, attachments::id)).limit(100).select(Attachment::as_select()).load(conn)?)
}

/// Those of these conversations, whoever attached them; some of them at a time.
pub fn within(conn: &mut PgConnection, tenant: TenantId, threads: &[ConversationId]) -> Result<Vec<Attachment>> {
    let there = of(tenant).filter(attachments::conversation_id.eq_any(threads));
    Ok(there.order(attachments::id).limit(100).select(Attachment::as_select()).load(conn)?)
}
