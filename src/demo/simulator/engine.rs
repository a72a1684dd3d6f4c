//! Messages in the shape of each engine. They differ more than WAHA's documents say.

use chrono::Utc;
use serde_json::{Value, json};

use super::ids::{self, jid};
use super::letters::{Media, Message, Source, ack_name};
use super::state::{Engine, Session};
use super::world::World;

/// How long WAHA remembers that it sent a message itself.
const API_MEMORY_MS: i64 = 600_000;

/// A message as webhooks and the history show it.
pub fn wa_message(world: &World, session: &Session, message: &Message, url: &str) -> Value {
    let engine = world.settings.engine;
    let base = world.settings.base_url.as_deref().unwrap_or(url);
    let mut shown = json!({
        "id": message.full_id(), "timestamp": message.at / 1000, "from": message.chat, "fromMe": message.from_me,
        "source": source(message), "body": message.body, "hasMedia": message.media.is_some(),
        "media": message.media.as_ref().map(|media| media_of(base, session, message, media)),
        "ack": message.ack, "ackName": ack_name(message.ack), "location": null, "vCards": null,
        "replyTo": reply(session, message), "_data": raw(world, session, message),
    });
    match engine {
        Engine::Noweb => address_noweb(&mut shown, message),
        Engine::Gows => address_gows(&mut shown, session, message),
        Engine::Webjs => address_webjs(&mut shown, session, message),
    }
    shown
}

fn source(message: &Message) -> &'static str {
    let is_remembered = Utc::now().timestamp_millis() - message.at < API_MEMORY_MS;
    if message.source == Source::Api && is_remembered { "api" } else { "app" }
}

/// `from` is the chat, always; a direct message has neither `to` nor `participant`.
fn address_noweb(shown: &mut Value, message: &Message) {
    if message.is_group() {
        shown["to"] = json!(message.chat);
        shown["participant"] = json!(message.participant);
    }
}

/// `from` is the chat, always; in groups `to` is the author.
fn address_gows(shown: &mut Value, session: &Session, message: &Message) {
    let author = message.participant.clone().or_else(|| session.me.as_ref().map(|me| me.id.clone()));
    let author = if message.is_group() { json!(author) } else { Value::Null };
    shown["to"] = author.clone();
    shown["participant"] = author;
}

/// `from` and `to` are the real sender and receiver.
fn address_webjs(shown: &mut Value, session: &Session, message: &Message) {
    let me = json!(session.me.as_ref().map(|me| &me.id));
    if message.from_me {
        shown["from"] = me;
        shown["to"] = json!(message.chat);
    } else {
        shown["to"] = me;
    }
    if message.is_group() {
        shown["participant"] = json!(message.participant);
    }
}

fn media_of(base: &str, session: &Session, message: &Message, media: &Media) -> Value {
    let url = format!("{base}/api/files/{}/{}", session.name, file_name(message, media));
    json!({"url": url, "mimetype": media.mimetype, "filename": media.filename, "error": null})
}

/// `{ID}.{ext}`, as the file is called under /api/files.
pub fn file_name(message: &Message, media: &Media) -> String {
    let kind = media.mimetype.split(';').next().unwrap_or_default();
    let extension = match kind {
        "image/jpeg" => "jpeg",
        "audio/ogg" => "oga",
        "text/plain" => "txt",
        other => other.split('/').nth(1).filter(|part| part.chars().all(char::is_alphanumeric)).unwrap_or("bin"),
    };
    format!("{}.{extension}", message.id)
}

fn reply(session: &Session, message: &Message) -> Option<Value> {
    let quoted = session.message(message.reply_to.as_deref()?)?;
    let author = match quoted.from_me {
        true => session.me.as_ref().map(|me| me.id.clone()),
        false => quoted.participant.clone().or_else(|| Some(quoted.chat.clone())),
    };
    Some(json!({
        "id": quoted.id, "participant": author, "body": quoted.body.as_deref().unwrap_or_default(),
        "hasMedia": quoted.media.is_some(), "_data": {},
    }))
}

/// The raw part, the only place where the sender's own name stands.
fn raw(world: &World, session: &Session, message: &Message) -> Value {
    match world.settings.engine {
        Engine::Noweb => raw_noweb(world, message),
        Engine::Gows => raw_gows(world, session, message),
        Engine::Webjs => raw_webjs(message),
    }
}

