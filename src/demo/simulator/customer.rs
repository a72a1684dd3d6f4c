//! What the people out there do: write, react, edit, read, call. The page and the control calls both end here.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::changes;
use super::contacts;
use super::delivery;
use super::events;
use super::files;
use super::gateway::Gateway;
use super::ids;
use super::letters::{Media, Message};
use super::png;
use super::state::{Link, Status};
use super::world::World;

/// Something a customer writes. All but the phone may be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Letter {
    pub phone: String,
    pub name: Option<String>,
    pub text: Option<String>,
    pub media: Option<Media>,
    /// Sends the built-in picture.
    pub picture: bool,
    /// From now on this person's chat shows the hidden id (`@lid`), or the phone again.
    pub hidden: Option<bool>,
    /// Writes in a group instead: its id, or a name for one.
    pub group: Option<String>,
    pub reply_to: Option<String>,
    /// Instead of an id made up, for tests that want to know it before.
    pub id: Option<String>,
}

/// Delivers it to the number. While the number is away it waits; told when it works again.
pub fn write(gateway: &Arc<Gateway>, session: &str, letter: Letter) -> Result<Message, String> {
    if ids::digits(&letter.phone).is_empty() {
        return Err("A customer needs a phone number.".into());
    }
    let (message, works) = gateway.change(|world| receive(world, session, letter))?;
    files::offer(gateway, session, &message);
    if works {
        events::tell_message(gateway, session, &message.id);
    }
    Ok(message)
}

fn receive(world: &mut World, session: &str, letter: Letter) -> Result<(Message, bool), String> {
    let house = world.sessions.get(session).ok_or("There is no such session.")?;
    if house.link != Link::Alive {
        return Err("No phone is linked to this number: scan its QR code first.".into());
    }
    let person = world.person(&letter.phone, letter.name.as_deref());
    person.hidden = letter.hidden.unwrap_or(person.hidden);
    let person = person.clone();
    let direct = if person.hidden { person.lid.clone() } else { format!("{}@c.us", person.phone) };
    let group = letter.group.as_deref().filter(|name| !name.is_empty()).map(|name| group_id(world, name));
    let chat = group.clone().unwrap_or_else(|| direct.clone());
    let key = world.chat_key(&chat);
    let mut message = Message::new(letter.id.unwrap_or_else(|| ids::message_id(false)), chat, false);
    message.participant = group.map(|_| direct);
    message.name = person.name;
    message.media = letter.media.or_else(|| letter.picture.then(sample));
    message.body = letter.text;
    message.reply_to = letter.reply_to.map(|id| ids::bare_id(&id).to_owned());
    message.order = world.next_order();
    let house = world.sessions.get_mut(session).ok_or("There is no such session.")?;
    let works = house.status == Status::Working;
    if !works {
        house.held.push(message.id.clone());
    }
    house.add(&key, message.clone());
    Ok((message, works))
}

fn group_id(world: &mut World, name: &str) -> String {
    if name.ends_with("@g.us") {
        world.groups.entry(name.to_owned()).or_insert_with(|| "Group".into());
        return name.to_owned();
    }
    if let Some((id, _)) = world.groups.iter().find(|(_, known)| *known == name) {
        return id.clone();
    }
    let id = format!("1203634{:011}@g.us", world.groups.len() + 1);
    world.groups.insert(id.clone(), name.to_owned());
    id
}

fn sample() -> Media {
    use base64::Engine as _;
    let data = base64::engine::general_purpose::STANDARD.encode(png::landscape());
    Media { mimetype: "image/png".into(), filename: None, data }
}

/// The customer opens the chat: everything that reached the phone is read. How many messages that were.
pub fn read(gateway: &Arc<Gateway>, session: &str, phone: &str) -> usize {
    let phone = ids::digits(phone);
    let unread = gateway.read(|world| {
        let chat = world.sessions.get(session)?.chats.get(&format!("{phone}@c.us"))?;
        Some(
            chat.messages
                .iter()
                .filter(|message| is_unread(message))
                .map(|message| message.id.clone())
                .collect::<Vec<_>>(),
        )
    });
    let unread = unread.unwrap_or_default();
    unread.iter().for_each(|id| delivery::advance(gateway, session, id, 3, None));
    unread.len()
}

/// From the customer's side: it is on the phone and nobody has looked.
pub fn is_unread(message: &Message) -> bool {
    message.from_me && message.ack == 2 && !message.revoked
}

pub fn react(gateway: &Arc<Gateway>, session: &str, id: &str, phone: &str, text: &str) -> Option<Message> {
    let who = format!("{}@c.us", ids::digits(phone));
    changes::react(gateway, session, id, Some(&who), text)
}

/// `call.received`, then what became of it: `accepted`, `rejected`, or nothing yet.
pub fn call(gateway: &Arc<Gateway>, session: &str, phone: &str, is_video: bool, outcome: Option<&str>) -> String {
    let id = ids::message_id(false);
    let from = gateway.change(|world| {
        let person = world.person(phone, None);
        if person.hidden { person.lid.clone() } else { format!("{}@c.us", person.phone) }
    });
    let payload = contacts::call(&id, &from, is_video);
    events::tell(gateway, session, "call.received", &payload);
    match outcome {
        Some("accepted") => events::tell(gateway, session, "call.accepted", &payload),
        Some("rejected") => events::tell(gateway, session, "call.rejected", &payload),
        _ => {}
    }
    id
}

/// Pairs by the code that the desk shows.
pub fn enter_code(gateway: &Arc<Gateway>, session: &str, code: &str) -> Result<serde_json::Value, String> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let asked = gateway.read(|world| world.sessions.get(session)?.code.clone());
    let asked = asked.ok_or("No pairing code was asked for.")?;
    if plain(&asked.code) != plain(code) {
        return Err("That is not the code which the desk shows.".into());
    }
    super::lifecycle::scan(gateway, session, Some(&asked.phone), None).map(|me| json!(me))
}
