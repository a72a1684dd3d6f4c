//! `/simulator`: the strings behind the stage, for tests and for the curious. JSON in and out, no key.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::Ordering;

use super::changes;
use super::customer::{self, Letter};
use super::delivery::{self, Outgoing};
use super::events;
use super::faults::Faults;
use super::gateway::Gateway;
use super::ids;
use super::lifecycle;
use super::refusals::Refusal;
use super::state::Engine;
use super::world::World;

type House = Data<Gateway>;
type Answer = Result<HttpResponse, Refusal>;

fn refused(error: String) -> Refusal {
    Refusal::unprocessable(&error)
}

/// Everything in brief.
pub async fn state(gateway: House) -> HttpResponse {
    let faults = gateway.faults(|faults| faults.clone());
    let shown = gateway.read(|world| {
        let sessions = world.sessions.values().map(|session| {
            json!({"name": session.name, "status": session.status, "link": session.link, "me": session.me,
                   "code": session.code, "timelock": session.timelock, "held": session.held.len(),
                   "chats": session.chats.len()})
        });
        json!({"settings": world.settings, "sessions": sessions.collect::<Vec<_>>(), "people": world.people,
               "groups": world.groups, "faults": faults})
    });
    HttpResponse::Ok().json(shown)
}

/// Forgets everything and tells nobody.
pub async fn reset(gateway: House) -> HttpResponse {
    gateway.change(|world| *world = World::new(world.settings.engine));
    gateway.faults(|faults| *faults = Faults::default());
    gateway.files(std::collections::HashMap::clear);
    HttpResponse::NoContent().finish()
}

/// How the posting of webhooks stands: a test waits until nothing is in flight.
pub async fn webhooks(gateway: House) -> HttpResponse {
    let postman = &gateway.postman;
    HttpResponse::Ok().json(json!({
        "inFlight": postman.in_flight.load(Ordering::Relaxed), "delivered": postman.delivered.load(Ordering::Relaxed),
        "givenUp": postman.given_up.load(Ordering::Relaxed), "dropped": postman.dropped.load(Ordering::Relaxed),
    }))
}

/// Replaces all faults; what is left out is switched off.
pub async fn set_faults(gateway: House, wanted: Json<Faults>) -> HttpResponse {
    gateway.faults(|faults| *faults = wanted.into_inner());
    HttpResponse::Ok().json(gateway.faults(|faults| faults.clone()))
}

pub async fn show_faults(gateway: House) -> HttpResponse {
    HttpResponse::Ok().json(gateway.faults(|faults| faults.clone()))
}

