//! Everything the simulator knows: the desk's sessions, and the people out there with their phones.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calling::Ringing;
use super::ids;
use super::state::{Engine, Session};

/// Who is there from the beginning. Numbers kept for fiction, above those that numbers of the desk get.
const FIRST_PEOPLE: [(&str, &str); 3] =
    [("12025550171", "Lena Fischer"), ("12025550184", "Tomás Rivera"), ("12025550192", "Amara Obi")];

/// Somebody with WhatsApp on a phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Person {
    pub phone: String,
    pub name: String,
    pub lid: String,
    /// This person's chats show the hidden id instead of the phone number.
    pub hidden: bool,
    /// Has WhatsApp at all.
    pub exists: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    pub engine: Engine,
    /// Customers read every message shortly after it reached their phone.
    pub auto_read: bool,
    /// What `media.url` begins with; the simulator's own address when absent.
    pub base_url: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct World {
    pub settings: Settings,
    pub sessions: BTreeMap<String, Session>,
    pub people: BTreeMap<String, Person>,
    pub groups: BTreeMap<String, String>,
    /// What is going on with which session; no call survives a restart.
    #[serde(skip)]
    pub calls: BTreeMap<String, Ringing>,
    /// Counts every message, so that the order of deliveries is known.
    pub order: u64,
}

impl World {
    pub fn new(engine: Engine) -> Self {
        let settings = Settings { engine, auto_read: false, base_url: None };
        let (sessions, people, groups, calls) = Default::default();
        let mut world = Self { settings, sessions, people, groups, calls, order: 0 };
        for (phone, name) in FIRST_PEOPLE {
            world.person(phone, Some(name));
        }
        world
    }

    /// Finds or adds somebody; a name that is given replaces the one known.
    pub fn person(&mut self, phone: &str, name: Option<&str>) -> &mut Person {
        let phone = ids::digits(phone);
        let person = self.people.entry(phone.clone()).or_insert_with(|| Person {
            lid: hidden_id(&phone),
            name: format!("+{phone}"),
            phone,
            hidden: false,
            exists: true,
        });
        if let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) {
            person.name = name.to_owned();
        }
        person
    }

    pub fn person_of_lid(&self, lid: &str) -> Option<&Person> {
        self.people.values().find(|person| person.lid == lid)
    }

    /// Whoever a chat id means, by phone or by hidden id.
    pub fn person_of(&self, chat: &str) -> Option<&Person> {
        if chat.ends_with("@lid") { self.person_of_lid(chat) } else { self.people.get(ids::user_of(chat)) }
    }

    /// The key a chat is kept under: one chat per person, whichever id was used.
    pub fn chat_key(&self, chat: &str) -> String {
        let chat = ids::chat_id(chat);
        match self.person_of(&chat) {
            Some(person) if !chat.ends_with("@g.us") => format!("{}@c.us", person.phone),
            _ => chat,
        }
    }

    pub fn next_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    /// Puts back what the state file does not hold.
    pub fn reindex(&mut self) {
        self.sessions.values_mut().for_each(Session::reindex);
    }
}

/// A hidden id that does not give the phone away at a glance, yet is the same after every start.
fn hidden_id(phone: &str) -> String {
    let scrambled = phone.bytes().fold(7_u64, |sum, digit| sum.wrapping_mul(31).wrapping_add(u64::from(digit)));
    format!("{}@lid", 100_000_000_000_000 + scrambled % 899_999_999_999_999)
}
