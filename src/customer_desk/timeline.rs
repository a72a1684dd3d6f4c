//! Everything that happened with a customer, newest first, in pages: messages and notes of the threads that the reader
//! may see, states, consents, and what was written down about the record.

use crate::conversations::model::ConversationId;
use crate::customers::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::page::{self, Cursor};
use crate::kit::tenant::TenantId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

/// Happenings on a page.
pub const PAGE: usize = 40;

/// How many a page that is open for long may come to show at once.
const MOST: usize = 400;

/// The part of the timeline that is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Window {
    #[default]
    Newest,
    Before(Cursor),
    /// The newest down to this one, so that a page which is fetched anew still meets the older ones below it.
    From(Cursor),
}

/// Something that happened. What `what`, `detail` and `more` hold depends on `kind`.
#[derive(Debug, Clone, QueryableByName)]
pub struct Happening {
    /// `message`, `call`, `state`, `consent` or `entry`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub conversation: Option<ConversationId>,
    /// A user; None: the customer, a job or a program.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub by: Option<Uuid>,
    /// The direction or `note`; a call's direction; the new state; given or withdrawn; the audit log's action.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// The message's beginning; the call's note; the reason; purpose and channel; the entity.
    #[diesel(sql_type = Text)]
    pub detail: String,
    #[diesel(sql_type = Jsonb)]
    pub more: Value,
}

/// Each branch reads the newest of its kind by an index and no more; `conversations` are those that the reader may see.
const SQL: &str = "
SELECT kind, at, id, conversation, \"by\", what, detail, more FROM (
    SELECT m.* FROM unnest($3) AS thread (id) CROSS JOIN LATERAL (
        SELECT 'message' AS kind, occurred_at AS at, id, conversation_id AS conversation, author_id AS \"by\",
               CASE WHEN is_private THEN 'note' ELSE direction::text END AS what, left(body, 400) AS detail,
               jsonb_build_object('type', message_type, 'status', status, 'revoked', revoked_at IS NOT NULL) AS more
        FROM messages WHERE tenant_id = $1 AND conversation_id = thread.id AND deleted_at IS NULL
          AND occurred_at <= $4 AND (occurred_at < $4 OR id < $5) AND occurred_at >= $7
        ORDER BY occurred_at DESC, id DESC LIMIT $6
    ) AS m
    UNION ALL (
        SELECT 'call', started_at, id, NULL, COALESCE(caller_id, receiver_id, callback_by), direction::text, COALESCE(note, ''),
               jsonb_build_object('status', status, 'video', is_video, 'seconds', duration_seconds)
        FROM calls WHERE tenant_id = $1 AND customer_id = $2 AND deleted_at IS NULL
          AND started_at <= $4 AND (started_at < $4 OR id < $5) AND started_at >= $7
        ORDER BY started_at DESC, id DESC LIMIT $6
    ) UNION ALL (
        SELECT 'state', created_at, id, NULL, user_id, new_state::text, COALESCE(reason, ''),
               jsonb_build_object('old', old_state)
        FROM customer_state_changes WHERE tenant_id = $1 AND customer_id = $2
          AND created_at <= $4 AND (created_at < $4 OR id < $5) AND created_at >= $7
        ORDER BY created_at DESC, id DESC LIMIT $6
    ) UNION ALL (
        SELECT 'consent', occurred_at, id, NULL, user_id, state::text, purpose::text,
               jsonb_build_object('channel', channel, 'source', source)
        FROM consents WHERE tenant_id = $1 AND customer_id = $2
          AND occurred_at <= $4 AND (occurred_at < $4 OR id < $5) AND occurred_at >= $7
        ORDER BY occurred_at DESC, id DESC LIMIT $6
    ) UNION ALL (
        SELECT 'entry', created_at, id, CASE entity WHEN 'conversations' THEN entity_id END, actor_id, action, entity,
               jsonb_build_object('before', before, 'after', after)
        FROM audit_entries WHERE tenant_id = $1 AND entity_id = ANY($2 || $3)
          AND entity IN ('customers', 'customer_identities', 'conversations')
          AND action NOT IN ('read', 'refused', 'moved', 'created')
          AND created_at <= $4 AND (created_at < $4 OR id < $5) AND created_at >= $7
        ORDER BY id DESC LIMIT $6
    )
) AS happened ORDER BY at DESC, id DESC LIMIT $6";

/// The happenings of a window, newest first, and whether there are older ones.
pub fn page(
    conn: &mut PgConnection,
    tenant: TenantId,
    customer: CustomerId,
    conversations: &[ConversationId],
    window: Window,
) -> Result<(Vec<Happening>, bool)> {
    let newest = Cursor { at: Utc::now() + chrono::TimeDelta::minutes(10), id: Uuid::max() };
    let (before, from, size) = match window {
        Window::Newest => (newest, None, PAGE),
        Window::Before(cursor) => (cursor, None, PAGE),
        Window::From(cursor) => (newest, Some(cursor), MOST),
    };
    let mut found: Vec<Happening> = diesel::sql_query(SQL)
        .bind::<SqlUuid, _>(tenant)
        .bind::<SqlUuid, _>(customer)
        .bind::<Array<SqlUuid>, _>(conversations)
        .bind::<Timestamptz, _>(before.at)
        .bind::<SqlUuid, _>(before.id)
        .bind::<BigInt, _>(size as i64 + 1)
        .bind::<Timestamptz, _>(from.map_or(DateTime::UNIX_EPOCH, |from| from.at))
        .load(conn)?;
    if let Some(from) = from {
        found.retain(|happening| (happening.at, happening.id) >= (from.at, from.id));
    }
    let (found, has_more) = page::cut(found, size);
    // Only what has older ones below it is asked for down to one of them.
    Ok((found, has_more || from.is_some()))
}