pub async fn clear_faults(gateway: House) -> HttpResponse {
    gateway.faults(|faults| *faults = Faults::default());
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SomeSettings {
    engine: Option<Engine>,
    auto_read: Option<bool>,
    base_url: Option<Option<String>>,
}

pub async fn set_settings(gateway: House, wanted: Json<SomeSettings>) -> HttpResponse {
    let settings = gateway.change(|world| {
        let settings = &mut world.settings;
        settings.engine = wanted.engine.unwrap_or(settings.engine);
        settings.auto_read = wanted.auto_read.unwrap_or(settings.auto_read);
        if let Some(base_url) = wanted.into_inner().base_url {
            settings.base_url = base_url;
        }
        settings.clone()
    });
    HttpResponse::Ok().json(settings)
}

#[derive(Deserialize)]
pub struct SomePerson {
    phone: String,
    name: Option<String>,
    lid: Option<String>,
    hidden: Option<bool>,
    exists: Option<bool>,
}

pub async fn set_person(gateway: House, wanted: Json<SomePerson>) -> HttpResponse {
    let wanted = wanted.into_inner();
    let person = gateway.change(|world| {
        let person = world.person(&wanted.phone, wanted.name.as_deref());
        person.hidden = wanted.hidden.unwrap_or(person.hidden);
        person.exists = wanted.exists.unwrap_or(person.exists);
        person.lid = wanted.lid.unwrap_or_else(|| person.lid.clone());
        person.clone()
    });
    HttpResponse::Ok().json(person)
}

#[derive(Deserialize)]
pub struct Act {
    phone: Option<String>,
    name: Option<String>,
    code: Option<String>,
    text: Option<String>,
    #[serde(rename = "messageId")]
    message: Option<String>,
    #[serde(rename = "fromMe", default)]
    from_me: bool,
    #[serde(default)]
    video: bool,
    outcome: Option<String>,
    seconds: Option<i64>,
}

impl Act {
    fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    fn phone(&self) -> &str {
        self.phone.as_deref().unwrap_or_default()
    }

    fn message(&self) -> &str {
        self.message.as_deref().unwrap_or_default()
    }
}

pub async fn scan(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    let me = lifecycle::scan(&gateway.into_inner(), &name, act.phone.as_deref(), act.name.as_deref());
    Ok(HttpResponse::Created().json(me.map_err(refused)?))
}

pub async fn enter_code(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    let me = customer::enter_code(&gateway.into_inner(), &name, act.code.as_deref().unwrap_or_default());
    Ok(HttpResponse::Created().json(me.map_err(refused)?))
}

pub async fn lose_connection(gateway: House, name: Path<String>) -> HttpResponse {
    lifecycle::drop_connection(&gateway.into_inner(), &name);
    HttpResponse::NoContent().finish()
}

pub async fn unlink(gateway: House, name: Path<String>) -> HttpResponse {
    lifecycle::unlink(&gateway.into_inner(), &name);
    HttpResponse::NoContent().finish()
}

/// WhatsApp stops this number from writing to strangers for so many seconds; 0 lifts it.
pub async fn timelock(gateway: House, name: Path<String>, act: Json<Act>) -> HttpResponse {
    let house = gateway.into_inner();
    let until = chrono::Utc::now().timestamp() + act.seconds.unwrap_or(3_600);
    house.change_session(&name, |session| session.timelock = Some(until));
    events::tell_status(&house, &name);
    HttpResponse::NoContent().finish()
}

pub async fn write(gateway: House, name: Path<String>, letter: Json<Letter>) -> Answer {
    let message = customer::write(&gateway.into_inner(), &name, letter.into_inner()).map_err(refused)?;
    Ok(HttpResponse::Created().json(json!({"id": message.full_id(), "bareId": message.id, "chatId": message.chat})))
}

/// Somebody types on the number's own phone, past the gateway.
pub async fn write_own(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    let letter = Outgoing {
        chat: act.phone().to_owned(),
        body: Some(act.text().to_owned()),
        from_app: true,
        ..Outgoing::default()
    };
    let message = delivery::send(&gateway.into_inner(), &name, letter).map_err(refused)?;
    Ok(HttpResponse::Created().json(json!({"id": message.full_id(), "bareId": message.id, "chatId": message.chat})))
}

pub async fn react(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    let reaction = customer::react(&gateway.into_inner(), &name, act.message(), act.phone(), act.text());
    done(reaction)
}

pub async fn edit(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    done(changes::rewrite(&gateway.into_inner(), &name, act.message(), act.from_me, act.text()))
}

pub async fn revoke(gateway: House, name: Path<String>, act: Json<Act>) -> Answer {
    done(changes::revoke(&gateway.into_inner(), &name, act.message(), act.from_me))
}

fn done(message: Option<super::letters::Message>) -> Answer {
    let message = message.ok_or_else(|| Refusal::not_found("There is no such message on that side."))?;
    Ok(HttpResponse::Created().json(json!({"id": message.full_id(), "bareId": message.id})))
}

pub async fn read(gateway: House, name: Path<String>, act: Json<Act>) -> HttpResponse {
    let count = customer::read(&gateway.into_inner(), &name, act.phone());
    HttpResponse::Created().json(json!({"read": count}))
}

pub async fn call(gateway: House, name: Path<String>, act: Json<Act>) -> HttpResponse {
    let id = customer::call(&gateway.into_inner(), &name, act.phone(), act.video, act.outcome.as_deref());
    HttpResponse::Created().json(json!({"id": id}))
}

/// The truth about what the number sent: each message once, in order, with how often its id was sent again.
pub async fn deliveries(gateway: House, name: Path<String>, filters: Query<HashMap<String, String>>) -> HttpResponse {
    let list = gateway.read(|world| {
        let wanted = filters.get("chatId").map(|chat| world.chat_key(chat));
        let chats = world.sessions.get(name.as_str()).map(|session| &session.chats).into_iter().flatten();
        let chosen = chats.filter(|(key, _)| wanted.as_ref().is_none_or(|wanted| wanted == *key));
        let sent = chosen.flat_map(|(_, chat)| &chat.messages).filter(|message| message.from_me);
        let mut list: Vec<_> = sent.collect();
        list.sort_by_key(|message| message.order);
        list.into_iter().map(delivery_of).collect::<Vec<_>>()
    });
    HttpResponse::Ok().json(list)
}

fn delivery_of(message: &super::letters::Message) -> Value {
    json!({
        "id": message.full_id(), "bareId": message.id, "chatId": ids::chat_id(&message.chat), "body": message.body,
        "mimetype": message.media.as_ref().map(|media| &media.mimetype), "order": message.order, "ack": message.ack,
        "source": message.source, "replyTo": message.reply_to, "repeats": message.repeats, "revoked": message.revoked,
        "reactions": message.reactions,
    })
}
