//! What the number does to messages that are there: seen, typing, reactions, edits, deletions.

use std::sync::Arc;

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::Utc;
use serde_json::{Value, json};

use super::delivery;
use super::engine;
use super::events;
use super::gateway::Gateway;
use super::ids;
use super::letters::Message;
use super::refusals::Refusal;
use super::sending::Call;
use super::state::Status;

type House = Data<Gateway>;
type Answer = Result<HttpResponse, Refusal>;

pub async fn seen(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    let call = Call::open(&gateway, &request, &body).await?;
    let key = call.gateway.read(|world| call.required("chatId").map(|chat| world.chat_key(&chat)))?;
    let only = call.list("messageIds");
    let ids = call.gateway.change_session(&call.session, |session| delivery::see(session, &key, only.as_deref()));
    Ok(HttpResponse::Created().json(json!({"ids": ids.unwrap_or_default()})))
}

pub async fn read(gateway: House, path: Path<(String, String)>) -> Answer {
    let (name, chat) = path.into_inner();
    gateway.expect(&name, Status::Working).await?;
    let key = gateway.read(|world| world.chat_key(&chat));
    let ids = gateway.change_session(&name, |session| delivery::see(session, &key, None));
    Ok(HttpResponse::Created().json(json!({"ids": ids.unwrap_or_default()})))
}

pub async fn start_typing(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    typing(&gateway, &request, &body, true).await
}

pub async fn stop_typing(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    typing(&gateway, &request, &body, false).await
}

async fn typing(gateway: &House, request: &HttpRequest, body: &Value, is_typing: bool) -> Answer {
    let call = Call::open(gateway, request, body).await?;
    let key = call.gateway.read(|world| call.required("chatId").map(|chat| world.chat_key(&chat)))?;
    call.gateway.change_session(&call.session, |session| {
        if let Some(chat) = session.chats.get_mut(&key) {
            chat.typing = is_typing;
        }
    });
    Ok(HttpResponse::Created().json(json!({"result": true})))
}

/// An empty reaction takes it back. WhatsApp acknowledges it like a message.
pub async fn reaction(gateway: House, request: HttpRequest, body: Json<Value>) -> Answer {
    let call = Call::open(&gateway, &request, &body).await?;
    let (id, text) = (call.required("messageId")?, call.optional("reaction").unwrap_or_default());
    let reacted = react(&call.gateway, &call.session, &id, None, &text);
    let reaction = reacted.ok_or_else(|| call.failure("Message not found"))?;
    acknowledge(&call.gateway, &call.session, &reaction);
    Ok(HttpResponse::Ok().json(call.answer(&reaction)))
}

pub async fn edit(
    gateway: House,
    path: Path<(String, String, String)>,
    request: HttpRequest,
    body: Json<Value>,
) -> Answer {
    let (name, _, id) = path.into_inner();
    gateway.expect(&name, Status::Working).await?;
    let house = gateway.into_inner();
    let text = body.get("text").and_then(Value::as_str).unwrap_or_default();
    let edited = rewrite(&house, &name, &id, true, text);
    let message = edited.ok_or_else(|| Refusal::engine(house.engine(), &request, &body, "Message not found"))?;
    Ok(HttpResponse::Ok().json(engine::send_answer(house.engine(), &message)))
}

pub async fn delete(gateway: House, path: Path<(String, String, String)>, request: HttpRequest) -> Answer {
    let (name, _, id) = path.into_inner();
    gateway.expect(&name, Status::Working).await?;
    let house = gateway.into_inner();
    let revoked = revoke(&house, &name, &id, true);
    let message =
        revoked.ok_or_else(|| Refusal::engine(house.engine(), &request, &Value::Null, "Message not found"))?;
    Ok(HttpResponse::Ok().json(engine::send_answer(house.engine(), &message)))
}

/// Reacts as the number (`who` is none) or as somebody else, and tells it. The reaction is a message of its own.
pub fn react(gateway: &Arc<Gateway>, name: &str, id: &str, who: Option<&str>, text: &str) -> Option<Message> {
    let (reaction, payload) = gateway.change(|world| {
        let session = world.sessions.get_mut(name)?;
        let message = session.message_mut(id)?;
        match text {
            "" => message.reactions.remove(who.unwrap_or("me")),
            text => message.reactions.insert(who.unwrap_or("me").to_owned(), text.to_owned()),
        };
        let target = message.full_id();
        let mut reaction = Message::new(ids::message_id(who.is_none()), message.chat.clone(), who.is_none());
        reaction.participant = who.filter(|_| message.is_group()).map(str::to_owned);
        let session = world.sessions.get(name)?;
        let mut payload = engine::wa_message(world, session, &reaction, &gateway.url);
        payload["reaction"] = json!({"text": text, "messageId": target});
        for absent in ["body", "hasMedia", "media", "ack", "ackName", "location", "vCards", "replyTo"] {
            payload.as_object_mut()?.remove(absent);
        }
        Some((reaction, payload))
    })?;
    events::tell(gateway, name, "message.reaction", &payload);
    Some(reaction)
}

fn acknowledge(gateway: &Arc<Gateway>, name: &str, reaction: &Message) {
    let (house, name, reaction) = (gateway.clone(), name.to_owned(), reaction.clone());
    gateway.spawn(async move {
        for (ack, wait) in [(1, house.timing.server_ack), (2, house.timing.device_ack)] {
            tokio::time::sleep(wait).await;
            let payload = house.read(|world| {
                let session = world.sessions.get(&name)?;
                let (engine, id) = (world.settings.engine, reaction.full_id());
                Some(events::reaction_ack(engine, session, &id, &reaction.chat, ack, None))
            });
            let Some(payload) = payload else { return };
            events::tell(&house, &name, "message.ack", &payload);
        }
    });
}

/// Gives a message another text; only its writer's side may.
pub fn rewrite(gateway: &Arc<Gateway>, name: &str, id: &str, from_me: bool, text: &str) -> Option<Message> {
    let (edit, payload) = gateway.change(|world| {
        let message = world.sessions.get_mut(name)?.message_mut(id).filter(|message| message.from_me == from_me)?;
        message.body = Some(text.to_owned());
        message.edited = true;
        let edit = Message { id: ids::message_id(from_me), at: Utc::now().timestamp_millis(), ..message.clone() };
        let original = message.id.clone();
        let mut payload = engine::wa_message(world, world.sessions.get(name)?, &edit, &gateway.url);
        payload["editedMessageId"] = json!(original);
        Some((edit, payload))
    })?;
    events::tell(gateway, name, "message.edited", &payload);
    Some(edit)
}

/// Deletes for everyone; only its writer's side may.
pub fn revoke(gateway: &Arc<Gateway>, name: &str, id: &str, from_me: bool) -> Option<Message> {
    let (after, payload) = gateway.change(|world| {
        let message = world.sessions.get_mut(name)?.message_mut(id).filter(|message| message.from_me == from_me)?;
        let before = message.clone();
        message.body = None;
        message.media = None;
        message.revoked = true;
        let after = Message { id: ids::message_id(from_me), at: Utc::now().timestamp_millis(), ..message.clone() };
        let session = world.sessions.get(name)?;
        let shown = |message: &Message| engine::wa_message(world, session, message, &gateway.url);
        let payload =
            json!({"after": shown(&after), "before": shown(&before), "revokedMessageId": before.id, "_data": {}});
        Some((after, payload))
    })?;
    events::tell(gateway, name, "message.revoked", &payload);
    Some(after)
}
