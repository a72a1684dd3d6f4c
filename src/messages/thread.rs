//! A thread, a window at a time: newest first from the database, oldest first on the page.

use super::model::{Message, MessageId, of};
use crate::conversations::model::{ConversationId, Direction, LastMessage, Seen};
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::schema::messages;
use chrono::{DateTime, Utc};
use diesel::dsl::not;
use diesel::pg::Pg;
use diesel::prelude::*;

/// Messages per window.
pub const PAGE: usize = 40;
/// A window that has stayed open grows with what comes in, up to this.
const GROWN: i64 = 400;

/// Which part of a thread.
#[derive(Debug, Clone, Copy, Default)]
pub enum Window {
    /// The newest page.
    #[default]
    Newest,
    /// The page above a message.
    Before(Cursor),
    /// From a message on, itself included: what an open page shows again when something changed.
    From(Cursor),
    /// A page with this message in its midst; the newest page where it is on that.
    Around(MessageId),
}

/// What a window shows.
#[derive(Debug, Default)]
pub struct Part {
    /// Oldest first.
    pub messages: Vec<Message>,
    pub has_older: bool,
    /// When the next one was written, where these are not the newest.
    pub until: Option<DateTime<Utc>>,
}

/// # Errors
/// `NotFound` where the message to look around stands in another thread.
pub fn window(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, window: Window) -> Result<Part> {
    let window = match window {
        Window::Around(message) => around(conn, tenant, id, message)?,
        window => window,
    };
    let mut rows = of(tenant).filter(messages::conversation_id.eq(id)).into_boxed::<Pg>();
    let mut limit = PAGE as i64 + 1;
    match window {
        Window::Newest | Window::Around(_) => {}
        Window::Before(Cursor { at, id }) => {
            let same_moment = messages::occurred_at.eq(at).and(messages::id.lt(id));
            rows = rows.filter(messages::occurred_at.le(at)).filter(messages::occurred_at.lt(at).or(same_moment));
        }
        Window::From(Cursor { at, id }) => {
            let same_moment = messages::occurred_at.eq(at).and(messages::id.ge(id));
            rows = rows.filter(messages::occurred_at.ge(at)).filter(messages::occurred_at.gt(at).or(same_moment));
            limit = GROWN;
        }
    }
    let newest_first = rows.order((messages::occurred_at.desc(), messages::id.desc())).limit(limit);
    let mut found: Vec<Message> = newest_first.select(Message::as_select()).load(conn)?;
    let has_older = match window {
        Window::From(cursor) => has_before(conn, tenant, id, cursor)?,
        _ => found.len() > PAGE,
    };
    if !matches!(window, Window::From(_)) {
        found.truncate(PAGE);
    }
    found.reverse();
    let until = match window {
        Window::Before(cursor) => Some(cursor.at),
        _ => None,
    };
    Ok(Part { messages: found, has_older, until })
}

/// The window in whose midst a message stands.
fn around(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, message: MessageId) -> Result<Window> {
    let thread = || of(tenant).filter(messages::conversation_id.eq(id));
    let at: DateTime<Utc> = thread().filter(messages::id.eq(message)).select(messages::occurred_at).first(conn)?;
    let same_moment = messages::occurred_at.eq(at).and(messages::id.gt(message));
    let after = thread().filter(messages::occurred_at.ge(at)).filter(messages::occurred_at.gt(at).or(same_moment));
    let places: Vec<(DateTime<Utc>, MessageId)> = after
        .order((messages::occurred_at, messages::id))
        .limit(PAGE as i64 / 2)
        .select((messages::occurred_at, messages::id))
        .load(conn)?;
    Ok(match places.last() {
        Some((at, id)) if places.len() == PAGE / 2 => Window::Before(Cursor { at: *at, id: id.get() }),
        _ => Window::Newest,
    })
}

fn has_before(conn: &mut PgConnection, tenant: TenantId, id: ConversationId, cursor: Cursor) -> Result<bool> {
    let same_moment = messages::occurred_at.eq(cursor.at).and(messages::id.lt(cursor.id));
    let older =
        of(tenant).filter(messages::conversation_id.eq(id)).filter(messages::occurred_at.lt(cursor.at).or(same_moment));
    Ok(diesel::select(diesel::dsl::exists(older)).get_result(conn)?)
}

/// Since when the customer is waiting after `new` was written to a conversation that was as `seen`: the first of their
/// messages after our last one, and of those that reached us after it was last resolved. Notes are no answer.
pub fn waiting_since(
    conn: &mut PgConnection,
    tenant: TenantId,
    id: ConversationId,
    seen: Seen,
    new: &LastMessage<'_>,
) -> Result<Option<DateTime<Utc>>> {
    if new.direction == Direction::Inbound {
        match (seen.waiting_since, seen.last_message_at) {
            // One more question does not change since when.
            (Some(since), _) if since <= new.at => return Ok(Some(since)),
            // Nothing was open, and nothing that is there is newer.
            (None, newest) if newest.is_none_or(|newest| newest < new.at) => return Ok(Some(new.at)),
            _ => {}
        }
    }
    let said = |direction: Direction| {
        of(tenant)
            .filter(messages::conversation_id.eq(id).and(messages::direction.eq(direction.literal())))
            .filter(not(messages::is_private))
            .select(messages::occurred_at)
    };
    let newest = said(Direction::Outbound).order((messages::occurred_at.desc(), messages::id.desc()));
    let answered: Option<DateTime<Utc>> = newest.first(conn).optional()?;
    let since = said(Direction::Inbound)
        .filter(messages::occurred_at.gt(answered.unwrap_or(DateTime::UNIX_EPOCH)))
        .filter(messages::created_at.gt(seen.resolved_at.unwrap_or(DateTime::UNIX_EPOCH)))
        .order((messages::occurred_at, messages::id))
        .first(conn)
        .optional()?;
    Ok(since)
}
