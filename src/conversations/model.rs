//! Conversations and their SQL: finding the one a message belongs to, its state, and what its list row shows.

use crate::customers::model::{CustomerId, UNKNOWN};
use crate::kit::access::{Permission, SignedIn, ViewAllConversations};
use crate::kit::audit;
use crate::kit::enums::Literal;
use crate::kit::error::{Error, Result};
use crate::kit::live;
use crate::kit::prepared::update_prepared;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::conversations;
use crate::schema::sql_types::ConversationKind;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, not};
use diesel::prelude::*;
use uuid::Uuid;

ids! {
    /// A thread.
    ConversationId,
}

/// The kind of live event that says a conversation or one of its messages changed.
pub const CHANGED: &str = "conversation";

pg_enum! {
    Kind over ConversationKind { Customer = "customer", Internal = "internal", Assistant = "assistant" }
}

pg_enum! {
    Status over ConversationStatus {
        Open = "open", Snoozed = "snoozed", Resolved = "resolved", Archived = "archived"
    }
}

pg_enum! {
    Direction over MessageDirection { Inbound = "inbound", Outbound = "outbound" }
}

pg_enum! {
    /// How far a message got. Inbound ones are `delivered` and stay so: who read them is in `conversation_readers`.
    MessageStatus over MessageStatus {
        Queued = "queued", Sending = "sending", Sent = "sent", Delivered = "delivered", Read = "read",
        Failed = "failed", Unknown = "unknown"
    }
}

/// Which conversations a user may see: agents their own and the unassigned ones, the others all.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    pub reader: UserId,
    pub sees_all: bool,
}

impl Scope {
    pub fn of(who: &SignedIn) -> Self {
        Self { reader: who.user.into(), sees_all: ViewAllConversations::ROLES.contains(&who.role) }
    }
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = conversations)]
pub struct Conversation {
    pub id: ConversationId,
    pub status: Status,
    pub title: String,
    pub session_id: Option<NumberId>,
    pub chat_id: Option<String>,
    pub is_group: bool,
    pub customer_id: Option<CustomerId>,
    pub assignee_id: Option<UserId>,
    pub inbound_count: i32,
    pub created_at: DateTime<Utc>,
}

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    let kind: Literal<ConversationKind> = Kind::Customer.literal();
    conversations::table
        .filter(conversations::tenant_id.eq(tenant))
        .filter(conversations::kind.eq(kind))
        .filter(conversations::deleted_at.is_null())
}

#[auto_type]
pub(super) fn within(scope: Scope) -> _ {
    let sees_all: bool = scope.sees_all;
    let own: own = own(scope);
    sees_all.into_sql::<diesel::sql_types::Bool>().or(own)
}

/// What somebody sees who does not see all.
#[auto_type]
pub(super) fn own(scope: Scope) -> _ {
    let reader: UserId = scope.reader;
    conversations::assignee_id.is_null().or(conversations::assignee_id.eq(reader).assume_not_null())
}

/// # Errors
/// `NotFound` for another tenant's conversation and for one outside `scope` alike.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<Conversation> {
    let row = of(tenant).filter(conversations::id.eq(id)).filter(within(scope));
    Ok(row.select(Conversation::as_select()).first(conn)?)
}

/// The same for the desk itself: jobs and webhooks see every conversation of their tenant.
pub fn get(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<Conversation> {
    Ok(of(tenant).filter(conversations::id.eq(id)).select(Conversation::as_select()).first(conn)?)
}

/// With whom a chat is: one customer, or a group.
#[derive(Debug, Clone)]
pub struct Chat<'a> {
    pub number: NumberId,
    /// Where answers go.
    pub chat_id: &'a str,
    /// None: a group.
    pub customer: Option<CustomerId>,
    pub title: &'a str,
}

/// The conversation of a chat, and whether it had to be made.
#[derive(Debug, Clone, Copy)]
pub struct Ensured {
    pub id: ConversationId,
    pub is_new: bool,
    /// Where it was to be held, and is.
    pub held: Option<Held>,
}

/// Finds the conversation of a chat or makes it, and with `holds` keeps [`hold`] of it at once. Its title follows the
/// chat's while it is only a phone number.
pub fn ensure(conn: &mut PgConnection, tenant: TenantId, chat: &Chat<'_>, holds: bool) -> Result<Ensured> {
    if let Some((id, title, held)) = existing(conn, tenant, chat, holds)? {
        let is_number = title.starts_with('+') || title == UNKNOWN;
        if is_number && title != chat.title {
            rename(conn, tenant, id, chat.title)?;
        }
        return Ok(Ensured { id, is_new: false, held: holds.then_some(held) });
    }
    let id = ConversationId::new();
    let inserted = diesel::insert_into(conversations::table)
        .values((
            conversations::tenant_id.eq(tenant),
            conversations::id.eq(id),
            conversations::kind.eq(Kind::Customer),
            conversations::title.eq(chat.title),
            conversations::session_id.eq(chat.number),
            conversations::chat_id.eq(chat.chat_id),
            conversations::is_group.eq(chat.customer.is_none()),
            conversations::customer_id.eq(chat.customer),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    if inserted == 0 {
        // Another transaction was first.
        let (id, _, held) = existing(conn, tenant, chat, holds)?.ok_or(Error::NotFound)?;
        return Ok(Ensured { id, is_new: false, held: holds.then_some(held) });
    }
    audit::record(conn, tenant, &audit::Entry::new("created", "conversations", id.get()))?;
    Ok(Ensured { id, is_new: true, held: None })
}

/// Gives a conversation its chat's name.
pub fn rename(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, title: &str) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(id)))
        .set((conversations::title.eq(title), conversations::updated_at.eq(Utc::now())))
        .execute(conn)?;
    audit::record(conn, tenant, &audit::Entry::new("renamed", "conversations", id.get()))?;
    live::announce(conn, tenant, CHANGED, id.get())
}

