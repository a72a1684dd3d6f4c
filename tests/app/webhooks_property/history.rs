//! Histories as people and phones make them, and the ways in which they may be told.

use chrono::{TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

const PHONES: [&str; 2] = ["351912345678", "4915123456789"];
const GROUP: &str = "120363041234567890@g.us";
const WORDS: [&str; 4] = ["Hello", "Is it ready?", "", "ü 👍"];

/// One thing that happened. Numbers choose among what is there already.
#[derive(Debug, Clone)]
enum Step {
    Said { chat: usize, words: usize },
    SaidByUs { chat: usize, words: usize },
    Acked { which: usize, ack: i64 },
    Edited { which: usize, words: usize },
    Reacted { which: usize, by_us: bool, emoji: usize },
    Revoked { which: usize },
    Status { word: usize },
}

#[derive(Debug, Clone)]
pub struct History {
    /// As they happened.
    pub events: Vec<Value>,
    /// Positions in another order, some of them more than once.
    order: Vec<usize>,
    /// How many are told at the same time.
    together: usize,
}

impl History {
    /// Everything at least once, in groups that are told at once.
    pub fn jumbled(&self) -> Vec<Vec<Value>> {
        let order: Vec<Value> = self.order.iter().map(|at| self.events[*at].clone()).collect();
        order.chunks(self.together.max(1)).map(<[Value]>::to_vec).collect()
    }
}

pub fn histories() -> impl Strategy<Value = History> {
    let events = vec(step(), 2..14).prop_map(|steps| events(&steps));
    let events = events.prop_filter("nothing was told", |events| !events.is_empty());
    events.prop_flat_map(|events| {
        let all: Vec<usize> = (0..events.len()).collect();
        let extra = vec(0..events.len(), 0..4);
        let order = extra.prop_flat_map(move |extra| Just([all.clone(), extra].concat()).prop_shuffle());
        (Just(events), order, 1..4_usize).prop_map(|(events, order, together)| History { events, order, together })
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize, 0..4_usize).prop_map(|(chat, words)| Step::Said { chat, words }),
        3 => (0..3_usize, 0..3_usize).prop_map(|(chat, words)| Step::SaidByUs { chat, words }),
        4 => (any::<usize>(), -1..5_i64).prop_map(|(which, ack)| Step::Acked { which, ack }),
        2 => (any::<usize>(), 0..4_usize).prop_map(|(which, words)| Step::Edited { which, words }),
        2 => (any::<usize>(), any::<bool>(), 0..3_usize)
            .prop_map(|(which, by_us, emoji)| Step::Reacted { which, by_us, emoji }),
        1 => any::<usize>().prop_map(|which| Step::Revoked { which }),
        1 => (0..4_usize).prop_map(|word| Step::Status { word }),
    ]
}

/// A second lies between two steps.
fn events(steps: &[Step]) -> Vec<Value> {
    let begin = Utc::now() - TimeDelta::hours(1);
    let mut messages: Vec<(usize, bool, String)> = Vec::new();
    let mut events = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let moment = begin + TimeDelta::seconds(at as i64);
        if let Step::Said { chat, .. } | Step::SaidByUs { chat, .. } = step {
            messages.push((*chat, matches!(step, Step::SaidByUs { .. }), format!("3A{at:014X}")));
        }
        let Some((kind, mut payload)) = payload(step, &messages) else { continue };
        payload["timestamp"] = json!(moment.timestamp());
        events.push(json!({
            "id": format!("evt_{at}"), "timestamp": moment.timestamp_millis(), "event": kind, "session": "workshop",
            "engine": "GOWS", "payload": payload,
        }));
    }
    events
}

/// None where there is no message yet that it could be about.
fn payload(step: &Step, messages: &[(usize, bool, String)]) -> Option<(&'static str, Value)> {
    let about = |which: usize| (!messages.is_empty()).then(|| &messages[which % messages.len()]);
    Some(match step {
        Step::Said { words, .. } | Step::SaidByUs { words, .. } => {
            let message = with_body(message(messages.last()?), WORDS[*words]);
            ("message.any", message)
        }
        Step::Acked { which, ack } => {
            let message = about(*which)?;
            ("message.ack", json!({"id": id(message), "fromMe": message.1, "ack": ack}))
        }
        Step::Edited { which, words } => {
            let original = about(*which)?;
            let edit = message(&(original.0, original.1, format!("{}E", original.2)));
            let mut edit = with_body(edit, WORDS[*words]);
            edit["editedMessageId"] = json!(original.2);
            ("message.edited", edit)
        }
        Step::Reacted { which, by_us, emoji } => {
            let original = about(*which)?;
            let mut reaction = message(&(original.0, *by_us, format!("{}R", original.2)));
            let emoji = ["👍", "❤️", ""][*emoji];
            reaction["reaction"] = json!({"messageId": id(original), "text": emoji});
            ("message.reaction", reaction)
        }
        Step::Revoked { which } => {
            let original = about(*which)?;
            ("message.revoked", json!({"revokedMessageId": original.2, "before": null, "after": null}))
        }
        Step::Status { word } => {
            let word = ["STARTING", "SCAN_QR_CODE", "WORKING", "FAILED"][*word];
            ("session.status", json!({"name": "workshop", "status": word, "statuses": []}))
        }
    })
}

fn id((chat, by_us, key): &(usize, bool, String)) -> String {
    match PHONES.get(*chat) {
        Some(phone) => format!("{by_us}_{phone}@c.us_{key}"),
        None if *by_us => format!("{by_us}_{GROUP}_{key}"),
        None => format!("{by_us}_{GROUP}_{key}_{}@c.us", PHONES[0]),
    }
}

fn message(message: &(usize, bool, String)) -> Value {
    json!({"id": id(message), "fromMe": message.1, "source": "app", "hasMedia": false, "media": null, "_data": {}})
}

fn with_body(mut message: Value, body: &str) -> Value {
    message["body"] = json!(body);
    message
}
