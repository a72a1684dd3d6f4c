//! Messages in both directions: each once, in the engine's shape, with its acknowledgements.

use serde_json::{Value, json};
use switchboard::demo::simulator::Engine;

use super::desk::Desk;

const LENA: &str = "12025550171@c.us";

pub async fn write(desk: &Desk, letter: Value) -> Value {
    let (status, message) = desk.control("sessions/shop/messages", letter).await;
    assert_eq!(status, 201, "{message}");
    message
}

#[actix_web::test]
async fn each_engine_answers_a_send_in_its_own_shape() {
    let noweb = Desk::paired(Engine::Noweb).await.send_text(LENA, "hi", Some("3EB0AA")).await;
    assert_eq!(noweb.get("id"), None);
    assert_eq!(noweb["key"], json!({"remoteJid": "12025550171@s.whatsapp.net", "fromMe": true, "id": "3EB0AA"}));
    assert!(noweb["messageTimestamp"].is_string());

    let gows = Desk::paired(Engine::Gows).await.send_text(LENA, "hi", Some("3EB0AA")).await;
    assert_eq!(gows["id"], "true_12025550171@c.us_3EB0AA");

    let webjs = Desk::paired(Engine::Webjs).await.send_text(LENA, "hi", Some("3EB0AA")).await;
    let id = webjs["id"]["_serialized"].as_str().unwrap();
    assert!(id.starts_with("true_12025550171@c.us_") && !id.ends_with("3EB0AA"), "WEBJS makes its own ids: {id}");
}

#[actix_web::test]
async fn the_same_id_is_delivered_once() {
    let desk = Desk::paired(Engine::Gows).await;
    let (_, made) = desk.get("/api/shop/new-message-id").await;
    let id = made["id"].as_str();

    let answers = [desk.send_text(LENA, "once", id).await, desk.send_text(LENA, "once", id).await];

    assert_eq!(answers[0], answers[1]);
    let sent = desk.deliveries().await;
    assert_eq!((sent.len(), &sent[0]["repeats"]), (1, &json!(1)));
    desk.until_ack("once", 2).await;
    assert_eq!(desk.ear.of("message.any").len(), 1);
}

#[actix_web::test]
async fn a_sent_message_is_acknowledged_until_it_is_read() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.send_text(LENA, "hello", None).await;
    desk.until_ack("hello", 2).await;

    desk.control("sessions/shop/reads", json!({"phone": "12025550171"})).await;

    let told = desk.ear.until("message.ack", 3).await;
    let mut acks: Vec<_> = told.iter().map(|event| event["payload"]["ackName"].as_str().unwrap()).collect();
    acks.sort_unstable();
    assert_eq!(acks, ["DEVICE", "READ", "SERVER"]);
    let sent = &desk.ear.until("message.any", 1).await[0]["payload"];
    assert_eq!((&sent["fromMe"], &sent["source"], &sent["from"]), (&json!(true), &json!("api"), &json!(LENA)));
}

#[actix_web::test]
async fn customers_that_read_at_once_need_no_hand() {
    let desk = Desk::paired(Engine::Noweb).await;
    desk.call("PUT", "/simulator/settings", json!({"auto_read": true})).await;

    desk.send_text(LENA, "hello", None).await;

    desk.until_ack("hello", 3).await;
}

#[actix_web::test]
async fn incoming_messages_have_the_traps_of_each_engine() {
    for engine in [Engine::Noweb, Engine::Gows, Engine::Webjs] {
        let desk = Desk::paired(engine).await;
        write(&desk, json!({"phone": "12025550171", "name": "Lena", "text": "hi"})).await;
        write(&desk, json!({"phone": "12025550184", "text": "all", "group": "Cycling club"})).await;

        let told = desk.ear.until("message.any", 2).await;
        let find = |text: &str| told.iter().map(|event| &event["payload"]).find(|m| m["body"] == text).unwrap().clone();
        let (direct, group) = (find("hi"), find("all"));
        assert_eq!(direct["from"], LENA);
        assert!(group["from"].as_str().unwrap().ends_with("@g.us"));
        assert_eq!(group["participant"], "12025550184@c.us");
        assert!(group["id"].as_str().unwrap().ends_with("_12025550184@c.us"));
        match engine {
            Engine::Noweb => {
                assert_eq!((direct.get("to"), &direct["_data"]["pushName"]), (None, &json!("Lena")));
            }
            Engine::Gows => {
                assert_eq!(
                    (direct.get("to"), &direct["_data"]["Info"]["PushName"]),
                    (Some(&Value::Null), &json!("Lena"))
                );
                assert_eq!(group["to"], group["participant"]);
            }
            Engine::Webjs => assert_eq!(direct["to"], "12025550100@c.us"),
        }
    }
}

#[actix_web::test]
async fn a_hidden_phone_is_found_behind_its_lid() {
    let desk = Desk::paired(Engine::Noweb).await;
    write(&desk, json!({"phone": "12025550171", "text": "hi", "hidden": true})).await;

    let hidden = desk.ear.until("message.any", 1).await[0]["payload"].clone();
    let lid = hidden["from"].as_str().unwrap();
    assert!(lid.ends_with("@lid"));
    assert_eq!(hidden["_data"]["key"]["remoteJidAlt"], "12025550171@s.whatsapp.net");
    assert_eq!(desk.get(&format!("/api/shop/lids/{}", lid.replace('@', "%40"))).await.1["pn"], LENA);
    assert_eq!(desk.get("/api/shop/lids/pn/12025550171").await.1["lid"], lid);

    desk.send_text(LENA, "answer", None).await;
    let acks = desk.ear.until("message.ack", 1).await;
    assert_eq!(acks[0]["payload"]["from"], lid, "acknowledged under the other form of the chat");
}

#[actix_web::test]
async fn edits_deletions_reactions_and_calls_are_told() {
    let desk = Desk::paired(Engine::Noweb).await;
    let id = write(&desk, json!({"phone": "12025550171", "text": "helo"})).await["id"].clone();
    let bare = id.as_str().unwrap().split('_').nth(2).unwrap();

    desk.control("sessions/shop/edits", json!({"messageId": id, "text": "hello"})).await;
    desk.call("PUT", "/api/reaction", json!({"session": "shop", "messageId": id, "reaction": "👍"})).await;
    desk.control("sessions/shop/calls", json!({"phone": "12025550171", "video": true, "outcome": "rejected"})).await;
    desk.control("sessions/shop/revocations", json!({"messageId": id})).await;

    let edited = desk.ear.until("message.edited", 1).await[0]["payload"].clone();
    assert_eq!((&edited["editedMessageId"], &edited["body"]), (&json!(bare), &json!("hello")));
    let reaction = desk.ear.until("message.reaction", 1).await[0]["payload"]["reaction"].clone();
    assert_eq!(reaction, json!({"text": "👍", "messageId": id}));
    assert_eq!(desk.ear.until("message.revoked", 1).await[0]["payload"]["revokedMessageId"], bare);
    assert!(desk.ear.until("call.received", 1).await[0]["payload"]["timestamp"].is_f64());
    desk.ear.until("call.rejected", 1).await;
    desk.ear.until("message.ack", 2).await;
}