type Existing = (ConversationId, String, Held);

fn existing(conn: &mut PgConnection, tenant: TenantId, chat: &Chat<'_>, holds: bool) -> Result<Option<Existing>> {
    let rows = || {
        let known = (conversations::id, conversations::title, Held::as_select());
        of(tenant).filter(conversations::session_id.eq(chat.number)).select(known)
    };
    // In the terms of the two unique indexes.
    let is_group = conversations::is_group;
    let with = |customer| rows().filter(not(is_group)).filter(conversations::customer_id.eq(customer));
    let group = || rows().filter(is_group).filter(conversations::chat_id.eq(chat.chat_id));
    let found = match (chat.customer, holds) {
        (Some(customer), false) => with(customer).first(conn),
        (Some(customer), true) => with(customer).for_no_key_update().first(conn),
        (None, false) => group().first(conn),
        (None, true) => group().for_no_key_update().first(conn),
    };
    Ok(found.optional()?)
}

/// What a new message changes in its conversation, as it was before it.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = conversations)]
pub struct Held {
    pub status: Status,
    pub last_message_at: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
}

/// Until the end of the transaction no other message moves the conversation; others may be written to it meanwhile.
pub fn hold(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<Held> {
    Ok(of(tenant).filter(conversations::id.eq(id)).select(Held::as_select()).for_no_key_update().first(conn)?)
}

/// A message, as far as the list row shows it.
#[derive(Debug, Clone)]
pub struct LastMessage<'a> {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub direction: Direction,
    pub status: MessageStatus,
    pub preview: &'a str,
}

/// Takes a message into account in a conversation that is `held`: row, unread, and since when the customer has been
/// `waiting`. A customer's message re-opens a resolved or snoozed conversation; `answers_from` becomes the address that
/// answers go to. What the row shows of the last message changes only if there is none newer.
pub fn moved(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    held: Held,
    last: &LastMessage<'_>,
    answers_from: Option<&str>,
    waiting: Option<DateTime<Utc>>,
) -> Result<()> {
    let came_in = last.direction == Direction::Inbound;
    let shown = held.last_message_at.is_none_or(|newest| newest <= last.at).then(|| {
        (
            conversations::last_message_id.eq(last.id),
            conversations::last_message_at.eq(last.at),
            conversations::last_message_preview.eq(cut(last.preview)),
            conversations::last_message_direction.eq(last.direction),
            conversations::last_message_status.eq(last.status),
        )
    });
    let reopens = came_in && matches!(held.status, Status::Resolved | Status::Snoozed);
    let changes = (
        shown,
        conversations::inbound_count.eq(conversations::inbound_count + i32::from(came_in)),
        reopens.then(|| conversations::status.eq(Status::Open)),
        answers_from.map(|chat_id| conversations::chat_id.eq(chat_id)),
        conversations::waiting_since.eq(waiting),
        conversations::updated_at.eq(Utc::now()),
    );
    let said = live::Announcement::of(tenant, CHANGED, id.get());
    update_prepared(conn, of(tenant).filter(conversations::id.eq(id)), changes, Some(said))?;
    Ok(())
}

/// A message's status changed; its conversation's row shows it when it is the last one.
pub fn ticked(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    message: Uuid,
    status: MessageStatus,
) -> Result<()> {
    let shown = of(tenant).filter(conversations::id.eq(id).and(conversations::last_message_id.eq(message)));
    update_prepared(conn, shown, conversations::last_message_status.eq(status), None)?;
    live::announce(conn, tenant, CHANGED, id.get())
}

/// The text of a message changed; its conversation's row shows it when it is the last one.
pub fn reworded(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    message: Uuid,
    preview: &str,
) -> Result<()> {
    diesel::update(of(tenant).filter(conversations::id.eq(id).and(conversations::last_message_id.eq(message))))
        .set(conversations::last_message_preview.eq(cut(preview)))
        .execute(conn)?;
    Ok(())
}

/// As much as a list row can show.
fn cut(preview: &str) -> String {
    preview.chars().take(160).collect()
}

/// Something in the thread changed that the list row does not show.
pub fn changed(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<()> {
    live::announce(conn, tenant, CHANGED, id.get())
}
