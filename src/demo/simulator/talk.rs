//! A chat as the customer's own phone shows it: theirs on the right, the desk's on the left.

use chrono::{DateTime, Local, TimeZone};

use super::customer;
use super::history;
use super::ids;
use super::letters::Message;
use super::state::{Session, Status};
use super::world::{Person, World};

/// How many people the page lists.
const SHOWN: usize = 50;

pub struct PersonRow {
    pub phone: String,
    pub name: String,
    pub initials: String,
    pub tone: u64,
    pub last: String,
    pub time: String,
    pub unread: usize,
    pub is_chosen: bool,
}

/// The open chat between one customer and one number.
pub struct Talk {
    pub name: String,
    pub phone: String,
    pub initials: String,
    pub tone: u64,
    pub desk: String,
    pub bubbles: Vec<Bubble>,
    pub is_typing: bool,
    pub unread: usize,
    pub has_answer: bool,
    pub can_write: bool,
    pub is_away: bool,
    pub call: Option<Call>,
}

/// A call that this customer makes.
pub struct Call {
    pub is_taken: bool,
    pub is_video: bool,
}

pub struct Bubble {
    pub id: String,
    pub day: Option<String>,
    pub is_mine: bool,
    pub text: String,
    pub image: Option<String>,
    pub file: Option<String>,
    pub quote: Option<String>,
    pub time: String,
    pub is_edited: bool,
    pub is_revoked: bool,
    pub is_seen: bool,
    pub reactions: String,
    pub my_reaction: String,
}

/// Whoever spoke last with the chosen number comes first, then the others by name; the chosen one is always there.
pub fn people(world: &World, number: &str, chosen: &str) -> Vec<PersonRow> {
    let recent = history::recent_chats(world, number);
    let mut list: Vec<_> =
        recent.iter().filter_map(|(key, _)| world.people.get(ids::user_of(key))).take(SHOWN).collect();
    if list.len() < SHOWN {
        let is_listed = |person: &Person| list.iter().any(|one| one.phone == person.phone);
        let mut others: Vec<_> = world.people.values().filter(|person| !is_listed(person)).collect();
        others.sort_by_key(|person| &person.name);
        others.truncate(SHOWN - list.len());
        list.extend(others);
    }
    if !list.iter().any(|person| person.phone == chosen) {
        list.extend(world.people.get(chosen));
    }
    list.into_iter().map(|person| row(world, number, person, person.phone == chosen)).collect()
}

fn row(world: &World, number: &str, person: &Person, is_chosen: bool) -> PersonRow {
    let session = world.sessions.get(number);
    let chat = session.and_then(|session| session.chats.get(&format!("{}@c.us", person.phone)));
    let arrived = chat.map(|chat| chat.messages.iter().filter(|message| has_arrived(message)).collect::<Vec<_>>());
    let arrived = arrived.unwrap_or_default();
    let last = arrived.last();
    PersonRow {
        phone: person.phone.clone(),
        name: person.name.clone(),
        initials: initials(&person.name),
        tone: tone(&person.phone),
        last: last.map_or_else(|| pretty_phone(&person.phone), |message| summary(message)),
        time: last.map(|message| clock(message.at)).unwrap_or_default(),
        unread: arrived.iter().filter(|message| customer::is_unread(message)).count(),
        is_chosen,
    }
}

/// The chat of one customer with one number.
pub fn open(world: &World, number: &str, phone: &str) -> Option<Talk> {
    let session = world.sessions.get(number)?;
    let person = world.people.get(phone)?;
    let me = session.me.as_ref();
    let chat = session.chats.get(&format!("{phone}@c.us"));
    let messages = chat.into_iter().flat_map(|chat| &chat.messages).filter(|message| has_arrived(message));
    let messages: Vec<_> = messages.collect();
    let first = messages.len().saturating_sub(200);
    Some(Talk {
        name: person.name.clone(),
        phone: pretty_phone(&person.phone),
        initials: initials(&person.name),
        tone: tone(&person.phone),
        desk: me.map_or_else(String::new, |me| format!("{} · {}", me.push_name, pretty_phone(&me.id))),
        is_typing: chat.is_some_and(|chat| chat.typing),
        unread: messages.iter().filter(|message| customer::is_unread(message)).count(),
        has_answer: messages.iter().any(|message| message.from_me),
        can_write: me.is_some(),
        is_away: me.is_some() && session.status != Status::Working,
        bubbles: bubbles(session, &messages[first..], phone),
        call: call(world, number, phone),
    })
}

fn call(world: &World, number: &str, phone: &str) -> Option<Call> {
    let ringing = world.calls.get(number).filter(|ringing| ringing.phone == phone)?;
    Some(Call { is_taken: ringing.is_taken, is_video: ringing.is_video })
}

/// The desk's messages show on the phone only once they are there.
fn has_arrived(message: &Message) -> bool {
    !message.from_me || message.ack >= 2
}

fn bubbles(session: &Session, messages: &[&Message], phone: &str) -> Vec<Bubble> {
    let mut day = String::new();
    let mut list = Vec::with_capacity(messages.len());
    for message in messages {
        let its_day = local(message.at).format("%-d %B %Y").to_string();
        let is_new_day = its_day != day;
        day.clone_from(&its_day);
        list.push(bubble(session, message, phone, is_new_day.then_some(its_day)));
    }
    list
}

fn bubble(session: &Session, message: &Message, phone: &str, day: Option<String>) -> Bubble {
    let address = format!("/phones/media/{}/{}", session.name, message.id);
    let is_image = message.media.as_ref().is_some_and(|media| media.mimetype.starts_with("image/"));
    let label = |media: &super::letters::Media| media.filename.clone().unwrap_or_else(|| media.mimetype.clone());
    let quoted = message.reply_to.as_deref().and_then(|id| session.message(id));
    Bubble {
        id: message.id.clone(),
        day,
        is_mine: !message.from_me,
        text: message.body.clone().unwrap_or_default(),
        image: is_image.then_some(address),
        file: message.media.as_ref().filter(|_| !is_image).map(label),
        quote: quoted.map(summary),
        time: clock(message.at),
        is_edited: message.edited,
        is_revoked: message.revoked,
        is_seen: message.seen,
        reactions: message.reactions.values().cloned().collect(),
        my_reaction: message.reactions.get(&format!("{phone}@c.us")).cloned().unwrap_or_default(),
    }
}

fn summary(message: &Message) -> String {
    match (&message.body, &message.media) {
        _ if message.revoked => "This message was deleted".into(),
        (Some(text), _) if !text.is_empty() => text.chars().take(80).collect(),
        (_, Some(media)) if media.mimetype.starts_with("image/") => "Photo".into(),
        (_, Some(media)) => media.filename.clone().unwrap_or_else(|| "File".into()),
        _ => String::new(),
    }
}

fn local(at: i64) -> DateTime<Local> {
    Local.timestamp_millis_opt(at).earliest().unwrap_or_default()
}

fn clock(at: i64) -> String {
    local(at).format("%H:%M").to_string()
}

fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).collect()
}

/// One of eight colours, always the same for one phone.
fn tone(phone: &str) -> u64 {
    phone.bytes().map(u64::from).sum::<u64>() % 8
}

/// `+1 202-555-0143`, or the bare digits when they follow no plan.
pub fn pretty_phone(chat: &str) -> String {
    let digits = ids::user_of(chat);
    let parsed = phonenumber::parse(None, format!("+{digits}"));
    let format = |phone: phonenumber::PhoneNumber| phone.format().mode(phonenumber::Mode::International).to_string();
    parsed.map_or_else(|_| format!("+{digits}"), format)
}
