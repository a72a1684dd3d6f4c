//! An ear for webhooks: keeps what it hears, and refuses as many posts as it is told to.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};

use super::desk::PATIENCE;

pub const HMAC: &str = "the-secret-of-this-number";

/// One post as it arrived.
#[derive(Clone)]
pub struct Heard {
    pub headers: Vec<(String, String)>,
    pub raw: Vec<u8>,
    pub body: Value,
}

impl Heard {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// Takes webhooks; refuses as many as it is told to.
#[derive(Clone)]
pub struct Ear {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    refusals: Arc<Mutex<usize>>,
}

impl Ear {
    pub fn open() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let ear = Self { url, heard: Arc::default(), refusals: Arc::default() };
        let kept = web::Data::new(ear.clone());
        let app = move || App::new().app_data(kept.clone()).default_service(web::to(hear));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener).unwrap().run();
        actix_web::rt::spawn(server);
        ear
    }

    pub fn webhook(&self, events: &[&str]) -> Value {
        json!({"url": self.url, "events": events, "hmac": {"key": HMAC},
               "retries": {"policy": "constant", "delaySeconds": 1, "attempts": 5}})
    }

    pub fn refuse_next(&self, count: usize) {
        *self.refusals.lock().unwrap() = count;
    }

    pub fn all(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    pub fn of(&self, event: &str) -> Vec<Value> {
        self.all().into_iter().map(|heard| heard.body).filter(|body| body["event"] == event).collect()
    }

    /// Waits until so many events of this kind were heard.
    pub async fn until(&self, event: &str, count: usize) -> Vec<Value> {
        let begun = Instant::now();
        while self.of(event).len() < count {
            assert!(begun.elapsed() < PATIENCE, "heard {} of {count} {event}", self.of(event).len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.of(event)
    }
}

async fn hear(ear: web::Data<Ear>, request: HttpRequest, raw: web::Bytes) -> HttpResponse {
    let header = |(name, value): (&actix_web::http::header::HeaderName, &actix_web::http::header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    let headers = request.headers().iter().map(header).collect();
    let body = serde_json::from_slice(&raw).unwrap();
    ear.heard.lock().unwrap().push(Heard { headers, raw: raw.to_vec(), body });
    let mut refusals = ear.refusals.lock().unwrap();
    if *refusals > 0 {
        *refusals -= 1;
        return HttpResponse::ServiceUnavailable().finish();
    }
    HttpResponse::Ok().finish()
}
