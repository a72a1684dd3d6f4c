//! Envelopes as gateways send them, and envelopes that nobody should send.

use super::*;
use serde_json::json;

fn event(name: &str, payload: Value) -> Event {
    Envelope::parse(&json!({"event": name, "payload": payload})).unwrap().event()
}

#[test]
fn an_envelope_is_read_whole() {
    let envelope = Envelope::parse(&json!({
        "id": "evt_01kfz", "timestamp": 1_795_227_388_123_i64, "event": "message.any", "session": "shop",
        "metadata": {"tenant": "t-1", "number": 7}, "me": {"id": "79220000001@c.us", "pushName": "Shop"},
        "payload": {"id": "false_1@c.us_A"}, "engine": "NOWEB",
        "environment": {"version": "2026.7.1", "engine": "NOWEB", "browser": null}
    }))
    .unwrap();

    assert_eq!((envelope.id.as_deref(), envelope.session.as_deref()), (Some("evt_01kfz"), Some("shop")));
    assert_eq!(envelope.at.map(|at| at.timestamp_subsec_millis()), Some(123));
    assert_eq!(envelope.metadata["number"], "7");
    assert_eq!((envelope.engine.as_ref(), envelope.version.as_deref()), (Some(&Engine::Noweb), Some("2026.7.1")));
    assert!(envelope.me.is_some_and(|me| me.phone().as_deref() == Some("79220000001")));
}

#[test]
fn acks_keep_both_spellings_of_the_id() {
    let payload = json!({"id": "true_55@lid_3EB0", "from": "55@lid", "fromMe": true, "ack": "3", "ackName": "READ"});

    let Event::Ack(ack) = event("message.ack", payload) else { panic!("an ack") };
    assert_eq!((ack.id.bare(), ack.ack, ack.participant), ("3EB0", Ack::Read, None));
}

#[test]
fn a_groups_acks_name_their_reader() {
    let payload = json!({"id": "true_120@g.us_3EB0_1@c.us", "participant": "55:3@lid", "ack": 9});

    let Event::AckGroup(ack) = event("message.ack.group", payload) else { panic!("an ack") };
    assert_eq!((ack.ack, ack.participant.unwrap().as_str()), (Ack::Other(9), "55@lid"));
}

#[test]
fn reactions_come_and_go() {
    let reaction = |text| json!({"id": "false_1@c.us_R", "reaction": {"text": text, "messageId": "true_1@c.us_3EB0"}});

    let Event::Reaction(given) = event("message.reaction", reaction("👍")) else { panic!("a reaction") };
    let Event::Reaction(taken) = event("message.reaction", reaction("")) else { panic!("a reaction") };
    assert_eq!((given.to.as_str(), given.emoji.as_deref(), taken.emoji), ("3EB0", Some("👍"), None));
}

#[test]
fn edits_and_revocations_point_at_the_original() {
    let edit = json!({"id": "false_1@c.us_E", "editedMessageId": "3A3F", "body": "Hello!"});
    let Event::Edited(edited) = event("message.edited", edit) else { panic!("an edit") };
    assert_eq!((edited.original.as_str(), edited.message.body().as_deref()), ("3A3F", Some("Hello!")));

    let gone = json!({"after": {"id": "false_1@c.us_R"}, "before": null, "revokedMessageId": "3A3F"});
    let Event::Revoked(revoked) = event("message.revoked", gone) else { panic!("a revocation") };
    assert!(revoked.original == "3A3F" && revoked.before.is_none() && revoked.after.is_some());
}

#[test]
fn a_status_brings_its_history_and_the_timelock() {
    let payload = json!({
        "name": "shop", "status": "WORKING", "statuses": [{"status": "STARTING", "timestamp": 1_795_227_388_123_i64}, 7],
        "data": {"reachoutTimelock": {"isActive": true, "enforcementType": "X", "timeEnforcementEnds": 1_795_227_388}}
    });

    let Event::SessionStatus(change) = event("session.status", payload) else { panic!("a status") };
    assert_eq!((change.status, change.history.len()), (SessionStatus::Working, 1));
    let timelock = change.timelock.unwrap();
    assert!(timelock.is_active && timelock.ends_at.is_some());
}

#[test]
fn calls_have_fractional_times() {
    let payload =
        json!({"id": "C1", "from": "55@lid", "timestamp": 1_795_227_388.5, "isVideo": true, "isGroup": false});

    let Event::Call(call) = event("call.received", payload) else { panic!("a call") };
    assert_eq!((call.step, call.at.map(|at| at.timestamp_subsec_millis())), (CallStep::Received, Some(500)));
}

#[test]
fn what_is_unknown_or_broken_is_kept_as_other() {
    for (name, payload) in [
        ("presence.update", json!({"id": "1@c.us"})),
        ("message.any", json!(null)),
        ("message.any", json!({"id": {}})),
        ("message.ack", json!({"id": "true_1@c.us_A", "ack": null, "ackName": "UNKNOWN"})),
        ("session.status", json!([])),
        ("call.received", json!("ring")),
    ] {
        assert!(matches!(event(name, payload.clone()), Event::Other), "{name} {payload}");
    }
    for body in [json!(null), json!([]), json!({}), json!({"event": null})] {
        assert!(Envelope::parse(&body).is_none(), "{body}");
    }
}
