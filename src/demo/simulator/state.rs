//! A session of WAHA: its status, the link to a phone, its chats.

use std::collections::{BTreeMap, HashMap};

use chrono::Utc;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids;
use super::letters::{Chat, Message};

/// Which of WAHA's engines is imitated: answers and payloads differ between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default, clap::ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
pub enum Engine {
    #[default]
    Noweb,
    Gows,
    Webjs,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Noweb => "NOWEB",
            Self::Gows => "GOWS",
            Self::Webjs => "WEBJS",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Stopped,
    Starting,
    ScanQrCode,
    Working,
    Failed,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "STOPPED",
            Self::Starting => "STARTING",
            Self::ScanQrCode => "SCAN_QR_CODE",
            Self::Working => "WORKING",
            Self::Failed => "FAILED",
        }
    }
}

/// Whether a phone has linked this session, and whether it still honours the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Link {
    None,
    Alive,
    Dead,
}

/// The account behind a number, as WAHA shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub id: String,
    pub push_name: String,
    pub lid: String,
    pub jid: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StatusPoint {
    pub status: Status,
    pub timestamp: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairingCode {
    pub phone: String,
    pub code: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Session {
    pub name: String,
    pub status: Status,
    pub link: Link,
    pub config: Option<Value>,
    pub me: Option<Me>,
    pub statuses: Vec<StatusPoint>,
    pub activity: Option<i64>,
    pub qr: Option<String>,
    pub code: Option<PairingCode>,
    /// Seconds since 1970 until which WhatsApp refuses messages to new contacts.
    pub timelock: Option<i64>,
    pub chats: BTreeMap<String, Chat>,
    /// Bare ids of messages that came while the session was not working; told when it works again.
    pub held: Vec<String>,
    /// Grows with each start and stop, so that a waiting task sees that its time has passed.
    #[serde(skip)]
    pub generation: u64,
    #[serde(skip)]
    index: HashMap<String, (String, usize)>,
}

impl Session {
    pub fn new(name: String, config: Option<Value>) -> Self {
        Self {
            name,
            status: Status::Stopped,
            link: Link::None,
            config,
            me: None,
            statuses: Vec::new(),
            activity: None,
            qr: None,
            code: None,
            timelock: None,
            chats: BTreeMap::new(),
            held: Vec::new(),
            generation: 0,
            index: HashMap::new(),
        }
    }

    pub fn is_running(&self) -> bool {
        !matches!(self.status, Status::Stopped)
    }

    /// Takes the next status; the list of the last three begins anew at each start.
    pub fn enter(&mut self, status: Status, is_start: bool) {
        if is_start {
            self.statuses.clear();
        }
        self.status = status;
        self.statuses.push(StatusPoint { status, timestamp: Utc::now().timestamp_millis() });
        let surplus = self.statuses.len().saturating_sub(3);
        self.statuses.drain(..surplus);
    }

    pub fn add(&mut self, key: &str, message: Message) {
        let chat = self.chats.entry(key.to_owned()).or_default();
        self.index.insert(message.id.clone(), (key.to_owned(), chat.messages.len()));
        self.activity = Some(message.at);
        chat.messages.push(message);
    }

    /// By full or bare id.
    pub fn message(&self, id: &str) -> Option<&Message> {
        let (key, place) = self.index.get(ids::bare_id(id))?;
        self.chats.get(key)?.messages.get(*place)
    }

    pub fn message_mut(&mut self, id: &str) -> Option<&mut Message> {
        let (key, place) = self.index.get(ids::bare_id(id))?;
        self.chats.get_mut(key)?.messages.get_mut(*place)
    }

    /// The key of the chat that holds this message.
    pub fn chat_with(&self, id: &str) -> Option<&str> {
        self.index.get(ids::bare_id(id)).map(|(key, _)| key.as_str())
    }

    pub fn reindex(&mut self) {
        let places = self.chats.iter().flat_map(|(key, chat)| {
            chat.messages.iter().enumerate().map(move |(place, message)| (message.id.clone(), (key.clone(), place)))
        });
        self.index = places.collect();
    }
}
