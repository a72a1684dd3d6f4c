//! One message with its times, its earlier wordings, and for administrators what the gateway said.

use crate::conversations::model::Direction;
use crate::inbox::screens::{AboutMessage, Fact, Wording};
use crate::inbox::text::pieces;
use crate::kit::access::{Access, EditOrganisation, Permission};
use crate::kit::words;
use crate::messages::about::About;
use chrono::{DateTime, Utc};

pub fn about<P: Permission>(access: &Access<P>, about: About, author: Option<String>) -> AboutMessage {
    let (zone, now, details) = (access.who().time_zone, Utc::now(), about.message.details());
    let when = |at: DateTime<Utc>| words::when(at, zone, now);
    let message = &about.message;
    let is_ours = message.direction == Direction::Outbound;
    let at = |label: &'static str, at: Option<DateTime<Utc>>| {
        at.map(|at| Fact { label, when: when(at), text: String::new() })
    };
    let said = |label: &'static str, text: Option<String>| text.map(|text| Fact { label, text, ..Fact::default() });
    let file = details.file.unwrap_or_default();
    let facts = [
        said("Written by", author.or_else(|| message.sender_name.as_deref().map(|name| access.words(name)))),
        at(if is_ours { "Written" } else { "Said" }, Some(message.occurred_at)),
        at("Sent", about.sent_at.filter(|_| is_ours)),
        at("Delivered", about.delivered_at.filter(|_| is_ours)),
        at("Read", about.read_at),
        at("Edited", message.edited_at),
        at("Deleted", message.revoked_at),
        said("File", file.name.map(|name| access.words(&name))),
        said("Type", file.kind),
        said("Size", file.size.map(words::size)),
        said("What failed", message.error_message.clone()),
    ];
    // What was taken back is not shown any more, in whatever wording.
    let is_there = message.revoked_at.is_none();
    let wording = |text: &str, at: DateTime<Utc>| Wording { text: pieces(&access.words(text)), when: when(at) };
    AboutMessage {
        back_href: format!("/inbox/{}#message_{}", message.conversation_id, message.id),
        is_note: message.is_private,
        facts: facts.into_iter().flatten().collect(),
        earlier: details
            .earlier
            .iter()
            .rev()
            .filter(|_| is_there)
            .map(|earlier| wording(&earlier.body, earlier.at))
            .collect(),
        payload: about
            .raw_payload
            .filter(|_| is_there && access.may::<EditOrganisation>())
            .and_then(|payload| serde_json::to_string_pretty(&payload).ok()),
    }
}
