//! Conversations and their SQL: who may see them, and what their list rows show.

use super::activities::{self, By, Change, Step};
use crate::customers::model::CustomerId;
use crate::kit::access::{Permission, SignedIn, ViewAllConversations};
use crate::kit::enums::Literal;
use crate::kit::error::Result;
use crate::kit::live;
use crate::kit::prepared::update_prepared;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::sql_types::ConversationKind;
use crate::schema::{conversations, mentions, team_members};
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use crate::{ids, pg_enum};
use chrono::{DateTime, Utc};
use diesel::dsl::{auto_type, exists};
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
    /// How urgent; a later one outweighs those before it.
    Priority over ConversationPriority {
        None = "none", Low = "low", Medium = "medium", High = "high", Urgent = "urgent"
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

/// Which conversations a user may see: agents their own, their teams' and those that are nobody's, the others all.
#[derive(Debug, Clone, Copy)]
pub struct Scope {
    pub reader: UserId,
    pub sees_all: bool,
}

impl Scope {
    pub fn of(who: &SignedIn) -> Self {
        Self {
            reader: who.user.into(),
            sees_all: ViewAllConversations::ROLES.contains(&who.role) || who.agents_see_all,
        }
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
    pub team_id: Option<TeamId>,
    pub priority: Priority,
    /// None in a snoozed one: until the customer writes.
    pub snoozed_until: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub last_message_at: Option<DateTime<Utc>>,
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
    let ours: ours = ours(reader);
    conversations::assignee_id
        .is_null()
        .and(conversations::team_id.is_null())
        .or(conversations::assignee_id.eq(reader).assume_not_null())
        .or(ours)
}

/// What belongs to a team of theirs.
#[auto_type]
fn ours(reader: UserId) -> _ {
    let membership = team_members::table
        .filter(team_members::tenant_id.eq(conversations::tenant_id))
        .filter(team_members::team_id.nullable().eq(conversations::team_id))
        .filter(team_members::user_id.eq(reader));
    exists(membership)
}

/// Whoever was named in a note may read what it is about.
#[auto_type]
fn names(reader: UserId) -> _ {
    diesel::dsl::exists(
        mentions::table
            .filter(mentions::tenant_id.eq(conversations::tenant_id))
            .filter(mentions::conversation_id.eq(conversations::id))
            .filter(mentions::user_id.eq(reader)),
    )
}

/// # Errors
/// `NotFound` for another tenant's conversation and for one outside `scope` alike.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<Conversation> {
    let row = of(tenant).filter(conversations::id.eq(id)).filter(within(scope).or(names(scope.reader)));
    Ok(row.select(Conversation::as_select()).first(conn)?)
}

/// The same, and until the end of the transaction nobody else changes it.
///
/// # Errors
/// As [`find`].
pub fn find_held(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: ConversationId) -> Result<Conversation> {
    hold(conn, tenant, id)?;
    find(conn, tenant, scope, id)
}

/// The same for the desk itself: jobs and webhooks see every conversation of their tenant.
pub fn get(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<Conversation> {
    Ok(of(tenant).filter(conversations::id.eq(id)).select(Conversation::as_select()).first(conn)?)
}

/// A conversation as a new message finds it.
#[derive(Debug, Clone, Copy, Queryable, Selectable)]
#[diesel(table_name = conversations)]
pub struct Seen {
    pub status: Status,
    pub last_message_at: Option<DateTime<Utc>>,
    pub waiting_since: Option<DateTime<Utc>>,
    pub resolved_at: Option<DateTime<Utc>>,
    snoozed_until: Option<DateTime<Utc>>,
    /// Differs after each change of the above.
    updated_at: DateTime<Utc>,
}

/// The same, and until the end of the transaction nobody else changes it.
pub fn hold(conn: &mut PgConnection, tenant: TenantId, id: ConversationId) -> Result<Seen> {
    Ok(of(tenant).filter(conversations::id.eq(id)).select(Seen::as_select()).for_no_key_update().first(conn)?)
}

/// What the preview of a note begins with.
pub const NOTE: &str = "Note: ";

/// A message, as far as the list row shows it.
#[derive(Debug, Clone)]
pub struct LastMessage<'a> {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub direction: Direction,
    /// None: a note, which goes nowhere.
    pub status: Option<MessageStatus>,
    pub preview: &'a str,
}

/// Takes a message into account in a conversation that is as it was `seen`: row, unread, and since when the customer has
/// been `waiting`. A customer's message re-opens a resolved or snoozed conversation; `answers_from` becomes the address
/// that answers go to. What the row shows of the last message changes only if there is none newer. False, and nothing
/// done, when somebody else changed the conversation meanwhile: then [`hold`] it, and look again.
pub fn moved(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    seen: Seen,
    last: &LastMessage<'_>,
    answers_from: Option<&str>,
    waiting: Option<DateTime<Utc>>,
) -> Result<bool> {
    let came_in = last.direction == Direction::Inbound;
    let shown = seen.last_message_at.is_none_or(|newest| newest <= last.at).then(|| {
        (
            conversations::last_message_id.eq(last.id),
            conversations::last_message_at.eq(last.at),
            conversations::last_message_preview.eq(cut(last.preview)),
            conversations::last_message_direction.eq(last.direction),
            conversations::last_message_status.eq(last.status),
        )
    });
    let reopens = came_in && matches!(seen.status, Status::Resolved | Status::Snoozed);
    let changes = (
        shown,
        conversations::inbound_count.eq(conversations::inbound_count + i32::from(came_in)),
        reopens.then(|| (conversations::status.eq(Status::Open), conversations::snoozed_until.eq(NEVER))),
        answers_from.map(|chat_id| conversations::chat_id.eq(chat_id)),
        conversations::waiting_since.eq(waiting),
        conversations::updated_at.eq(Utc::now()),
    );
    let said = live::Announcement::of(tenant, CHANGED, id.get());
    let as_seen = of(tenant).filter(conversations::id.eq(id).and(conversations::updated_at.eq(seen.updated_at)));
    let is_moved = update_prepared(conn, as_seen, changes, Some(said))? > 0;
    if is_moved && reopens {
        let step = Step {
            from: seen.status,
            to: Status::Open,
            old_until: seen.snoozed_until,
            new_until: None,
            waiting: seen.waiting_since,
        };
        activities::write(conn, tenant, id, &Change::Status(step), &By::customer())?;
    }
    Ok(is_moved)
}

/// For a column that shall hold no moment.
pub(super) const NEVER: Option<DateTime<Utc>> = None;

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
