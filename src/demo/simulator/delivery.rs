//! What happens to a message that the number sends: kept once, told, and acknowledged step by step.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Utc;

use super::events;
use super::gateway::Gateway;
use super::ids;
use super::letters::{Media, Message, Source};
use super::state::{Engine, Session};
use super::world::World;

/// WhatsApp's refusal to let a number write to somebody new.
const TIMELOCKED: &str = "server returned error 463";

#[derive(Debug, Default)]
pub struct Outgoing {
    pub chat: String,
    /// Made beforehand by the caller. WEBJS knows no such thing and makes its own.
    pub id: Option<String>,
    pub body: Option<String>,
    pub media: Option<Media>,
    pub reply_to: Option<String>,
    pub from_app: bool,
}

/// Delivers a message, or finds that this id was delivered before: then nothing happens but the same answer.
pub fn send(gateway: &Arc<Gateway>, name: &str, letter: Outgoing) -> Result<Message, String> {
    let (message, is_new) = gateway.change(|world| keep(world, name, letter))?;
    if is_new {
        events::tell_message(gateway, name, &message.id);
        acknowledge(gateway, name, &message.id);
    }
    Ok(message)
}

fn keep(world: &mut World, name: &str, letter: Outgoing) -> Result<(Message, bool), String> {
    let engine = world.settings.engine;
    let chat = ids::chat_id(&letter.chat);
    let key = world.chat_key(&chat);
    let order = world.next_order();
    if chat.ends_with("@c.us") {
        world.person(ids::user_of(&chat), None); // so that the page has a phone to show it on
    }
    let session = world.sessions.get_mut(name).ok_or("The session has gone.")?;
    let id = letter.id.filter(|_| engine != Engine::Webjs).map(|id| ids::bare_id(&id).to_owned());
    if let Some(known) = id.as_deref().and_then(|id| session.message_mut(id)) {
        known.repeats += 1;
        return Ok((known.clone(), false));
    }
    if is_timelocked(session, &key) {
        return Err(TIMELOCKED.into());
    }
    let mut message = Message::new(id.unwrap_or_else(|| ids::message_id(true)), chat, true);
    if message.is_group() && engine == Engine::Gows {
        message.participant = session.me.as_ref().map(|me| me.id.clone());
    }
    message.name = session.me.as_ref().map(|me| me.push_name.clone()).unwrap_or_default();
    message.source = if letter.from_app { Source::App } else { Source::Api };
    message.body = letter.body;
    message.media = letter.media;
    message.reply_to = letter.reply_to.map(|id| ids::bare_id(&id).to_owned());
    message.order = order;
    session.add(&key, message.clone());
    Ok((message, true))
}

/// Somebody who has written before may be answered; only strangers may not be addressed.
fn is_timelocked(session: &Session, key: &str) -> bool {
    let has_written = session.chats.get(key).is_some_and(|chat| chat.messages.iter().any(|message| !message.from_me));
    session.timelock.is_some_and(|until| until > Utc::now().timestamp()) && !has_written
}

/// SERVER, then DEVICE if there is a phone, then READ if customers read by themselves.
fn acknowledge(gateway: &Arc<Gateway>, name: &str, id: &str) {
    let (house, name, id) = (gateway.clone(), name.to_owned(), id.to_owned());
    gateway.spawn(async move {
        tokio::time::sleep(house.timing.server_ack).await;
        advance(&house, &name, &id, 1, None);
        tokio::time::sleep(house.timing.device_ack).await;
        if !reaches_a_phone(&house, &name, &id) {
            return;
        }
        advance(&house, &name, &id, 2, None);
        if house.read(|world| world.settings.auto_read) {
            tokio::time::sleep(house.timing.read_ack).await;
            advance(&house, &name, &id, 3, None);
        }
    });
}

fn reaches_a_phone(gateway: &Gateway, name: &str, id: &str) -> bool {
    gateway.read(|world| {
        let Some(message) = world.sessions.get(name).and_then(|session| session.message(id)) else {
            return false;
        };
        world.person_of(&message.chat).is_none_or(|person| person.exists)
    })
}

/// Moves one message forward, never back, and tells it. In a group each reader is told by name.
pub fn advance(gateway: &Arc<Gateway>, name: &str, id: &str, ack: i8, reader: Option<&str>) {
    let told = gateway.change_session(name, |session| {
        let Some(message) = session.message_mut(id) else {
            return Vec::new();
        };
        let is_group = message.is_group();
        if message.ack >= ack && !(is_group && reader.is_some()) {
            return Vec::new();
        }
        message.ack = message.ack.max(ack);
        if is_group { readers(session, id, reader) } else { vec![None] }
    });
    for reader in told.into_iter().flatten() {
        events::tell_ack(gateway, name, id, reader.as_deref());
    }
}

/// Whoever has written in the group is known to be in it.
fn readers(session: &Session, id: &str, one: Option<&str>) -> Vec<Option<String>> {
    if let Some(reader) = one {
        return vec![Some(reader.to_owned())];
    }
    let chat = session.chat_with(id).and_then(|key| session.chats.get(key));
    let writers = chat.into_iter().flat_map(|chat| &chat.messages).filter(|message| !message.from_me);
    let writers: BTreeSet<_> = writers.filter_map(|message| message.participant.clone()).collect();
    writers.into_iter().map(Some).collect()
}

/// Marks what customers wrote as seen by the desk; the ids of what was unseen.
pub fn see(session: &mut Session, key: &str, only: Option<&[String]>) -> Vec<String> {
    let Some(chat) = session.chats.get_mut(key) else {
        return Vec::new();
    };
    let is_meant = |message: &Message| only.is_none_or(|ids| ids.iter().any(|id| ids::bare_id(id) == message.id));
    let unseen = chat.messages.iter_mut().filter(|message| !message.from_me && !message.seen);
    unseen
        .filter(|message| is_meant(message))
        .map(|message| {
            message.seen = true;
            message.full_id()
        })
        .collect()
}
