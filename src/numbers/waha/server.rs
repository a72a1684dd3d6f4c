//! The gateway itself: is it there, and which one is it?

use super::client::Waha;
use super::error::{Error, Result};
use super::json;
use super::words::Engine;
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub version: Option<String>,
    pub engine: Option<Engine>,
    pub tier: Option<String>,
}

impl Waha {
    /// Whether a gateway answers there. Needs no key, so it says nothing about ours; [`Waha::version`] does.
    pub async fn ping(&self) -> Result<()> {
        match self.get(&["ping"]).json().await? {
            Value::Object(answer) if answer.get("message").is_some_and(|text| text == "pong") => Ok(()),
            _ => Err(Error::Unknown("what answers there is no WAHA".into())),
        }
    }

    pub async fn version(&self) -> Result<Version> {
        let answer = self.get(&["api", "server", "version"]).json().await?;
        Ok(Version {
            version: json::text(&answer["version"]),
            engine: json::text(&answer["engine"]).map(|word| Engine::from(word.as_str())),
            tier: json::text(&answer["tier"]),
        })
    }
}
