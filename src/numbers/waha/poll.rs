//! Polls: what is asked, and what one can answer.

use super::json;
use super::message::WaMessage;
use serde_json::Value;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Poll {
    pub question: String,
    pub options: Vec<String>,
}

impl WaMessage {
    pub fn poll(&self) -> Option<Poll> {
        let data = &self.raw()["_data"];
        webjs(data).or_else(|| protobuf(&data["message"])).or_else(|| protobuf(&data["Message"]))
    }
}

fn webjs(data: &Value) -> Option<Poll> {
    let question = json::text(&data["pollName"])?;
    Some(Poll { question, options: names(&data["pollOptions"], "name") })
}

/// NOWEB and GOWS hand WhatsApp's own message on; its polls have had several names.
fn protobuf(message: &Value) -> Option<Poll> {
    let fields = message.as_object()?;
    let (_, poll) = fields.iter().find(|(name, part)| name.starts_with("pollCreationMessage") && part.is_object())?;
    Some(Poll { question: json::text(&poll["name"])?, options: names(&poll["options"], "optionName") })
}

fn names(options: &Value, field: &str) -> Vec<String> {
    json::list(options).iter().filter_map(|option| json::text(&option[field])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_engine_tells_a_poll() {
        let asked = Poll { question: "Which day?".into(), options: vec!["Monday".into(), "Friday".into()] };
        let options = json!([{"optionName": "Monday"}, {"optionName": "Friday"}]);
        for data in [
            json!({"type": "poll_creation", "pollName": "Which day?", "pollOptions": [{"name": "Monday"}, {"name": "Friday"}]}),
            json!({"message": {"pollCreationMessageV3": {"name": "Which day?", "options": options}}}),
            json!({"Message": {"messageContextInfo": {}, "pollCreationMessage": {"name": "Which day?", "options": options}}}),
        ] {
            let raw = json!({"id": "false_351912345678@c.us_3AAA", "from": "351912345678@c.us", "_data": data});
            assert_eq!(WaMessage::parse(&raw).unwrap().poll(), Some(asked.clone()), "{data}");
        }
    }
}
