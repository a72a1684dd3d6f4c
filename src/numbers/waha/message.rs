//! A message as webhooks and history show it, with every engine's traps behind functions.

use super::chat_id::ChatId;
use super::json;
use super::kind::{Kind, kind};
use super::message_id::{MessageId, bare};
use super::words::Ack;
use chrono::{DateTime, Utc};
use serde_json::Value;

/// The raw object and its name. Nothing else is certain to be there.
#[derive(Debug, Clone)]
pub struct WaMessage {
    raw: Value,
    id: MessageId,
}

/// A file that came with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Missing when the gateway did not download it.
    pub url: Option<String>,
    pub mimetype: Option<String>,
    pub filename: Option<String>,
    pub error: Option<String>,
}

/// The message that this one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    pub bare_id: String,
    pub participant: Option<ChatId>,
    pub body: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    pub name: Option<String>,
    pub address: Option<String>,
}

impl WaMessage {
    /// None when it has no readable name: then nothing could be matched with it.
    pub fn parse(raw: &Value) -> Option<Self> {
        let id = match json::id(&raw["id"]) {
            Some(id) => MessageId::parse(&id).or_else(|| MessageId::build(is_mine(raw), &chat_of(raw)?, &id, None)),
            None => MessageId::of_answer(raw, &chat_of(raw)?),
        };
        Some(Self { id: id?, raw: raw.clone() })
    }

    pub fn id(&self) -> &MessageId {
        &self.id
    }

    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Where it belongs. Taken from the name, since `from` is the chat with some engines and the sender with others.
    pub fn chat(&self) -> &ChatId {
        self.id.chat()
    }

    pub fn from_me(&self) -> bool {
        self.id.from_me()
    }

    /// Sent through this gateway's API (in the last minutes), not by a hand on the phone.
    pub fn from_api(&self) -> bool {
        self.raw["source"] == "api"
    }

    /// Who wrote it, in a group. GOWS and NOWEB say `participant`, WEBJS `author`.
    pub fn participant(&self) -> Option<ChatId> {
        if self.chat().is_direct() {
            return None;
        }
        let told = [&self.raw["participant"], &self.raw["author"], &self.data()["key"]["participant"]];
        told.into_iter().find_map(chat).or_else(|| self.id.participant().cloned())
    }

    /// The sender's own name for themselves. None for our messages, whose name would be ours.
    pub fn sender_name(&self) -> Option<String> {
        let data = self.data();
        let names = [&data["pushName"], &data["Info"]["PushName"], &data["notifyName"], &data["verifiedBizName"]];
        names.into_iter().filter(|_| !self.from_me()).find_map(json::text)
    }

    /// The other address of the person: the phone where the chat (or a group's author) is a `@lid`, or the reverse.
    pub fn alternate(&self) -> Option<ChatId> {
        let (key, info) = (&self.data()["key"], &self.data()["Info"]);
        let other = if self.chat().is_direct() {
            let theirs = if self.from_me() { "RecipientAlt" } else { "SenderAlt" };
            [&key["remoteJidAlt"], &key["senderPn"], &info[theirs]]
        } else {
            [&key["participantAlt"], &key["participantPn"], &info["SenderAlt"]]
        };
        other.into_iter().find_map(chat).filter(ChatId::is_direct)
    }

    /// The phone number behind a `@lid`, in digits, if the message tells it.
    pub fn alternate_phone(&self) -> Option<String> {
        self.alternate()?.phone().map(str::to_owned)
    }

    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        [&self.raw["timestamp"], &self.raw["messageTimestamp"]].into_iter().find_map(json::moment)
    }

    pub fn body(&self) -> Option<String> {
        json::text(&self.raw["body"])
    }

    pub fn kind(&self) -> Kind {
        kind(&self.raw)
    }

    pub fn ack(&self) -> Option<Ack> {
        Ack::parse(&self.raw["ack"], &self.raw["ackName"])
    }

    /// Something is attached, whether or not the gateway has fetched it.
    pub fn has_media(&self) -> bool {
        self.raw["media"].is_object() || json::flag(&self.raw["hasMedia"]).unwrap_or(false)
    }

    pub fn media(&self) -> Option<Media> {
        let media = Some(&self.raw["media"]).filter(|media| media.is_object())?;
        let error = &media["error"];
        Some(Media {
            url: json::text(&media["url"]),
            mimetype: json::text(&media["mimetype"]),
            filename: json::text(&media["filename"]),
            error: json::text(error).or_else(|| json::text(&error["message"])),
        })
    }

    pub fn quoted(&self) -> Option<Quoted> {
        let quoted = &self.raw["replyTo"];
        Some(Quoted {
            bare_id: bare(&json::id(&quoted["id"])?),
            participant: chat(&quoted["participant"]),
            body: json::text(&quoted["body"]),
        })
    }

    pub fn location(&self) -> Option<Location> {
        let place = &self.raw["location"];
        Some(Location {
            latitude: json::number(&place["latitude"])?,
            longitude: json::number(&place["longitude"])?,
            name: json::text(&place["name"]).or_else(|| json::text(&place["description"])),
            address: json::text(&place["address"]),
        })
    }

    /// Contact cards in vCard's text form.
    pub fn cards(&self) -> Vec<String> {
        json::list(&self.raw["vCards"]).iter().filter_map(json::text).collect()
    }

    fn data(&self) -> &Value {
        &self.raw["_data"]
    }
}

/// An address out of a field; gateways also put null, "" or objects there.
pub(super) fn chat(value: &Value) -> Option<ChatId> {
    ChatId::parse(&json::id(value)?).ok()
}

fn is_mine(raw: &Value) -> bool {
    json::flag(&raw["fromMe"]).unwrap_or(false)
}

/// The chat where only `from` and `to` can tell. WEBJS gives the real sender and receiver, the others put the chat into
/// `from` and, if anything, a group's author into `to`.
fn chat_of(raw: &Value) -> Option<ChatId> {
    let (from, to) = (chat(&raw["from"]), chat(&raw["to"]));
    let webjs = raw["_data"]["id"].is_object();
    if is_mine(raw) && webjs { to.or(from) } else { from.or(to) }
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
