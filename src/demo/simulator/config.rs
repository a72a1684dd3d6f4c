//! Checks names and configurations the way WAHA does, with its words.

use serde_json::{Map, Value};

use super::refusals::Refusal;

/// What a configuration may hold; anything else is dropped without a word.
const KNOWN: &[&str] = &["metadata", "webhooks", "proxy", "debug", "client", "ignore", "noweb", "gows", "webjs"];

const EVENTS: &[&str] = &[
    "session.status",
    "message",
    "message.reaction",
    "message.any",
    "message.ack",
    "message.ack.group",
    "message.waiting",
    "message.revoked",
    "message.edited",
    "state.change",
    "group.join",
    "group.leave",
    "group.v2.join",
    "group.v2.leave",
    "group.v2.update",
    "group.v2.participants",
    "presence.update",
    "poll.vote",
    "poll.vote.failed",
    "chat.archive",
    "call.received",
    "call.accepted",
    "call.rejected",
    "label.upsert",
    "label.deleted",
    "label.chat.added",
    "label.chat.deleted",
    "event.response",
    "event.response.failed",
    "engine.event",
    "*",
];

pub fn check_name(name: &str) -> Result<&str, Refusal> {
    let is_fine = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let message =
        "Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _)";
    if is_fine { Ok(name) } else { Err(Refusal::bad(vec![message])) }
}

/// The configuration as it will be kept and shown, or a list of what is wrong with it.
pub fn check(config: Option<&Value>) -> Result<Option<Value>, Refusal> {
    let Some(config) = config.filter(|config| !config.is_null()) else {
        return Ok(None);
    };
    let Some(fields) = config.as_object() else {
        return Err(Refusal::bad(vec!["config must be an object"]));
    };
    let mut wrong = Vec::new();
    if fields.get("metadata").is_some_and(|data| !data.is_object() && !data.is_null()) {
        wrong.push("config.metadata must be an object".to_owned());
    }
    match fields.get("webhooks") {
        None | Some(Value::Null) => {}
        Some(Value::Array(list)) => {
            list.iter().enumerate().for_each(|(n, webhook)| check_webhook(n, webhook, &mut wrong))
        }
        Some(_) => wrong.push("config.webhooks must be an array".to_owned()),
    }
    if !wrong.is_empty() {
        return Err(Refusal::bad(wrong));
    }
    let kept = fields.iter().filter(|(name, _)| KNOWN.contains(&name.as_str()));
    Ok(Some(Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())))
}

fn check_webhook(place: usize, webhook: &Value, wrong: &mut Vec<String>) {
    let at = format!("config.webhooks.{place}");
    let url = webhook.get("url").and_then(Value::as_str).and_then(|text| url::Url::parse(text).ok());
    if !url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
        wrong.push(format!("{at}.url must be a URL address"));
    }
    let events = webhook.get("events").and_then(Value::as_array);
    let is_known = |event: &Value| event.as_str().is_some_and(|event| EVENTS.contains(&event));
    if !events.is_some_and(|events| events.iter().all(is_known)) {
        wrong.push(format!("{at}.each value in events must be one of the following values: {}", EVENTS.join(", ")));
    }
    let policy = webhook.pointer("/retries/policy").and_then(Value::as_str);
    if policy.is_some_and(|policy| !matches!(policy, "constant" | "linear" | "exponential")) {
        wrong.push(format!("{at}.retries.policy must be one of the following values: linear, exponential, constant"));
    }
    // What has passed up to here but cannot be read would be silently never posted to.
    if let Err(error) = serde_json::from_value::<super::webhooks::Webhook>(webhook.clone())
        && wrong.is_empty()
    {
        wrong.push(format!("{at}: {error}"));
    }
}
