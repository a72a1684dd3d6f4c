//! Messages and the chats that hold them.

use std::collections::BTreeMap;

use chrono::Utc;
use serde::{Deserialize, Serialize};

use super::ids;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Chat {
    pub messages: Vec<Message>,
    /// The desk shows "typing…" to the customer.
    pub typing: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Api,
    App,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Media {
    pub mimetype: String,
    pub filename: Option<String>,
    /// Base64, as it came.
    pub data: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Message {
    /// The bare id.
    pub id: String,
    /// The chat as this message names it: `…@c.us`, `…@lid` or `…@g.us`.
    pub chat: String,
    pub from_me: bool,
    /// In groups, who wrote it.
    pub participant: Option<String>,
    pub name: String,
    pub body: Option<String>,
    pub media: Option<Media>,
    /// Milliseconds since 1970.
    pub at: i64,
    pub ack: i8,
    pub source: Source,
    /// The bare id of the message that this one answers.
    pub reply_to: Option<String>,
    /// Emoji by who gave it; the number itself is `me`.
    pub reactions: BTreeMap<String, String>,
    pub edited: bool,
    pub revoked: bool,
    /// Shown to the other side's eyes: the customer's read by the desk.
    pub seen: bool,
    /// The place among all messages ever.
    pub order: u64,
    /// How often the gateway was asked to send this same id again, in vain.
    pub repeats: u32,
}

impl Message {
    pub fn new(id: String, chat: String, from_me: bool) -> Self {
        Self {
            id,
            chat,
            from_me,
            participant: None,
            name: String::new(),
            body: None,
            media: None,
            at: Utc::now().timestamp_millis(),
            ack: if from_me { 0 } else { 2 },
            source: Source::App,
            reply_to: None,
            reactions: BTreeMap::new(),
            edited: false,
            revoked: false,
            seen: false,
            order: 0,
            repeats: 0,
        }
    }

    pub fn is_group(&self) -> bool {
        self.chat.ends_with("@g.us")
    }

    pub fn full_id(&self) -> String {
        ids::full_id(self.from_me, &self.chat, &self.id, self.participant.as_deref())
    }
}

/// WAHA's name for a step of delivery.
pub fn ack_name(ack: i8) -> &'static str {
    match ack {
        -1 => "ERROR",
        0 => "PENDING",
        1 => "SERVER",
        2 => "DEVICE",
        3 => "READ",
        4 => "PLAYED",
        _ => "UNKNOWN",
    }
}
