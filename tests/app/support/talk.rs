//! Numbers, and what WAHA says of them: events in its own words, signed as it signs them.

use super::app::TestApp;
use super::http::{Answer, post};
use chrono::Utc;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha512;
use std::sync::atomic::{AtomicU64, Ordering};
use switchboard::conversations::model::ConversationId;
use switchboard::numbers::model::{self as numbers, EngineName, NumberData, NumberId, Status};
use switchboard::numbers::reports::{self, Report, Told};
use uuid::Uuid;

/// A customer's phone, and another's.
pub const ANA: &str = "351912345678";
pub const BEN: &str = "4915123456789";

fn next() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// A message of a customer, as `message.any` has it. Its bare id is new each time.
pub fn said(phone: &str, text: &str) -> Value {
    named(phone, text, &format!("3A{:014X}", next()))
}

/// The same with the bare id `key`.
pub fn named(phone: &str, text: &str, key: &str) -> Value {
    json!({
        "id": format!("false_{phone}@c.us_{key}"), "timestamp": Utc::now().timestamp(), "from": format!("{phone}@c.us"),
        "fromMe": false, "source": "app", "body": text, "hasMedia": false, "media": null, "ack": 2,
        "_data": {"Info": {"PushName": name_of(phone)}},
    })
}

/// What people call themselves on WhatsApp; whoever is not known here says nothing.
fn name_of(phone: &str) -> Option<&'static str> {
    match phone {
        ANA => Some("Ana Alves"),
        BEN => Some("Ben Brandt"),
        _ => None,
    }
}

/// `value` with the fields of `more`.
pub fn with(mut value: Value, more: Value) -> Value {
    for (name, field) in more.as_object().unwrap() {
        value[name] = field.clone();
    }
    value
}

/// An event with a new id, that happened now.
pub fn event(kind: &str, payload: Value) -> Value {
    json!({
        "id": format!("evt_{:08}", next()), "timestamp": Utc::now().timestamp_millis(), "event": kind,
        "session": "acme-workshop", "payload": payload, "engine": "GOWS", "metadata": {},
    })
}

pub fn sign(key: &[u8], body: &[u8]) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(key).unwrap();
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

impl TestApp {
    /// One of Acme's that works.
    pub async fn number(&self, name: &str) -> NumberId {
        let id = self.new_number(name).await;
        self.reported(id, Status::Working).await;
        id
    }

    /// One of Acme's that was just added.
    pub async fn new_number(&self, name: &str) -> NumberId {
        let data = NumberData {
            name: name.to_owned(),
            external_session_id: format!("acme-{}", name.to_lowercase()),
            engine: EngineName::Gows,
            waha_url: None,
            waha_api_key: None,
        };
        let vault = self.parts.vault.clone();
        self.within(move |conn, tenant| numbers::create(conn, tenant, &vault, &data)).await
    }

    /// WAHA says so of the number.
    pub async fn reported(&self, id: NumberId, status: Status) {
        let report = Report {
            status,
            word: status.word().to_uppercase(),
            told: Told::At(Utc::now()),
            phone: (status == Status::Working).then(|| "4930901820100".to_owned()),
            push_name: None,
            lid: None,
            error: None,
        };
        self.within(move |conn, tenant| reports::report(conn, tenant, id, &report)).await;
    }

    /// The key that WAHA signs with.
    pub async fn hmac_key(&self, id: NumberId) -> Vec<u8> {
        let number = self.within(move |conn, tenant| numbers::find(conn, tenant, id)).await;
        number.hmac_key(&self.parts.vault).unwrap().expose().clone()
    }

    /// Posts a body as WAHA would, signed.
    pub async fn posted(&self, id: NumberId, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let signature = sign(&self.hmac_key(id).await, &body);
        let ask = post(&format!("/webhooks/waha/{id}")).header("content-type", "application/json");
        self.anybody(ask.header("x-webhook-hmac", &signature).body(body)).await
    }

    /// Tells an event, which must be taken.
    pub async fn told(&self, id: NumberId, event: &Value) {
        let answer = self.posted(id, event.to_string()).await;
        assert_eq!(answer.status, 200, "{} for {event}", answer.html);
    }

    /// A message comes in.
    pub async fn hears(&self, id: NumberId, message: Value) {
        self.told(id, &event("message.any", message)).await;
    }

    /// The conversation with that phone, made by what it says.
    pub async fn conversation(&self, number: NumberId, phone: &str, texts: &[&str]) -> ConversationId {
        for text in texts {
            self.hears(number, said(phone, text)).await;
        }
        self.conversation_with(phone)
    }

    pub fn conversation_with(&self, phone: &str) -> ConversationId {
        let sql = format!("SELECT id::text AS text FROM conversations WHERE chat_id LIKE '{phone}@%'");
        self.text(&sql).parse::<Uuid>().unwrap().into()
    }

    /// Gives a conversation to somebody.
    pub fn assign(&self, conversation: ConversationId, email: &str) {
        let sql = format!(
            "UPDATE conversations SET assignee_id = (SELECT id FROM users WHERE email = '{email}') \
             WHERE id = '{conversation}'"
        );
        assert_eq!(self.sql(&sql), 1);
    }
}
