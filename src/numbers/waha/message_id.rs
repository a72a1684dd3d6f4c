//! A message's name: `{true|false}_{chat}_{ID}[_{participant}]`.

use super::chat_id::ChatId;
use super::json;
use serde_json::Value;
use std::fmt;

/// Kept as WAHA spelt it, because WAHA wants it back that way. Events may spell one message's chat in two ways (`@lid`
/// here, `@c.us` there), so look messages up by [`MessageId::bare`] within their number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId {
    full: String,
    from_me: bool,
    chat: ChatId,
    bare: String,
    participant: Option<ChatId>,
}

/// Bytes; a longer name is none of WhatsApp's.
const LONGEST: usize = 255;
const LONGEST_BARE: usize = 128;

impl MessageId {
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (flag, rest) = text.split_once('_')?;
        let from_me = flag.parse().ok()?;
        let (chat, rest) = rest.split_once('_')?;
        let (bare, tail) = rest.split_once('_').map_or((rest, None), |(bare, tail)| (bare, Some(tail)));
        if bare.is_empty() || bare.len() > LONGEST_BARE || !bare.chars().all(|c| c.is_ascii_graphic()) {
            return None;
        }
        // whatsapp-web.js may end our own group messages in `_out`, which names nobody.
        let participant = tail.filter(|tail| tail.contains('@')).and_then(|tail| ChatId::parse(tail).ok());
        Some(Self {
            full: text.to_owned(),
            from_me,
            chat: ChatId::parse(chat).ok()?,
            bare: bare.to_owned(),
            participant,
        })
    }

    /// Puts a name together from its parts, in WAHA's spelling.
    pub fn build(from_me: bool, chat: &ChatId, bare: &str, participant: Option<&ChatId>) -> Option<Self> {
        let tail = participant.map(|who| format!("_{who}")).unwrap_or_default();
        Self::parse(&format!("{from_me}_{chat}_{bare}{tail}"))
    }

    /// Finds the name in a send's answer. Engines differ: `id` as text (GOWS), `id._serialized` (WEBJS), or Baileys' `key`
    /// (NOWEB), whose chat may be spelt differently from the one that was asked for.
    pub fn of_answer(answer: &Value, asked: &ChatId) -> Option<Self> {
        if let Some(id) = json::id(&answer["id"]) {
            return Self::parse(&id).or_else(|| Self::build(true, asked, &id, None));
        }
        let key = if answer["key"].is_object() { &answer["key"] } else { &answer["_data"]["key"] };
        let chat = json::text(&key["remoteJid"]).and_then(|jid| ChatId::parse(&jid).ok());
        let participant = json::text(&key["participant"]).and_then(|jid| ChatId::parse(&jid).ok());
        let from_me = json::flag(&key["fromMe"]).unwrap_or(true);
        Self::build(from_me, chat.as_ref().unwrap_or(asked), &json::text(&key["id"])?, participant.as_ref())
    }

    pub fn as_str(&self) -> &str {
        &self.full
    }

    /// The third part, the same in every spelling.
    pub fn bare(&self) -> &str {
        &self.bare
    }

    pub fn from_me(&self) -> bool {
        self.from_me
    }

    pub fn chat(&self) -> &ChatId {
        &self.chat
    }

    pub fn participant(&self) -> Option<&ChatId> {
        self.participant.as_ref()
    }
}

/// The bare part of a name that may be full or bare already.
pub fn bare(text: &str) -> String {
    MessageId::parse(text).map_or_else(|| text.to_owned(), |id| id.bare)
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn anna() -> ChatId {
        ChatId::parse("79221234567@c.us").unwrap()
    }

    #[test]
    fn names_fall_into_their_parts() {
        let id = MessageId::parse("false_120363@g.us_3A3F9C_79221234567:3@s.whatsapp.net").unwrap();

        assert!(!id.from_me() && id.chat().is_group());
        assert_eq!((id.bare(), id.participant()), ("3A3F9C", Some(&anna())));
        assert_eq!(id.to_string(), "false_120363@g.us_3A3F9C_79221234567:3@s.whatsapp.net");
    }

    #[test]
    fn own_group_messages_may_end_in_out() {
        let id = MessageId::parse("true_120363@g.us_3EB0_out").unwrap();

        assert_eq!((id.bare(), id.participant(), id.as_str()), ("3EB0", None, "true_120363@g.us_3EB0_out"));
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["", "3EB0", "true_3EB0", "maybe_1@c.us_A", "true_1@c.us_", "true_1@c.us_A B", "true_nobody@c.us_A"]
        {
            assert_eq!(MessageId::parse(text), None, "{text}");
        }
        assert_eq!((bare("3EB0"), bare("true_1@c.us_3EB0")), ("3EB0".into(), "3EB0".into()));
    }

    #[test]
    fn each_engines_answer_gives_the_same_name() {
        let noweb = json!({
            "key": {"remoteJid": "79221234567@s.whatsapp.net", "fromMe": true, "id": "3EB0AA"},
            "message": {"extendedTextMessage": {"text": "hi"}}, "messageTimestamp": "1795227388", "status": "PENDING"
        });
        let gows = json!({"id": "true_79221234567@c.us_3EB0AA", "_data": {"Info": {}}});
        let webjs = json!({"_data": {}, "ack": 0, "id": {
            "fromMe": true, "remote": "79221234567@c.us", "id": "3EB0AA", "_serialized": "true_79221234567@c.us_3EB0AA"
        }});

        for answer in [noweb, gows, webjs, json!({"id": "3EB0AA"})] {
            let id = MessageId::of_answer(&answer, &anna()).unwrap();
            assert_eq!(id.as_str(), "true_79221234567@c.us_3EB0AA", "{answer}");
        }
        assert_eq!(MessageId::of_answer(&json!({"ok": true}), &anna()), None);
    }

    #[test]
    fn a_noweb_group_answer_names_its_author() {
        let answer = json!({"key": {"remoteJid": "120363@g.us", "fromMe": true, "id": "3EB0", "participant": "5@lid"}});

        let id = MessageId::of_answer(&answer, &anna()).unwrap();
        assert_eq!(id.as_str(), "true_120363@g.us_3EB0_5@lid");
    }

    proptest::proptest! {
        #[test]
        fn whatever_parses_comes_back_whole(text in r"(true|false)_[0-9]{1,6}(:1)?(@c\.us|@g\.us|@lid|@s\.whatsapp\.net|@|)_\PC{0,9}(_\PC{0,9})?") {
            if let Some(id) = MessageId::parse(&text) {
                assert!(id.as_str() == text && text.contains(id.bare()));
                assert_eq!(ChatId::parse(id.chat().as_str()).as_ref(), Ok(id.chat()));
            }
        }
    }
}
