//! A message, as every other part of this room sees it.

use crate::conversations::model::{ConversationId, Direction, MessageStatus};
use crate::ids;
use crate::kit::enums::Literal;
use crate::kit::tenant::TenantId;
use crate::numbers::model::NumberId;
use crate::schema::messages;
use crate::schema::sql_types::MessageDirection;
use crate::teams::model::TeamId;
use crate::users::model::UserId;
use chrono::{DateTime, Utc};
use diesel::dsl::auto_type;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

ids! {
    /// One entry of a conversation.
    MessageId,
}

/// Characters that WhatsApp takes in one text.
pub const MAX_CHARS: usize = 65_536;

#[auto_type]
pub(super) fn of(tenant: TenantId) -> _ {
    messages::table.filter(messages::tenant_id.eq(tenant)).filter(messages::deleted_at.is_null())
}

/// What went or goes out over a number; with some of the states of the index `messages_outbox`, by that index.
#[auto_type]
pub(super) fn outbound(tenant: TenantId, number: NumberId) -> _ {
    let out: Literal<MessageDirection> = Direction::Outbound.literal();
    let rows: of = of(tenant);
    rows.filter(messages::session_id.eq(number)).filter(messages::direction.eq(out))
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct Message {
    pub id: MessageId,
    pub conversation_id: ConversationId,
    pub session_id: Option<NumberId>,
    pub direction: Direction,
    pub status: MessageStatus,
    /// A note.
    pub is_private: bool,
    pub body: String,
    pub message_type: String,
    pub message_key: Option<String>,
    pub author_id: Option<UserId>,
    pub sender_name: Option<String>,
    pub sender_chat_id: Option<String>,
    pub metadata: Value,
    pub error_message: Option<String>,
    pub lease: i64,
    pub occurred_at: DateTime<Utc>,
    pub edited_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Message {
    pub fn details(&self) -> Details {
        Details::of(&self.metadata)
    }
}

/// What `metadata` holds: shown, never searched.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quoted: Option<Quoted>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Contact cards in vCard's text form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<String>,
    /// The engine's word for something that we cannot show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsupported: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// What it said before it was edited, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Earlier>,
    /// Whom a note names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
    /// How often the gateway clearly failed to send it.
    #[serde(skip_serializing_if = "is_none")]
    pub failures: u32,
    #[serde(flatten)]
    pub rest: serde_json::Map<String, Value>,
}

impl Details {
    /// What a row's `metadata` says; nothing where it is unreadable.
    pub fn of(metadata: &Value) -> Self {
        serde_json::from_value(metadata.clone()).unwrap_or_default()
    }
}

fn is_none(failures: &u32) -> bool {
    *failures == 0
}

/// The message that this one answers, as it was when it was quoted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Quoted {
    /// Its bare WhatsApp id.
    pub key: String,
    pub body: String,
    /// In words; None: ours.
    pub sender: Option<String>,
}

/// What is asked, and what one can answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Poll {
    pub question: String,
    pub options: Vec<String>,
}

/// A wording that a later one took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earlier {
    pub body: String,
    /// Since when it said so.
    pub at: DateTime<Utc>,
}

/// A name in a note, and who is meant by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// As it was written, behind the `@`.
    pub name: String,
    #[serde(flatten)]
    pub whom: Whom,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Whom {
    User(UserId),
    Team(TeamId),
}

impl Whom {
    pub fn id(self) -> Uuid {
        match self {
            Self::User(id) => id.get(),
            Self::Team(id) => id.get(),
        }
    }
}

/// A file that came with a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// MIME type as WhatsApp says it.
    pub kind: Option<String>,
    pub name: Option<String>,
    /// Where `kit::storage` has it, once it was fetched.
    pub stored: Option<String>,
    /// In bytes, once it is stored.
    pub size: Option<u64>,
    /// Why it could not be fetched.
    pub error: Option<String>,
    /// There was no room for it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Place {
    pub latitude: f64,
    pub longitude: f64,
    pub name: Option<String>,
}
