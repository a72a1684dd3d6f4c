//! What the outside is told: each event in its envelope, to each webhook that wants it.

use std::sync::Arc;

use chrono::Utc;
use serde_json::{Value, json};

use super::engine;
use super::gateway::{Gateway, environment};
use super::ids;
use super::letters::{Message, ack_name};
use super::state::{Engine, Session, Status};
use super::webhooks::{self, Webhook};
use super::world::World;

/// Tells one event. A session that is gone or asks for nothing stays silent, and so does one that does not work:
/// it tells only its status.
pub fn tell(gateway: &Arc<Gateway>, session: &str, event: &str, payload: &Value) {
    let letters = gateway.read(|world| {
        let session = world.sessions.get(session)?;
        if session.status != Status::Working && event != "session.status" {
            return None;
        }
        Some(envelopes(session, world.settings.engine, event, payload))
    });
    for (webhook, envelope) in letters.into_iter().flatten() {
        webhooks::post(gateway, webhook, &envelope);
    }
}

/// A session's webhooks. Its configuration was checked when it was taken.
pub fn webhooks_of(session: &Session) -> Vec<Webhook> {
    let config = session.config.as_ref().and_then(|config| config.get("webhooks"));
    config.and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default()
}

/// One envelope per webhook, each with an event id of its own.
fn envelopes(session: &Session, engine: Engine, event: &str, payload: &Value) -> Vec<(Webhook, Value)> {
    let wanting = webhooks_of(session).into_iter().filter(|webhook| webhook.wants(event));
    wanting.map(|webhook| (webhook, envelope(session, engine, event, payload))).collect()
}

fn envelope(session: &Session, engine: Engine, event: &str, payload: &Value) -> Value {
    let mut envelope = json!({
        "id": format!("evt_{}", ids::ulid()), "timestamp": Utc::now().timestamp_millis(), "event": event,
        "session": session.name, "me": session.me, "payload": payload, "engine": engine.name(),
        "environment": environment(engine),
    });
    let metadata = session.config.as_ref().and_then(|config| config.get("metadata")).filter(|data| data.is_object());
    if let Some(metadata) = metadata {
        envelope["metadata"] = metadata.clone();
    }
    envelope
}

pub fn tell_status(gateway: &Arc<Gateway>, session: &str) {
    let payload = gateway.read(|world| world.sessions.get(session).map(status_payload));
    if let Some(payload) = payload {
        tell(gateway, session, "session.status", &payload);
    }
}

pub fn status_payload(session: &Session) -> Value {
    let data = session.timelock.filter(|_| session.status == Status::Working).map(timelock);
    json!({"name": session.name, "status": session.status.name(), "statuses": session.statuses, "data": data})
}

fn timelock(until: i64) -> Value {
    let is_active = until > Utc::now().timestamp();
    let ends = is_active.then_some(until);
    let kind = if is_active { "REACHOUT_TIMELOCK" } else { "DEFAULT" };
    json!({"reachoutTimelock": {"enforcementType": kind, "isActive": is_active, "timeEnforcementEnds": ends}})
}

/// A message, by its bare id: `message.any`, and `message` too when somebody else wrote it.
pub fn tell_message(gateway: &Arc<Gateway>, session: &str, id: &str) {
    let told = gateway.read(|world| {
        let house = world.sessions.get(session)?;
        let message = house.message(id)?;
        let ignored = is_ignored(house, message);
        (!ignored).then(|| (engine::wa_message(world, house, message, &gateway.url), message.from_me))
    });
    let Some((payload, from_me)) = told else { return };
    tell(gateway, session, "message.any", &payload);
    if !from_me {
        tell(gateway, session, "message", &payload);
    }
}

/// `config.ignore.groups` silences groups.
fn is_ignored(session: &Session, message: &Message) -> bool {
    let ignore = session.config.as_ref().and_then(|config| config.get("ignore")?.get("groups")?.as_bool());
    message.is_group() && ignore == Some(true)
}

/// A step of delivery of a message the number sent; in groups one per reader.
pub fn tell_ack(gateway: &Arc<Gateway>, session: &str, id: &str, reader: Option<&str>) {
    let told = gateway.read(|world| {
        let house = world.sessions.get(session)?;
        let message = house.message(id)?;
        Some((ack_payload(world, house, message, reader), message.is_group()))
    });
    let Some((payload, is_group)) = told else { return };
    let event = if is_group { "message.ack.group" } else { "message.ack" };
    tell(gateway, session, event, &payload);
}

/// Somebody who hides the phone number is acknowledged under the hidden id, whatever the message was sent to.
fn ack_payload(world: &World, session: &Session, message: &Message, reader: Option<&str>) -> Value {
    let hidden = world.person_of(&message.chat).filter(|person| person.hidden).map(|person| person.lid.clone());
    let chat = hidden.unwrap_or_else(|| message.chat.clone());
    let id = ids::full_id(true, &chat, &message.id, message.participant.as_deref());
    reaction_ack(world.settings.engine, session, &id, &chat, message.ack, reader)
}

/// The payload of `message.ack` for any id: a sent reaction is acknowledged too.
pub fn reaction_ack(engine: Engine, session: &Session, id: &str, chat: &str, ack: i8, reader: Option<&str>) -> Value {
    let me = session.me.as_ref().map(|me| me.id.clone());
    let mut payload = json!({"id": id, "from": chat, "fromMe": true, "ack": ack, "ackName": ack_name(ack)});
    match engine {
        Engine::Webjs => {
            payload["from"] = json!(me);
            payload["to"] = json!(chat);
        }
        Engine::Gows => payload["to"] = Value::Null,
        Engine::Noweb => {}
    }
    if let Some(reader) = reader {
        payload["participant"] = json!(reader);
    }
    payload
}
