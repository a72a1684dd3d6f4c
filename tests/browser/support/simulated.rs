//! What happens on the other side of WhatsApp, without its page.

use super::desk::Desk;
use serde_json::{Value, json};

// The house's own client asks the guard of addresses first; this one only talks to the simulator.
#[allow(clippy::disallowed_types)]
type Caller = reqwest::Client;

impl Desk {
    /// A control call of the simulator.
    pub async fn simulate(&self, method: &str, path: &str, body: Value) -> Value {
        let caller = Caller::builder().no_proxy().build().unwrap();
        let url = format!("{}/simulator/{path}", self.phones);
        let mut request = caller.request(method.parse().unwrap(), url);
        if !body.is_null() {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default()
    }

    /// A customer writes to the demo's number.
    pub async fn write(&self, phone: &str, text: &str) {
        self.simulate("POST", "sessions/acme-workshop/messages", json!({"phone": phone, "text": text})).await;
    }

    pub async fn faults(&self, faults: Value) {
        self.simulate("PUT", "faults", faults).await;
    }

    /// The texts that truly went to a customer, in order.
    pub async fn sent_to(&self, phone: &str) -> Vec<String> {
        let path = format!("sessions/acme-workshop/deliveries?chatId={phone}@c.us");
        let sent = self.simulate("GET", &path, Value::Null).await;
        let texts = sent.as_array().into_iter().flatten();
        texts.map(|one| one["body"].as_str().unwrap_or_default().to_owned()).collect()
    }
}
