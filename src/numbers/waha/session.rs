//! What WAHA says about a session, and what we ask of one.

use super::chat_id::ChatId;
use super::json;
use super::message::chat;
use super::words::{Engine, SessionStatus};
use crate::kit::secret::Secret;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A session as the gateway reports it.
#[derive(Debug, Clone)]
pub struct SessionInfo {
    pub name: String,
    pub status: SessionStatus,
    pub me: Option<Me>,
    /// Only where one session was asked for, not in lists.
    pub engine: Option<Engine>,
    pub active_at: Option<DateTime<Utc>>,
    pub metadata: BTreeMap<String, String>,
    pub webhook_urls: Vec<String>,
    /// Echoes what we sent, signing key and proxy password in clear.
    pub config: Secret<Value>,
}

/// The account that a session is paired with.
#[derive(Debug, Clone, PartialEq)]
pub struct Me {
    pub id: ChatId,
    pub push_name: Option<String>,
    pub lid: Option<ChatId>,
    pub timelock: Option<Timelock>,
    /// WhatsApp's quota for new chats, as it came.
    pub capping: Value,
}

/// WhatsApp blocks messages to new contacts while this is active; the session itself keeps working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timelock {
    pub is_active: bool,
    pub enforcement: Option<String>,
    pub ends_at: Option<DateTime<Utc>>,
}

/// A session's whole configuration. An update replaces all of it.
#[derive(Debug, Clone)]
pub struct SessionConfig {
    pub webhook_url: String,
    pub hmac_key: Secret<String>,
    pub events: Vec<String>,
    pub retries: Retries,
    /// Comes back in every webhook.
    pub metadata: BTreeMap<String, String>,
    pub noweb: Noweb,
    /// Sections that are passed on as they are, such as `proxy`, `ignore`, `client`, `gows` or `webjs`.
    pub other: BTreeMap<String, Value>,
}

#[derive(Debug, Clone)]
pub struct Retries {
    pub policy: RetryPolicy,
    pub delay_seconds: u32,
    pub attempts: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryPolicy {
    Constant,
    Linear,
    Exponential,
}

/// NOWEB keeps no chats without its store, and it must not be switched after pairing.
#[derive(Debug, Clone)]
pub struct Noweb {
    pub mark_online: bool,
    pub store: bool,
    pub full_sync: bool,
}

impl SessionInfo {
    pub fn parse(info: &Value) -> Option<Self> {
        let config = &info["config"];
        Some(Self {
            name: json::text(&info["name"])?,
            status: SessionStatus::from(json::text(&info["status"])?.as_str()),
            me: Me::parse(&info["me"]),
            engine: json::text(&info["engine"]["engine"]).map(|word| Engine::from(word.as_str())),
            active_at: json::moment(&info["timestamps"]["activity"]),
            metadata: json::texts(&config["metadata"]),
            webhook_urls: json::list(&config["webhooks"]).iter().filter_map(|hook| json::text(&hook["url"])).collect(),
            config: Secret::new(config.clone()),
        })
    }
}

impl Me {
    pub fn parse(me: &Value) -> Option<Self> {
        Some(Self {
            id: chat(&me["id"])?,
            push_name: json::text(&me["pushName"]),
            lid: chat(&me["lid"]),
            timelock: Timelock::parse(&me["reachoutTimelock"]),
            capping: me["messageCapping"].clone(),
        })
    }

    pub fn phone(&self) -> Option<String> {
        self.id.phone().map(str::to_owned)
    }
}

impl Timelock {
    pub fn parse(timelock: &Value) -> Option<Self> {
        timelock.as_object()?;
        Some(Self {
            is_active: json::flag(&timelock["isActive"]).unwrap_or(false),
            enforcement: json::text(&timelock["enforcementType"]),
            ends_at: json::moment(&timelock["timeEnforcementEnds"]),
        })
    }
}

impl SessionConfig {
    /// The form that goes over the wire, with the key in clear.
    pub(super) fn to_json(&self) -> Value {
        let noweb = &self.noweb;
        let mut config = json!({
            "metadata": self.metadata,
            "webhooks": [{
                "url": self.webhook_url,
                "events": self.events,
                "hmac": {"key": self.hmac_key.expose()},
                "retries": {
                    "policy": self.retries.policy.as_str(),
                    "delaySeconds": self.retries.delay_seconds,
                    "attempts": self.retries.attempts,
                },
            }],
            "noweb": {"markOnline": noweb.mark_online, "store": {"enabled": noweb.store, "fullSync": noweb.full_sync}},
        });
        for (section, value) in &self.other {
            config[section] = value.clone();
        }
        config
    }
}

impl RetryPolicy {
    fn as_str(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
        }
    }
}

/// Ours answer in milliseconds or not at all, so it pays to keep trying for over an hour.
impl Default for Retries {
    fn default() -> Self {
        Self { policy: RetryPolicy::Exponential, delay_seconds: 2, attempts: 12 }
    }
}

impl Default for Noweb {
    fn default() -> Self {
        Self { mark_online: true, store: true, full_sync: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_read_without_its_key_showing() {
        let info = SessionInfo::parse(&json!({
            "name": "shop", "status": "WORKING", "engine": {"engine": "GOWS", "gows": {"connected": true}},
            "me": {"id": "79220000001@c.us", "pushName": "Shop", "lid": "55:2@lid"}, "timestamps": {"activity": null},
            "config": {"metadata": {"tenant": "t-1"}, "webhooks": [{"url": "http://desk/hook", "hmac": {"key": "hunter2"}}]}
        }))
        .unwrap();

        assert_eq!((&info.status, info.engine.as_ref()), (&SessionStatus::Working, Some(&Engine::Gows)));
        assert_eq!((info.webhook_urls[0].as_str(), info.metadata["tenant"].as_str()), ("http://desk/hook", "t-1"));
        assert_eq!(info.me.as_ref().and_then(|me| me.lid.as_ref()).map(ChatId::as_str), Some("55@lid"));
        assert!(!format!("{info:?}").contains("hunter2"));
    }

    #[test]
    fn a_stopped_session_has_next_to_nothing() {
        let info =
            json!({"name": "shop", "status": "STOPPED", "config": null, "me": null, "timestamps": {}, "engine": {}});

        let info = SessionInfo::parse(&info).unwrap();
        assert!(info.me.is_none() && info.engine.is_none() && info.webhook_urls.is_empty());
        assert!(SessionInfo::parse(&json!({"status": "STOPPED"})).is_none());
    }

    #[test]
    fn a_configuration_shows_its_key_only_on_the_wire() {
        let config = SessionConfig {
            webhook_url: "http://desk/hook".into(),
            hmac_key: Secret::new("hunter2".into()),
            events: vec!["message.any".into()],
            retries: Retries::default(),
            metadata: BTreeMap::from([("tenant".into(), "t-1".into())]),
            noweb: Noweb::default(),
            other: BTreeMap::from([("ignore".into(), json!({"status": true}))]),
        };

        let sent = config.to_json();
        assert_eq!(sent["webhooks"][0]["hmac"]["key"], "hunter2");
        assert_eq!((&sent["ignore"]["status"], &sent["noweb"]["store"]["enabled"]), (&json!(true), &json!(true)));
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