fn raw_noweb(world: &World, message: &Message) -> Value {
    let mut raw = baileys(message);
    raw["messageTimestamp"] = json!(message.at / 1000);
    raw["pushName"] = json!(message.name);
    raw["broadcast"] = json!(false);
    if let Some(person) = world.person_of(&message.chat).filter(|_| message.chat.ends_with("@lid")) {
        raw["key"]["remoteJidAlt"] = json!(format!("{}@s.whatsapp.net", person.phone));
    }
    raw
}

/// Baileys' own form of a message: what a send on NOWEB answers. The timestamp is a text.
fn baileys(message: &Message) -> Value {
    let mut key = json!({"remoteJid": jid(&message.chat), "fromMe": message.from_me, "id": message.id});
    if let Some(participant) = &message.participant {
        key["participant"] = json!(jid(participant));
    }
    let text = message.body.as_deref().unwrap_or_default();
    let content = match &message.media {
        Some(media) => {
            json!({kind_of(media): {"mimetype": media.mimetype, "caption": text, "fileName": media.filename}})
        }
        None => json!({"extendedTextMessage": {"text": text}}),
    };
    json!({
        "key": key, "message": content, "messageTimestamp": (message.at / 1000).to_string(), "status": "PENDING",
    })
}

fn kind_of(media: &Media) -> &'static str {
    match media.mimetype.split('/').next() {
        Some("image") => "imageMessage",
        Some("audio") => "audioMessage",
        Some("video") => "videoMessage",
        _ => "documentMessage",
    }
}

fn raw_gows(world: &World, session: &Session, message: &Message) -> Value {
    let me = session.me.as_ref().map(|me| me.id.clone());
    let sender = if message.from_me { me } else { message.participant.clone().or(Some(message.chat.clone())) };
    let alternative = world.person_of(&message.chat).filter(|_| message.chat.ends_with("@lid"));
    json!({
        "Info": {
            "Chat": jid(&message.chat), "Sender": sender.as_deref().map(jid), "IsFromMe": message.from_me,
            "IsGroup": message.is_group(), "ID": message.id, "PushName": message.name,
            "SenderAlt": alternative.map(|person| format!("{}@s.whatsapp.net", person.phone)),
            "Timestamp": chrono::DateTime::from_timestamp_millis(message.at).map(|at| at.to_rfc3339()),
        },
        "Message": match &message.media {
            Some(media) => json!({kind_of(media): {"mimetype": media.mimetype, "caption": message.body}}),
            None => json!({"conversation": message.body}),
        },
    })
}

fn raw_webjs(message: &Message) -> Value {
    json!({
        "id": webjs_id(message), "notifyName": message.name, "t": message.at / 1000, "body": message.body,
        "type": message.media.as_ref().map_or("chat", |media| kind_of(media).trim_end_matches("Message")),
    })
}

fn webjs_id(message: &Message) -> Value {
    json!({
        "fromMe": message.from_me, "remote": message.chat, "id": message.id, "_serialized": message.full_id(),
    })
}

/// What a send answers. Only GOWS puts the whole id where the documents say it is.
pub fn send_answer(engine: Engine, message: &Message) -> Value {
    match engine {
        Engine::Noweb => baileys(message),
        Engine::Gows => json!({"id": message.full_id(), "_data": {"ID": message.id, "Timestamp": message.at / 1000}}),
        Engine::Webjs => json!({
            "_data": raw_webjs(message), "id": webjs_id(message), "ack": 0, "hasMedia": message.media.is_some(),
            "body": message.body, "type": "chat", "timestamp": message.at / 1000, "fromMe": true,
            "to": message.chat, "hasQuotedMsg": message.reply_to.is_some(),
        }),
    }
}

/// The id of a chat in `GET /chats`: NOWEB lets its own form through.
pub fn listed_chat_id(engine: Engine, chat: &str) -> Value {
    match engine {
        Engine::Noweb => json!(jid(chat)),
        Engine::Gows => json!(chat),
        Engine::Webjs => json!({"server": chat.split('@').nth(1), "user": ids::user_of(chat), "_serialized": chat}),
    }
}
