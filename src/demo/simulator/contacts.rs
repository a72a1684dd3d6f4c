//! Contacts, hidden ids, the number's own profile, and calls.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json, Path, Query};
use chrono::Utc;
use serde::Deserialize;
use serde_json::{Value, json};

use super::events;
use super::gateway::Gateway;
use super::history;
use super::ids;
use super::refusals::Refusal;
use super::state::{Engine, Status};
use super::world::Person;

type House = Data<Gateway>;
type Answer = Result<HttpResponse, Refusal>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    session: Option<String>,
    phone: Option<String>,
    contact_id: Option<String>,
    limit: Option<usize>,
    offset: Option<usize>,
}

impl Asked {
    fn session(&self) -> &str {
        self.session.as_deref().unwrap_or("default")
    }
}

/// Everybody has WhatsApp but those who were said not to.
pub async fn check_exists(gateway: House, asked: Query<Asked>) -> Answer {
    gateway.expect(asked.session(), Status::Working).await?;
    let phone = ids::digits(ids::user_of(asked.phone.as_deref().unwrap_or_default()));
    let phone = without_ninth_digit(&phone);
    let exists = phone.len() >= 7 && gateway.read(|world| world.people.get(&phone).is_none_or(|person| person.exists));
    let answer = match (exists, gateway.engine()) {
        (true, _) => json!({"numberExists": true, "chatId": format!("{phone}@c.us")}),
        (false, Engine::Gows) => json!({"numberExists": false, "chatId": null}),
        (false, _) => json!({"numberExists": false}),
    };
    Ok(HttpResponse::Ok().json(answer))
}

/// In Brazil, from area code 31 on, accounts go without the ninth digit that callers dial.
fn without_ninth_digit(phone: &str) -> String {
    let is_long_mobile = phone.len() == 13 && phone.starts_with("55") && phone.as_bytes()[4] == b'9';
    if is_long_mobile && phone[2..4] >= *"31" { format!("{}{}", &phone[..4], &phone[5..]) } else { phone.to_owned() }
}

pub async fn all(gateway: House, asked: Query<Asked>) -> Answer {
    history::open(&gateway, asked.session()).await?;
    let list = gateway.read(|world| {
        let people = world.people.values().skip(asked.offset.unwrap_or(0)).take(asked.limit.unwrap_or(usize::MAX));
        people.map(contact).collect::<Vec<_>>()
    });
    Ok(HttpResponse::Ok().json(list))
}

pub async fn show(gateway: House, asked: Query<Asked>) -> Answer {
    history::open(&gateway, asked.session()).await?;
    let id = ids::chat_id(asked.contact_id.as_deref().unwrap_or_default());
    let found = gateway.read(|world| world.person_of(&id).map(contact));
    Ok(HttpResponse::Ok().json(found.unwrap_or_else(|| json!({"id": id}))))
}

pub async fn picture(gateway: House, asked: Query<Asked>) -> Answer {
    gateway.expect(asked.session(), Status::Working).await?;
    Ok(HttpResponse::Ok().json(json!({"profilePictureURL": null})))
}

fn contact(person: &Person) -> Value {
    json!({"id": format!("{}@c.us", person.phone), "number": person.phone, "name": person.name, "pushname": person.name,
           "lid": person.lid})
}

pub async fn lids(gateway: House, name: Path<String>) -> Answer {
    history::open(&gateway, &name).await?;
    let list = gateway.read(|world| world.people.values().map(pair).collect::<Vec<_>>());
    Ok(HttpResponse::Ok().json(list))
}

pub async fn lid(gateway: House, path: Path<(String, String)>) -> Answer {
    let (name, lid) = path.into_inner();
    history::open(&gateway, &name).await?;
    let lid = format!("{}@lid", ids::user_of(&lid));
    let found = gateway.read(|world| world.person_of_lid(&lid).map(pair));
    Ok(HttpResponse::Ok().json(found.unwrap_or_else(|| json!({"lid": lid, "pn": null}))))
}

pub async fn lid_of_phone(gateway: House, path: Path<(String, String)>) -> Answer {
    let (name, phone) = path.into_inner();
    history::open(&gateway, &name).await?;
    let phone = ids::digits(ids::user_of(&phone));
    let found = gateway.read(|world| world.people.get(&phone).map(pair));
    Ok(HttpResponse::Ok().json(found.unwrap_or_else(|| json!({"lid": null, "pn": format!("{phone}@c.us")}))))
}

fn pair(person: &Person) -> Value {
    json!({"lid": person.lid, "pn": format!("{}@c.us", person.phone)})
}

pub async fn profile(gateway: House, name: Path<String>) -> Answer {
    gateway.expect(&name, Status::Working).await?;
    let me = gateway.read(|world| world.sessions.get(name.as_str())?.me.clone());
    let me = me.ok_or_else(|| Refusal::not_running(&name))?;
    Ok(HttpResponse::Ok().json(json!({"id": me.id, "name": me.push_name, "picture": null})))
}

pub async fn profile_name(gateway: House, name: Path<String>, body: Json<Value>) -> Answer {
    gateway.expect(&name, Status::Working).await?;
    let wanted = body.get("name").and_then(Value::as_str).unwrap_or_default();
    gateway.change_session(&name, |session| {
        if let Some(me) = &mut session.me {
            me.push_name = wanted.to_owned();
        }
    });
    Ok(HttpResponse::Ok().json(json!({"success": true})))
}

/// The status line and the picture: accepted, and shown nowhere.
pub async fn profile_other(gateway: House, name: Path<String>) -> Answer {
    gateway.expect(&name, Status::Working).await?;
    Ok(HttpResponse::Ok().json(json!({"success": true})))
}

pub async fn reject_call(gateway: House, name: Path<String>, body: Json<Value>) -> Answer {
    gateway.expect(&name, Status::Working).await?;
    let field = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let payload = call(&field("id"), &field("from"), false);
    gateway.change(|world| world.calls.retain(|session, ringing| *session != *name || ringing.id != field("id")));
    events::tell(&gateway.into_inner(), &name, "call.rejected", &payload);
    Ok(HttpResponse::Created().finish())
}

/// The payload of `call.*`. Its timestamp has a fraction.
pub fn call(id: &str, from: &str, is_video: bool) -> Value {
    let seconds = Utc::now().timestamp_millis() as f64 / 1000.0 + 0.000_5;
    json!({"id": id, "from": from, "timestamp": seconds, "isVideo": is_video, "isGroup": false, "_data": {"id": id}})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brazilian_accounts_lose_the_ninth_digit() {
        assert_eq!(without_ninth_digit("5531987654321"), "553187654321");
        assert_eq!(without_ninth_digit("5511987654321"), "5511987654321");
        assert_eq!(without_ninth_digit("12025550143"), "12025550143");
    }
}
