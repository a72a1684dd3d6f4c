//! `/api/{session}/chats`: what was written, for repairing gaps.

use std::cmp::Reverse;
use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use serde_json::{Value, json};

use super::engine;
use super::files;
use super::gateway::Gateway;
use super::ids;
use super::letters::{Message, ack_name};
use super::refusals::Refusal;
use super::state::{Engine, Session, Status};
use super::world::World;

type House = Data<Gateway>;
type Answer = Result<HttpResponse, Refusal>;
type Filters = Query<HashMap<String, String>>;

/// Newest first; `chatId=all` spans every chat on the engines that keep a store.
pub async fn messages(gateway: House, path: Path<(String, String)>, filters: Filters) -> Answer {
    let (name, chat) = path.into_inner();
    open(&gateway, &name).await?;
    let chosen = gateway.read(|world| choose(world, &name, &chat, &filters));
    if chat == "all" && gateway.engine() == Engine::Webjs {
        return Err(Refusal::not_implemented(Engine::Webjs));
    }
    let with_media = filters.get("downloadMedia").is_none_or(|asked| asked == "true");
    Ok(HttpResponse::Ok().json(show(&gateway, &name, &chosen, with_media)))
}

/// By full or bare id.
pub async fn message(gateway: House, path: Path<(String, String, String)>, filters: Filters) -> Answer {
    let (name, chat, id) = path.into_inner();
    open(&gateway, &name).await?;
    let found = gateway.read(|world| {
        let session = world.sessions.get(&name)?;
        let is_here = chat == "all" || session.chat_with(&id) == Some(world.chat_key(&chat).as_str());
        session.message(&id).filter(|_| is_here).map(|message| message.id.clone())
    });
    let found = found.ok_or_else(|| Refusal::not_found(&format!("Message with id '{id}' not found")))?;
    let with_media = filters.get("downloadMedia").is_none_or(|asked| asked == "true");
    let shown = show(&gateway, &name, &[found], with_media);
    Ok(HttpResponse::Ok().json(shown.first()))
}

pub async fn chats(gateway: House, name: Path<String>, filters: Filters) -> Answer {
    open(&gateway, &name).await?;
    let list = gateway.read(|world| {
        let engine = world.settings.engine;
        let chats = recent_chats(world, &name).into_iter().map(|(key, last)| {
            json!({
                "id": engine::listed_chat_id(engine, &key), "name": title(world, &key),
                "conversationTimestamp": last.at / 1000,
            })
        });
        page(chats, &filters)
    });
    Ok(HttpResponse::Ok().json(list))
}

pub async fn overview(gateway: House, name: Path<String>, filters: Filters) -> Answer {
    open(&gateway, &name).await?;
    let wanted = filters.get("ids").map(|ids| ids.split(',').map(ids::chat_id).collect::<Vec<_>>());
    let list = gateway.read(|world| {
        let Some(session) = world.sessions.get(name.as_str()) else {
            return Vec::new();
        };
        let chats = recent_chats(world, &name).into_iter();
        let chosen = chats.filter(|(key, _)| wanted.as_ref().is_none_or(|wanted| wanted.contains(key)));
        let summaries = chosen.map(|(key, last)| {
            json!({
                "id": key, "name": title(world, &key), "picture": null, "_chat": {"id": key},
                "lastMessage": engine::wa_message(world, session, last, &gateway.url),
            })
        });
        page(summaries, &filters)
    });
    Ok(HttpResponse::Ok().json(list))
}

/// NOWEB keeps nothing unless its store was switched on.
pub async fn open(gateway: &Gateway, name: &str) -> Result<(), Refusal> {
    gateway.expect(name, Status::Working).await?;
    let is_kept = gateway.read(|world| {
        let config = world.sessions.get(name).and_then(|session| session.config.as_ref());
        let store = config.and_then(|config| config.pointer("/noweb/store/enabled")?.as_bool());
        world.settings.engine != Engine::Noweb || store == Some(true)
    });
    if is_kept { Ok(()) } else { Err(Refusal::no_store()) }
}

/// The bare ids of the page that was asked for.
fn choose(world: &World, name: &str, chat: &str, filters: &HashMap<String, String>) -> Vec<String> {
    let Some(session) = world.sessions.get(name) else {
        return Vec::new();
    };
    let key = world.chat_key(chat);
    let chats = session.chats.iter().filter(|(other, _)| chat == "all" || **other == key);
    let mut found: Vec<_> =
        chats.flat_map(|(_, chat)| &chat.messages).filter(|message| passes(message, filters)).collect();
    match filters.get("sortOrder").map(String::as_str) {
        Some("asc") => found.sort_by_key(|message| message.order),
        _ => found.sort_by_key(|message| Reverse(message.order)),
    }
    page(found.into_iter().map(|message| message.id.clone()), filters)
}

fn passes(message: &Message, filters: &HashMap<String, String>) -> bool {
    let number = |name: &str| filters.get(name).and_then(|value| value.parse::<i64>().ok());
    let at = message.at / 1000;
    number("filter.timestamp.gte").is_none_or(|from| at >= from)
        && number("filter.timestamp.lte").is_none_or(|to| at <= to)
        && filters.get("filter.fromMe").is_none_or(|wanted| (wanted == "true") == message.from_me)
        && filters.get("filter.ack").is_none_or(|wanted| wanted == ack_name(message.ack))
}

fn page<T>(rows: impl Iterator<Item = T>, filters: &HashMap<String, String>) -> Vec<T> {
    let number = |name: &str| filters.get(name).and_then(|value| value.parse::<usize>().ok());
    rows.skip(number("offset").unwrap_or(0)).take(number("limit").unwrap_or(10)).collect()
}

/// Messages as WAHA shows them. Downloading offers their files once more; else media stay out.
fn show(gateway: &Gateway, name: &str, chosen: &[String], with_media: bool) -> Vec<Value> {
    let (shown, fetched) = gateway.read(|world| {
        let Some(session) = world.sessions.get(name) else {
            return (Vec::new(), Vec::new());
        };
        let found: Vec<_> = chosen.iter().filter_map(|id| session.message(id)).collect();
        let shown = found.iter().map(|message| engine::wa_message(world, session, message, &gateway.url));
        (shown.collect::<Vec<_>>(), found.into_iter().filter(|message| message.media.is_some()).cloned().collect())
    });
    if with_media {
        fetched.iter().for_each(|message| files::offer(gateway, name, message));
        return shown;
    }
    let without = |mut message: Value| {
        message["media"] = Value::Null;
        message
    };
    shown.into_iter().map(without).collect()
}

/// Each chat's key with its last message, the newest first.
pub fn recent_chats<'a>(world: &'a World, name: &str) -> Vec<(String, &'a Message)> {
    let chats = world.sessions.get(name).map(|session: &Session| &session.chats);
    let with_last = chats.into_iter().flatten().filter_map(|(key, chat)| Some((key.clone(), chat.messages.last()?)));
    let mut list: Vec<_> = with_last.collect();
    list.sort_by_key(|(_, last)| Reverse(last.order));
    list
}

fn title(world: &World, key: &str) -> Option<String> {
    let group = world.groups.get(key).cloned();
    group.or_else(|| world.person_of(key).map(|person| person.name.clone()))
}
