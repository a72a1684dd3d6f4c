//! Calls: what WhatsApp tells of them, what is written down, and what becomes of missed ones.

mod api;
mod declining;
mod logging;
mod pages;
mod returning;
mod told;

use super::support::TestApp;
use super::support::talk::event;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use switchboard::numbers::model::NumberId;

/// An event of a call `id` by that phone, at this moment.
fn step(kind: &str, id: &str, phone: &str, at: DateTime<Utc>) -> Value {
    let payload = json!({
        "id": id, "from": format!("{phone}@c.us"), "timestamp": at.timestamp_millis() as f64 / 1000.0, "isVideo": false,
        "isGroup": false, "_data": {},
    });
    let mut event = event(&format!("call.{kind}"), payload);
    event["timestamp"] = json!(at.timestamp_millis());
    event
}

fn ago(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(Utc::now().timestamp() - seconds, 0).unwrap()
}

impl TestApp {
    /// Somebody called so many seconds ago and was missed.
    async fn missed(&self, number: NumberId, phone: &str, seconds: i64) -> String {
        let id = format!("CALL{phone}{seconds}");
        self.told(number, &step("received", &id, phone, ago(seconds))).await;
        self.sql(&format!(
            "UPDATE calls SET status = 'failed', given_up_at = now(), ended_at = now() WHERE waha_call_id = '{id}'"
        ));
        self.take_jobs();
        self.text(&format!("SELECT id::text AS text FROM calls WHERE waha_call_id = '{id}'"))
    }
}

/// Fields of the form, of a call that Bob made.
fn spoken<'a>(bob: &'a str, customer: &'a str, started: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("direction", "outbound"),
        ("customer", customer),
        ("user", bob),
        ("started", started),
        ("outcome", "spoke"),
        ("length", "1:30"),
        ("note", "Wants a refund"),
    ]
}

/// As the form has it; the cast lives by UTC.
fn local(seconds: i64) -> String {
    (Utc::now() - TimeDelta::seconds(seconds)).format("%Y-%m-%dT%H:%M").to_string()
}
