//! The same message as NOWEB, GOWS and WEBJS tell it, and what none of them should break.

use super::*;
use serde_json::json;

fn message(raw: Value) -> WaMessage {
    WaMessage::parse(&raw).unwrap()
}

fn noweb() -> Value {
    json!({
        "id": "false_123456789012345@lid_3A3F", "timestamp": 1_795_227_388, "from": "123456789012345@lid", "fromMe": false,
        "source": "app", "body": "Hello", "hasMedia": false, "media": null, "ack": 2, "ackName": "DEVICE",
        "location": null, "vCards": null,
        "replyTo": {"id": "3EB0BB", "participant": "79220000001@c.us", "body": "Ready?"},
        "_data": {
            "key": {"remoteJid": "123456789012345@lid", "remoteJidAlt": "79221234567@s.whatsapp.net", "id": "3A3F"},
            "pushName": "Anna", "message": {"conversation": "Hello"}
        }
    })
}

fn gows() -> Value {
    json!({
        "id": "false_120363@g.us_3A3F_123456789012345@lid", "timestamp": 1_795_227_388, "from": "120363@g.us",
        "to": "123456789012345@lid", "participant": "123456789012345:7@lid", "fromMe": false, "source": "app",
        "body": "Hello", "hasMedia": false, "media": null, "ack": null, "ackName": "UNKNOWN", "replyTo": null,
        "_data": {
            "Info": {"Chat": "120363@g.us", "PushName": "Anna", "SenderAlt": "79221234567:7@s.whatsapp.net"},
            "Message": {"extendedTextMessage": {"text": "Hello"}}
        }
    })
}

fn webjs_mine() -> Value {
    json!({
        "id": "true_79221234567@c.us_3EB0", "timestamp": "1795227388", "from": "79220000001@c.us",
        "to": "79221234567@c.us", "fromMe": true, "source": "api", "body": "Yes", "hasMedia": false, "ack": 1,
        "_data": {"id": {"_serialized": "true_79221234567@c.us_3EB0"}, "type": "chat", "notifyName": "Our shop"}
    })
}

#[test]
fn noweb_hides_the_phone_behind_a_lid() {
    let message = message(noweb());

    assert_eq!(message.chat().as_str(), "123456789012345@lid");
    assert_eq!(message.alternate_phone().as_deref(), Some("79221234567"));
    assert_eq!((message.sender_name().as_deref(), message.participant()), (Some("Anna"), None));
    assert_eq!((message.kind(), message.ack()), (Kind::Text, Some(Ack::Device)));
    assert_eq!(message.occurred_at().map(|at| at.timestamp()), Some(1_795_227_388));
    let quoted = message.quoted().unwrap();
    assert_eq!((quoted.bare_id.as_str(), quoted.body.as_deref()), ("3EB0BB", Some("Ready?")));
}

#[test]
fn gows_tells_a_groups_author_beside_the_chat() {
    let message = message(gows());

    assert!(message.chat().is_group());
    assert_eq!(message.participant(), Some(ChatId::parse("123456789012345@lid").unwrap()));
    assert_eq!(message.alternate_phone().as_deref(), Some("79221234567"));
    assert_eq!((message.sender_name().as_deref(), message.ack(), message.quoted()), (Some("Anna"), None, None));
}

#[test]
fn our_own_message_belongs_to_the_receivers_chat() {
    let message = message(webjs_mine());

    assert!(message.from_me() && message.from_api());
    assert_eq!(message.chat().phone(), Some("79221234567"));
    assert_eq!(message.sender_name(), None);
    assert_eq!(message.occurred_at().map(|at| at.timestamp()), Some(1_795_227_388));
}

#[test]
fn a_bare_id_finds_its_chat_in_from_and_to() {
    let theirs = json!({"id": "3A3F", "from": "79221234567@s.whatsapp.net", "fromMe": false});
    let ours = json!({"id": "3EB0", "from": "79221234567@c.us", "to": null, "fromMe": true});
    let webjs = json!({"id": "3EB0", "from": "1@c.us", "to": "79221234567@c.us", "fromMe": true, "_data": {"id": {}}});

    assert_eq!(message(theirs).id().as_str(), "false_79221234567@c.us_3A3F");
    assert_eq!(message(ours).id().as_str(), "true_79221234567@c.us_3EB0");
    assert_eq!(message(webjs).id().as_str(), "true_79221234567@c.us_3EB0");
}

#[test]
fn media_may_be_announced_without_being_there() {
    let mut raw = noweb();
    raw["hasMedia"] = json!(true);
    assert!(message(raw.clone()).has_media() && message(raw.clone()).media().is_none());

    raw["media"] = json!({"url": null, "mimetype": "image/jpeg", "filename": null, "error": {"message": "gone"}});
    let media = message(raw).media().unwrap();
    assert_eq!((media.url, media.error.as_deref()), (None, Some("gone")));
}

#[test]
fn locations_and_cards_are_read() {
    let raw =
        json!({"id": "false_1@c.us_A", "location": {"latitude": "52.5", "longitude": 13.4, "description": "Zoo"}});
    let place = message(raw).location().unwrap();
    assert_eq!((place.latitude, place.longitude, place.name.as_deref()), (52.5, 13.4, Some("Zoo")));

    let raw = json!({"id": "false_1@c.us_A", "vCards": ["BEGIN:VCARD", null]});
    assert_eq!(message(raw).cards(), ["BEGIN:VCARD"]);
}

#[test]
fn nothing_but_a_name_is_needed() {
    let message = message(json!({"id": "false_1@c.us_A"}));
    assert!(message.body().is_none() && message.occurred_at().is_none() && !message.has_media());

    for raw in [json!(null), json!([]), json!("x"), json!({}), json!({"id": 7}), json!({"id": "nonsense"})] {
        assert!(WaMessage::parse(&raw).is_none(), "{raw}");
    }
}
