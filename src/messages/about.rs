//! Everything that is known of one message.

use super::model::{Message, MessageId, of};
use crate::conversations::model::{self as conversations, Scope};
use crate::kit::error::Result;
use crate::kit::tenant::TenantId;
use crate::schema::messages;
use crate::users::model as users;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct About {
    #[diesel(embed)]
    pub message: Message,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub read_at: Option<DateTime<Utc>>,
    /// As the gateway told it.
    pub raw_payload: Option<Value>,
}

/// The message, and who of us wrote it.
///
/// # Errors
/// `NotFound` out of scope.
pub fn find(conn: &mut PgConnection, tenant: TenantId, scope: Scope, id: MessageId) -> Result<(About, Option<String>)> {
    let about: About = of(tenant).filter(messages::id.eq(id)).select(About::as_select()).first(conn)?;
    conversations::find(conn, tenant, scope, about.message.conversation_id)?;
    let author = about.message.author_id.map(|author| users::names(conn, tenant, &[author])).transpose()?;
    Ok((about, author.and_then(|mut names| names.pop()).map(|(_, name)| name)))
}
