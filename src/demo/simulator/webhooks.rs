//! Posts events to the webhooks that a session asks for: signed, retried, all at once and in no order, like WAHA.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hmac::{Hmac, Mac};
use rand::Rng;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER, USER_AGENT};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha512;
use uuid::Uuid;

use super::faults::Post;
use super::gateway::{Gateway, VERSION};

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    pub url: String,
    pub events: Vec<String>,
    pub hmac: Option<HmacKey>,
    pub retries: Option<Retries>,
    pub custom_headers: Option<Vec<Header>>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct HmacKey {
    pub key: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Header {
    pub name: String,
    pub value: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Retries {
    pub policy: Policy,
    pub delay_seconds: f64,
    pub attempts: u32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    Constant,
    Linear,
    Exponential,
}

impl Default for Retries {
    fn default() -> Self {
        Self { policy: Policy::Constant, delay_seconds: 2.0, attempts: 15 }
    }
}

/// What is in flight and what became of the rest, for tests that wait until all is told.
#[derive(Debug, Default)]
pub struct Postman {
    pub in_flight: AtomicU64,
    pub delivered: AtomicU64,
    pub given_up: AtomicU64,
    pub dropped: AtomicU64,
    client: Outside,
}

// kit::http gives up after a while and follows no redirects; WAHA waits for ever, follows them and checks no certificate.
#[allow(clippy::disallowed_types)]
type Outside = reqwest::Client;

impl Postman {
    pub fn new() -> anyhow::Result<Self> {
        // Another part of the process may have chosen the provider already; that one is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Outside::builder().no_proxy().tls_danger_accept_invalid_certs(true).build()?;
        Ok(Self { client, ..Self::default() })
    }

    /// Fetches a file that a send names by its address.
    pub async fn fetch(&self, url: &str) -> anyhow::Result<Vec<u8>> {
        Ok(self.client.get(url).send().await?.error_for_status()?.bytes().await?.to_vec())
    }
}

impl Webhook {
    /// `*` means all but the two noisy ones.
    pub fn wants(&self, event: &str) -> bool {
        let noisy = matches!(event, "state.change" | "engine.event");
        self.events.iter().any(|wanted| wanted == event || (wanted == "*" && !noisy))
    }
}

/// Lowercase hex of HMAC-SHA512 over the raw body.
pub fn sign(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// Sends one event on its way. Nothing waits for it, nothing keeps its order.
pub fn post(gateway: &Arc<Gateway>, webhook: Webhook, envelope: &Value) {
    let timestamp = envelope["timestamp"].to_string();
    let body = envelope.to_string();
    let request_id = Uuid::new_v4().to_string();
    for plan in gateway.faults(|faults| faults.plan_post()) {
        let Post::After(wait) = plan else {
            gateway.postman.dropped.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let letter = Letter {
            webhook: webhook.clone(),
            body: body.clone(),
            request_id: request_id.clone(),
            timestamp: timestamp.clone(),
        };
        gateway.postman.in_flight.fetch_add(1, Ordering::Relaxed);
        let house = gateway.clone();
        gateway.spawn(async move {
            tokio::time::sleep(wait).await;
            let outcome =
                if deliver(&house, &letter).await { &house.postman.delivered } else { &house.postman.given_up };
            outcome.fetch_add(1, Ordering::Relaxed);
            house.postman.in_flight.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

struct Letter {
    webhook: Webhook,
    body: String,
    request_id: String,
    timestamp: String,
}

/// Any error and any answer but 2xx is tried again, with the same id and the same timestamp.
async fn deliver(gateway: &Gateway, letter: &Letter) -> bool {
    let retries = letter.webhook.retries.clone().unwrap_or_default();
    for attempt in 0..=retries.attempts {
        let asked = match attempt_once(&gateway.postman, letter).await {
            Ok(()) => return true,
            Err(asked) => asked,
        };
        if attempt < retries.attempts {
            let wait = retries.wait(attempt + 1).mul_f64(gateway.timing.retry_factor);
            tokio::time::sleep(wait.max(asked.unwrap_or_default())).await;
        }
    }
    tracing::debug!(url = %letter.webhook.url, "a webhook was given up");
    false
}

/// On failure, the pause that the receiver asked for, if it named one.
async fn attempt_once(postman: &Postman, letter: &Letter) -> Result<(), Option<Duration>> {
    let mut request = postman
        .client
        .post(&letter.webhook.url)
        .header(CONTENT_TYPE, "application/json")
        .header(USER_AGENT, format!("WAHA/{VERSION}"))
        .header("X-Webhook-Request-Id", &letter.request_id)
        .header("X-Webhook-Timestamp", &letter.timestamp);
    if let Some(key) = letter.webhook.hmac.as_ref().and_then(|hmac| hmac.key.as_deref()) {
        request = request
            .header("X-Webhook-Hmac", sign(key, letter.body.as_bytes()))
            .header("X-Webhook-Hmac-Algorithm", "sha512");
    }
    for header in letter.webhook.custom_headers.iter().flatten() {
        request = request.header(&header.name, &header.value);
    }
    let answer = request.body(letter.body.clone()).send().await.map_err(|_| None)?;
    if answer.status().is_success() {
        return Ok(());
    }
    let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Err(seconds.map(Duration::from_secs))
}

impl Retries {
    /// The pause before the n-th retry.
    fn wait(&self, retry: u32) -> Duration {
        let seconds = match self.policy {
            Policy::Constant => self.delay_seconds,
            Policy::Linear => self.delay_seconds * f64::from(retry),
            Policy::Exponential => {
                let doubled = self.delay_seconds * 2_f64.powi(retry.min(20).cast_signed());
                doubled * (1.0 + rand::rng().random_range(0.0..0.2))
            }
        };
        Duration::from_secs_f64(seconds.max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_waha() {
        let body = br#"{"event":"message","session":"default","engine":"WEBJS"}"#;
        let expected = "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8\
                        097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89";
        assert_eq!(sign("my-secret-key", body), expected);
    }

    #[test]
    fn pauses_follow_their_policy() {
        let retries = |policy| Retries { policy, delay_seconds: 2.0, attempts: 15 };
        assert_eq!(retries(Policy::Constant).wait(3), Duration::from_secs(2));
        assert_eq!(retries(Policy::Linear).wait(3), Duration::from_secs(6));
        let third = retries(Policy::Exponential).wait(3).as_secs_f64();
        assert!((16.0..19.3).contains(&third), "{third}");
    }
}
