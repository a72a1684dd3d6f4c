//! Webhooks: the envelope, and what is inside. Nothing unknown is an error.

use super::chat_id::ChatId;
use super::json;
use super::message::{WaMessage, chat};
use super::message_id::{MessageId, bare};
use super::session::{Me, Timelock};
use super::words::{Ack, Engine, SessionStatus};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// What surrounds every event.
#[derive(Debug, Clone)]
pub struct Envelope {
    pub id: Option<String>,
    pub event: String,
    pub session: Option<String>,
    /// When it happened, by the gateway's clock; retries do not change it.
    pub at: Option<DateTime<Utc>>,
    /// What we put into the session's configuration.
    pub metadata: BTreeMap<String, String>,
    pub me: Option<Me>,
    pub engine: Option<Engine>,
    pub version: Option<String>,
    pub payload: Value,
}

#[derive(Debug, Clone)]
pub enum Event {
    /// Every message, also our own from the phone. Subscribing to this one is enough.
    MessageAny(WaMessage),
    /// Others' messages only; the same ones as in `MessageAny`.
    Message(WaMessage),
    Ack(MessageAck),
    /// One reader of a group.
    AckGroup(MessageAck),
    Reaction(Reaction),
    Edited(Edited),
    Revoked(Revoked),
    SessionStatus(StatusChange),
    Call(Call),
    /// Not known, or without what it would need to be of use. The envelope still has its payload.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageAck {
    pub id: MessageId,
    pub ack: Ack,
    pub participant: Option<ChatId>,
}

#[derive(Debug, Clone)]
pub struct Reaction {
    /// The reaction as a message: who, where and when.
    pub message: WaMessage,
    /// Bare id of the message reacted to.
    pub to: String,
    /// None: taken back.
    pub emoji: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Edited {
    pub message: WaMessage,
    /// Bare id of the message that was edited; `message` has a name of its own.
    pub original: String,
}

#[derive(Debug, Clone)]
pub struct Revoked {
    /// Bare id of the message that was taken back.
    pub original: String,
    pub after: Option<WaMessage>,
    pub before: Option<WaMessage>,
}

#[derive(Debug, Clone)]
pub struct StatusChange {
    pub status: SessionStatus,
    pub timelock: Option<Timelock>,
    /// The last few states and when they began, oldest first.
    pub history: Vec<(SessionStatus, Option<DateTime<Utc>>)>,
    pub data: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub step: CallStep,
    pub id: String,
    pub from: Option<ChatId>,
    pub at: Option<DateTime<Utc>>,
    pub is_video: bool,
    pub is_group: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallStep {
    Received,
    Accepted,
    Rejected,
    Other(String),
}

impl Envelope {
    /// None when it is not an object that names an event.
    pub fn parse(body: &Value) -> Option<Self> {
        Some(Self {
            id: json::text(&body["id"]),
            event: json::text(&body["event"])?,
            session: json::text(&body["session"]),
            at: json::moment(&body["timestamp"]),
            metadata: json::texts(&body["metadata"]),
            me: Me::parse(&body["me"]),
            engine: json::text(&body["engine"]).map(|word| Engine::from(word.as_str())),
            version: json::text(&body["environment"]["version"]),
            payload: body["payload"].clone(),
        })
    }

    pub fn event(&self) -> Event {
        self.known().unwrap_or(Event::Other)
    }

    fn known(&self) -> Option<Event> {
        let payload = &self.payload;
        Some(match self.event.as_str() {
            "message.any" => Event::MessageAny(WaMessage::parse(payload)?),
            "message" => Event::Message(WaMessage::parse(payload)?),
            "message.ack" => Event::Ack(MessageAck::parse(payload)?),
            "message.ack.group" => Event::AckGroup(MessageAck::parse(payload)?),
            "message.reaction" => Event::Reaction(Reaction::parse(payload)?),
            "message.edited" => Event::Edited(Edited::parse(payload)?),
            "message.revoked" => Event::Revoked(Revoked::parse(payload)?),
            "session.status" => Event::SessionStatus(StatusChange::parse(payload)?),
            event => Event::Call(Call::parse(event.strip_prefix("call.")?, payload)?),
        })
    }
}

impl MessageAck {
    fn parse(payload: &Value) -> Option<Self> {
        let id = MessageId::parse(&json::id(&payload["id"])?)?;
        let participant = chat(&payload["participant"]).or_else(|| id.participant().cloned());
        Some(Self { ack: Ack::parse(&payload["ack"], &payload["ackName"])?, participant, id })
    }
}

impl Reaction {
    fn parse(payload: &Value) -> Option<Self> {
        let reaction = &payload["reaction"];
        Some(Self {
            message: WaMessage::parse(payload)?,
            to: bare(&json::id(&reaction["messageId"])?),
            emoji: json::text(&reaction["text"]),
        })
    }
}

impl Edited {
    fn parse(payload: &Value) -> Option<Self> {
        let original = bare(&json::id(&payload["editedMessageId"])?);
        Some(Self { message: WaMessage::parse(payload)?, original })
    }
}

impl Revoked {
    fn parse(payload: &Value) -> Option<Self> {
        let (after, before) = (WaMessage::parse(&payload["after"]), WaMessage::parse(&payload["before"]));
        let told = json::id(&payload["revokedMessageId"]).map(|id| bare(&id));
        let original = told.or_else(|| before.as_ref().map(|message| message.id().bare().to_owned()))?;
        Some(Self { original, after, before })
    }
}

impl StatusChange {
    fn parse(payload: &Value) -> Option<Self> {
        let status = |value: &Value| json::text(value).map(|word| SessionStatus::from(word.as_str()));
        let entry = |entry: &Value| Some((status(&entry["status"])?, json::moment(&entry["timestamp"])));
        Some(Self {
            status: status(&payload["status"])?,
            timelock: Timelock::parse(&payload["data"]["reachoutTimelock"]),
            history: json::list(&payload["statuses"]).iter().filter_map(entry).collect(),
            data: payload["data"].clone(),
        })
    }
}

impl Call {
    fn parse(step: &str, payload: &Value) -> Option<Self> {
        Some(Self {
            step: match step {
                "received" => CallStep::Received,
                "accepted" => CallStep::Accepted,
                "rejected" => CallStep::Rejected,
                other => CallStep::Other(other.to_owned()),
            },
            id: json::text(&payload["id"])?,
            from: chat(&payload["from"]),
            at: json::moment(&payload["timestamp"]),
            is_video: json::flag(&payload["isVideo"]).unwrap_or(false),
            is_group: json::flag(&payload["isGroup"]).unwrap_or(false),
        })
    }
}

#[cfg(test)]
#[path = "event_tests.rs"]
mod tests;
