//! What a message is. No engine says it outright, so this looks in the places where each of them betrays it.

use super::json;
use serde_json::Value;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Text,
    Image,
    Video,
    /// Recorded in the chat.
    Voice,
    /// A sound file.
    Audio,
    Document,
    Sticker,
    Location,
    Contact,
    Poll,
    /// Something that we cannot show; the word is the engine's.
    Unknown(String),
}

/// Envelopes that Baileys and whatsmeow put around the real message.
const WRAPPERS: [&str; 8] = [
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "editedMessage",
    "deviceSentMessage",
    "groupMentionedMessage",
];

/// Parts that accompany a message and say nothing about its kind.
const COMPANIONS: [&str; 2] = ["messageContextInfo", "senderKeyDistributionMessage"];

pub(super) fn kind(raw: &Value) -> Kind {
    let data = &raw["_data"];
    by_content(raw)
        .or_else(|| json::text(&data["type"]).map(|word| by_webjs(&word)))
        .or_else(|| by_protobuf(&data["message"]))
        .or_else(|| by_protobuf(&data["Message"]))
        .or_else(|| by_protobuf(&raw["message"]))
        .or_else(|| json::text(&raw["media"]["mimetype"]).map(|mimetype| by_mimetype(&mimetype)))
        .unwrap_or_else(|| by_absence(raw))
}

fn by_content(raw: &Value) -> Option<Kind> {
    if raw["location"]["latitude"].is_string() || raw["location"]["latitude"].is_number() {
        return Some(Kind::Location);
    }
    (!json::list(&raw["vCards"]).is_empty()).then_some(Kind::Contact)
}

/// WEBJS and WPP name the kind in `_data.type`.
fn by_webjs(word: &str) -> Kind {
    match word {
        "chat" => Kind::Text,
        "image" => Kind::Image,
        "video" | "gif" | "ptv" => Kind::Video,
        "ptt" => Kind::Voice,
        "audio" => Kind::Audio,
        "document" => Kind::Document,
        "sticker" => Kind::Sticker,
        "location" => Kind::Location,
        "vcard" | "multi_vcard" => Kind::Contact,
        "poll_creation" => Kind::Poll,
        other => Kind::Unknown(other.to_owned()),
    }
}

/// NOWEB and GOWS hand WhatsApp's own message on: an object with one field, named after the kind.
fn by_protobuf(message: &Value) -> Option<Kind> {
    let fields = message.as_object()?;
    if let Some(inner) = WRAPPERS.iter().find_map(|wrapper| fields.get(*wrapper)) {
        return by_protobuf(&inner["message"]);
    }
    let (name, part) = fields.iter().find(|(name, part)| !part.is_null() && !COMPANIONS.contains(&name.as_str()))?;
    Some(match name.as_str() {
        "conversation" | "extendedTextMessage" => Kind::Text,
        "imageMessage" => Kind::Image,
        "videoMessage" | "ptvMessage" => Kind::Video,
        "audioMessage" if part["ptt"] == true || part["PTT"] == true => Kind::Voice,
        "audioMessage" => Kind::Audio,
        "documentMessage" => Kind::Document,
        "stickerMessage" | "lottieStickerMessage" => Kind::Sticker,
        "locationMessage" | "liveLocationMessage" => Kind::Location,
        "contactMessage" | "contactsArrayMessage" => Kind::Contact,
        poll if poll.starts_with("pollCreationMessage") => Kind::Poll,
        other => Kind::Unknown(other.to_owned()),
    })
}

fn by_mimetype(mimetype: &str) -> Kind {
    match mimetype.split('/').next() {
        Some("image") if mimetype.contains("webp") => Kind::Sticker,
        Some("image") => Kind::Image,
        Some("video") => Kind::Video,
        // WhatsApp records in Opus; sound files that people attach hardly ever are.
        Some("audio") if mimetype.contains("opus") => Kind::Voice,
        Some("audio") => Kind::Audio,
        _ => Kind::Document,
    }
}

fn by_absence(raw: &Value) -> Kind {
    let has_media = json::flag(&raw["hasMedia"]).unwrap_or(false);
    match json::text(&raw["body"]) {
        Some(_) if !has_media => Kind::Text,
        _ if has_media => Kind::Unknown("media".into()),
        _ => Kind::Unknown("empty".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn noweb_and_gows_name_it_in_whatsapps_own_message() {
        let inside = |message: Value| [json!({"_data": {"message": message}}), json!({"_data": {"Message": message}})];
        for (message, expected) in [
            (json!({"conversation": "hi"}), Kind::Text),
            (json!({"messageContextInfo": {}, "extendedTextMessage": {"text": "hi"}}), Kind::Text),
            (json!({"audioMessage": {"ptt": true}}), Kind::Voice),
            (json!({"audioMessage": {"PTT": true}}), Kind::Voice),
            (json!({"audioMessage": {}}), Kind::Audio),
            (json!({"documentWithCaptionMessage": {"message": {"documentMessage": {}}}}), Kind::Document),
            (
                json!({"ephemeralMessage": {"message": {"viewOnceMessage": {"message": {"imageMessage": {}}}}}}),
                Kind::Image,
            ),
            (json!({"pollCreationMessageV3": {}}), Kind::Poll),
            (json!({"newsletterAdminInvite": {}}), Kind::Unknown("newsletterAdminInvite".into())),
        ] {
            for raw in inside(message.clone()) {
                assert_eq!(kind(&raw), expected, "{raw}");
            }
        }
    }

    #[test]
    fn webjs_names_it_by_type() {
        for (word, expected) in [("chat", Kind::Text), ("ptt", Kind::Voice), ("multi_vcard", Kind::Contact)] {
            assert_eq!(kind(&json!({"body": "x", "_data": {"type": word}})), expected);
        }
        assert_eq!(kind(&json!({"_data": {"type": "call_log"}})), Kind::Unknown("call_log".into()));
    }

    #[test]
    fn without_data_the_rest_has_to_tell() {
        for (raw, expected) in [
            (json!({"body": "hi", "hasMedia": false}), Kind::Text),
            (json!({"media": {"mimetype": "audio/ogg; codecs=opus"}}), Kind::Voice),
            (json!({"media": {"mimetype": "image/webp"}}), Kind::Sticker),
            (json!({"media": {"mimetype": "application/pdf"}}), Kind::Document),
            (json!({"location": {"latitude": "1.5", "longitude": "2"}}), Kind::Location),
            (json!({"vCards": ["BEGIN:VCARD"]}), Kind::Contact),
            (json!({"hasMedia": true, "media": null}), Kind::Unknown("media".into())),
            (json!({}), Kind::Unknown("empty".into())),
        ] {
            assert_eq!(kind(&raw), expected, "{raw}");
        }
    }
}
