//! What the tests stand on: a simulator of their own and a caller.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use switchboard::demo::simulator::{self, Engine, Options, Running, Timing};

use super::ear::Ear;

pub const KEY: &str = "a-key-that-nobody-guesses";
pub const EVENTS: &[&str] = &[
    "session.status",
    "message.any",
    "message.ack",
    "message.ack.group",
    "message.reaction",
    "message.edited",
    "message.revoked",
    "call.received",
    "call.accepted",
    "call.rejected",
];
pub const PATIENCE: Duration = Duration::from_secs(10);

pub struct Desk {
    pub simulator: Running,
    pub ear: Ear,
    http: Caller,
}

// The house's own client gives up and follows no redirects; a test only wants an answer.
#[allow(clippy::disallowed_types)]
type Caller = reqwest::Client;

impl Desk {
    pub fn options(engine: Engine) -> Options {
        Options { api_key: Some(KEY.into()), engine, timing: Timing::quick(), ..Options::default() }
    }

    pub async fn new(engine: Engine) -> Self {
        Self::with(Self::options(engine)).await
    }

    /// With one number, `shop`, that works.
    pub async fn paired(engine: Engine) -> Self {
        let desk = Self::new(engine).await;
        desk.create("shop").await;
        desk.pair("shop").await;
        desk
    }

    pub async fn with(options: Options) -> Self {
        Self::around(simulator::start(options).await.unwrap()).await
    }

    pub async fn around(simulator: Running) -> Self {
        let http = Caller::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { simulator, ear: Ear::open(), http }
    }

    /// A session that starts, with the store on and this ear as its webhook.
    pub async fn create(&self, name: &str) -> Value {
        self.create_with(name, json!([self.ear.webhook(EVENTS)])).await
    }

    pub async fn create_with(&self, name: &str, webhooks: Value) -> Value {
        let store = json!({"markOnline": true, "store": {"enabled": true, "fullSync": false}});
        let config = json!({"metadata": {"tenant": "acme"}, "noweb": store, "webhooks": webhooks});
        let (status, session) =
            self.post("/api/sessions", json!({"name": name, "start": true, "config": config})).await;
        assert_eq!(status, 201, "{session}");
        session
    }

    pub async fn pair(&self, name: &str) {
        self.until_status(name, "SCAN_QR_CODE").await;
        self.control(&format!("sessions/{name}/scan"), json!({})).await;
        self.until_status(name, "WORKING").await;
    }

    pub async fn until_status(&self, name: &str, wanted: &str) {
        let begun = Instant::now();
        loop {
            let (_, session) = self.get(&format!("/api/sessions/{name}")).await;
            if session["status"] == wanted {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{name} is {} instead of {wanted}", session["status"]);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn send_text(&self, chat: &str, text: &str, id: Option<&str>) -> Value {
        let body = json!({"session": "shop", "chatId": chat, "text": text, "id": id});
        let (status, answer) = self.post("/api/sendText", body).await;
        assert_eq!(status, 201, "{answer}");
        answer
    }

    /// The truth about what `shop` sent.
    pub async fn deliveries(&self) -> Vec<Value> {
        self.get("/simulator/sessions/shop/deliveries").await.1.as_array().cloned().unwrap_or_default()
    }

    /// The same, only the texts.
    pub async fn delivered(&self) -> Vec<String> {
        self.deliveries().await.iter().map(|sent| sent["body"].as_str().unwrap_or_default().to_owned()).collect()
    }

    pub async fn until_ack(&self, text: &str, ack: i64) {
        let begun = Instant::now();
        while !self.deliveries().await.iter().any(|sent| sent["body"] == text && sent["ack"] == ack) {
            assert!(begun.elapsed() < PATIENCE, "{text} never came to {ack}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call("GET", path, Value::Null).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call("POST", path, body).await
    }

    pub async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        self.post(&format!("/simulator/{path}"), body).await
    }

    pub async fn faults(&self, faults: Value) {
        assert_eq!(self.call("PUT", "/simulator/faults", faults).await.0, 200);
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        self.try_call(method, path, body).await.unwrap()
    }

    /// An empty answer is Null; a lost one is an error.
    pub async fn try_call(&self, method: &str, path: &str, body: Value) -> Result<(u16, Value), reqwest::Error> {
        let url = format!("{}{path}", self.simulator.url);
        let mut request = self.http.request(method.parse().unwrap(), url).header("x-api-key", KEY);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let text = answer.text().await?;
        Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
    }

    pub async fn fetch(&self, path: &str, key: Option<&str>, accept: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.simulator.url)).header("accept", accept);
        let request = key.iter().fold(request, |request, key| request.header("x-api-key", *key));
        request.send().await.unwrap()
    }

    pub async fn page(&self, path: &str) -> String {
        self.fetch(path, None, "text/html").await.text().await.unwrap()
    }
}
