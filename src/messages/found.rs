//! Messages by what they say.

use super::model::{MessageId, of};
use crate::conversations::model::{ConversationId, Direction, Status};
use crate::kit::error::Result;
use crate::kit::page::Cursor;
use crate::kit::tenant::TenantId;
use crate::schema::{conversations, messages};
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Uuid as SqlUuid};
use serde_json::Value;

#[diesel::declare_sql_function]
extern "SQL" {
    fn switchboard_search_messages(tenant: SqlUuid, wanted: Jsonb, most: Integer) -> diesel::sql_types::Array<SqlUuid>;
}

/// A message that was found, and the thread that it stands in.
#[derive(Debug, Clone, Queryable)]
pub struct Hit {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub title: String,
    pub is_group: bool,
    pub status: Status,
    pub body: String,
    pub kind: String,
    pub direction: Direction,
    pub is_private: bool,
    pub author: Option<UserId>,
    pub sender_name: Option<String>,
    pub at: DateTime<Utc>,
}

impl Hit {
    /// Where the messages after it begin.
    pub fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id.get() }
    }
}

/// At most `most` messages that have what is `wanted`, in the words of `switchboard_search_messages`, which also knows
/// the order.
pub fn search(conn: &mut PgConnection, tenant: TenantId, wanted: &Value, most: usize) -> Result<Vec<Hit>> {
    let most = i32::try_from(most).unwrap_or(i32::MAX);
    let ids: Vec<MessageId> = diesel::select(switchboard_search_messages(tenant, wanted, most)).get_result(conn)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let thread = conversations::tenant_id.eq(messages::tenant_id).and(conversations::id.eq(messages::conversation_id));
    let mut hits: Vec<Hit> = of(tenant)
        .inner_join(conversations::table.on(thread))
        .filter(messages::id.eq_any(&ids))
        .select((
            messages::id,
            messages::conversation_id,
            conversations::title,
            conversations::is_group,
            conversations::status,
            messages::body,
            messages::message_type,
            messages::direction,
            messages::is_private,
            messages::author_id,
            messages::sender_name,
            messages::occurred_at,
        ))
        .load(conn)?;
    hits.sort_by_key(|hit| ids.iter().position(|id| *id == hit.id));
    Ok(hits)
}
