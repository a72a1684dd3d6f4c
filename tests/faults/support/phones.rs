//! The people outside and their phones: pairing, writing, and the truth about what arrived.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{Text, Uuid as SqlUuid};
use serde_json::{Value, json};
use uuid::Uuid;

use super::browser::caller;
use super::desk::PATIENCE;
use super::house::House;
use super::until;

/// A conversation of the desk, and whom it is with.
#[derive(Debug, Clone, QueryableByName)]
pub struct Thread {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Text)]
    pub chat_id: String,
}

/// A message that left the number.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub chat_id: String,
    pub body: String,
    /// How often its id was sent again.
    pub repeats: u64,
}

impl House {
    async fn ask(&self, path: &str) -> Value {
        let answer = caller().get(format!("http://{}/simulator/{path}", self.waha)).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Sets all faults of the gateway.
    pub async fn faults(&self, faults: Value) {
        let request = caller().put(format!("http://{}/simulator/faults", self.waha)).json(&faults);
        assert!(request.send().await.unwrap().status().is_success());
    }

    /// Somebody writes to a number.
    pub async fn customer_writes(&self, session: &str, phone: &str, text: &str) {
        let letter = json!({ "phone": phone, "text": text });
        let url = format!("http://{}/simulator/sessions/{session}/messages", self.waha);
        let answer = caller().post(url).json(&letter).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 201, "{}", answer.text().await.unwrap());
    }

    /// Scans the QR code of every number and waits until the desk knows that they work.
    pub async fn pair(&self) {
        for (place, (session, _)) in self.numbers.iter().enumerate() {
            let phone = format!("49301000{place:04}");
            let scan = || async {
                let running = self.simulator.lock().unwrap();
                running.as_ref().unwrap().scan(session, Some(&phone)).is_ok()
            };
            until("a code to scan", PATIENCE, scan).await;
        }
        let working = || async { self.count("waha_sessions WHERE status = 'working'") == self.numbers.len() as i64 };
        until("all numbers work", PATIENCE, working).await;
    }

    /// So many customers write to each number; the conversations that come of it.
    pub async fn threads(&self, of_each: usize) -> Vec<Thread> {
        for (place, (session, _)) in self.numbers.iter().enumerate() {
            for customer in 0..of_each {
                self.customer_writes(session, &format!("4917{place:04}{customer:04}"), "Hello?").await;
            }
        }
        let wanted = self.numbers.len() * of_each;
        until("all conversations", PATIENCE, || async { self.count("conversations") == wanted as i64 }).await;
        let sql = "SELECT id, chat_id::text AS chat_id FROM conversations ORDER BY id";
        diesel::sql_query(sql).load(&mut self.sql()).unwrap()
    }

    /// What left all numbers, in the order in which it did.
    pub async fn deliveries(&self) -> Vec<Delivery> {
        let mut all = Vec::new();
        for (session, _) in &self.numbers {
            let sent = self.ask(&format!("sessions/{session}/deliveries")).await;
            all.extend(sent.as_array().unwrap().iter().map(|sent| Delivery {
                chat_id: sent["chatId"].as_str().unwrap().to_owned(),
                body: sent["body"].as_str().unwrap_or_default().to_owned(),
                repeats: sent["repeats"].as_u64().unwrap(),
            }));
        }
        all
    }

    pub async fn sent(&self) -> usize {
        self.deliveries().await.len()
    }

    /// Waits until no webhook is on its way; how many were given up.
    pub async fn all_told(&self) -> u64 {
        until("all webhooks told", 2 * PATIENCE, || async { self.ask("webhooks").await["inFlight"] == 0 }).await;
        self.ask("webhooks").await["givenUp"].as_u64().unwrap()
    }
}

/// Each of `written` (by chat, in order) arrived once, in its order, and nothing was sent a second time.
pub fn assert_once_and_in_order(deliveries: &[Delivery], written: &BTreeMap<String, Vec<String>>) {
    let mut arrived: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for delivery in deliveries {
        assert_eq!(delivery.repeats, 0, "sent again: {delivery:?}");
        arrived.entry(&delivery.chat_id).or_default().push(&delivery.body);
    }
    for (chat, bodies) in written {
        let arrived = arrived.remove(chat.as_str()).unwrap_or_default();
        assert_eq!(&arrived, bodies, "in the chat with {chat}");
    }
    assert!(arrived.is_empty(), "nobody wrote these: {arrived:?}");
}

/// No text arrived more than once, whatever is missing.
pub fn assert_never_twice(deliveries: &[Delivery]) {
    let mut seen = BTreeSet::new();
    for delivery in deliveries {
        assert!(delivery.repeats == 0 && seen.insert((&delivery.chat_id, &delivery.body)), "twice: {delivery:?}");
    }
}
