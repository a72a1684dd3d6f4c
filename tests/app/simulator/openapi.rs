//! Requests and answers are held against WAHA's own OpenAPI document, where it is at hand.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use serde_json::{Value, json};
use switchboard::demo::simulator::Engine;

use super::desk::Desk;

/// Where the document is wrong in practice: it promises a WAMessage for a sent text. NOWEB answers the raw Baileys
/// message, WEBJS an id that is an object, GOWS only id and raw data. CONTRACT.md 2.
const NOT_AS_DOCUMENTED: &[(&str, &str)] = &[("POST", "/api/sendText")];

/// Texts that the document calls objects: the name of a webhook's event, the type and the name of voices and videos.
const TEXTS_CALLED_OBJECTS: &[&str] = &["event", "mimetype", "filename"];

struct Document(Value);

impl Document {
    fn load() -> Option<Self> {
        let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/waha/openapi.json");
        let path = std::env::var_os("SWITCHBOARD_WAHA_OPENAPI").map_or(beside, PathBuf::from);
        let Ok(text) = std::fs::read(&path) else {
            println!("left out: WAHA's OpenAPI document is not at {}", path.display());
            return None;
        };
        let mut document: Value = serde_json::from_slice(&text).unwrap();
        for schema in document["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            repair(schema);
        }
        Some(Self(document))
    }

    /// What is wrong with an instance; its references are resolved in the whole document's components.
    fn faults(&self, schema: &Value, instance: &Value) -> Vec<String> {
        let mut schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        schema["components"] = self.0["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        validator.iter_errors(instance).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        let operation = &self.0["paths"][path][method.to_lowercase()];
        assert!(operation.is_object(), "{method} {path} is not in the document");
        operation
    }

    fn check_request(&self, method: &str, path: &str, body: &Value) {
        let schema = &self.operation(method, path)["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_object() {
            let faults = self.faults(schema, body);
            assert!(faults.is_empty(), "{method} {path} was asked {body}: {faults:#?}");
        }
    }

    fn check_answer(&self, method: &str, path: &str, status: u16, answer: &Value) {
        let answers = &self.operation(method, path)["responses"];
        let described = &answers[status.to_string()];
        assert!(described.is_object(), "{method} {path} answered {status}, which is not described: {answer}");
        let schema = &described["content"]["application/json"]["schema"];
        if schema.is_object() && !NOT_AS_DOCUMENTED.contains(&(method, path)) {
            let faults = self.faults(schema, answer);
            assert!(faults.is_empty(), "{method} {path} answered {answer}: {faults:#?}");
        }
    }

    fn check_event(&self, event: &Value) {
        let name = event["event"].as_str().unwrap();
        let schema = &self.0["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{name} is not in the document");
        let faults = self.faults(schema, event);
        assert!(faults.is_empty(), "{name} was {event}: {faults:#?}");
    }
}

fn repair(schema: &mut Value) {
    for name in TEXTS_CALLED_OBJECTS {
        if let Some(field) =
            schema.pointer_mut(&format!("/properties/{name}")).filter(|field| field["type"] == "object")
        {
            field["type"] = json!("string");
        }
    }
}

/// Calls with the document's path, its parameters filled in, and checks both directions.
struct Checked<'a> {
    desk: &'a Desk,
    document: &'a Document,
}

impl Checked<'_> {
    async fn call(&self, method: &str, path: &str, filled: &str, body: Value) -> Value {
        if !body.is_null() {
            self.document.check_request(method, path, &body);
        }
        let (status, answer) = self.desk.call(method, filled, body).await;
        assert!(status < 300, "{method} {filled} answered {status}: {answer}");
        self.document.check_answer(method, path, status, &answer);
        answer
    }

    async fn get(&self, path: &str, filled: &str) -> Value {
        self.call("GET", path, filled, Value::Null).await
    }
}

#[actix_web::test]
async fn requests_and_answers_are_those_of_the_document() {
    let Some(document) = Document::load() else { return };
    for engine in [Engine::Noweb, Engine::Gows, Engine::Webjs] {
        let desk = Desk::paired(engine).await;
        let checked = Checked { desk: &desk, document: &document };
        let customer = json!({"phone": "12025550171", "text": "hello"});
        let id = desk.control("sessions/shop/messages", customer).await.1["id"].clone();

        about_sessions(&checked).await;
        about_messages(&checked, &id).await;
        about_history(&checked, id.as_str().unwrap()).await;

        desk.control("sessions/shop/edits", json!({"messageId": id, "text": "hello!"})).await;
        desk.control("sessions/shop/calls", json!({"phone": "12025550171", "outcome": "accepted"})).await;
        desk.control("sessions/shop/revocations", json!({"messageId": id})).await;
        desk.ear.until("message.revoked", 1).await;
        desk.ear.until("message.ack", 2).await;
        desk.ear.until("call.accepted", 1).await;
        desk.ear.all().iter().for_each(|heard| document.check_event(&heard.body));
    }
}

async fn about_sessions(checked: &Checked<'_>) {
    let config = json!({"webhooks": [checked.desk.ear.webhook(&["message.any"])], "metadata": {"a": "b"}});
    let new = json!({"name": "second", "start": true, "config": config});
    checked.call("POST", "/api/sessions", "/api/sessions", new).await;
    checked.get("/api/sessions", "/api/sessions?all=true").await;
    checked.get("/api/sessions/{session}", "/api/sessions/shop").await;
    checked.get("/api/sessions/{session}/me", "/api/sessions/shop/me").await;
    checked.call("PUT", "/api/sessions/{session}", "/api/sessions/second", json!({"config": {}})).await;
    checked.desk.until_status("second", "SCAN_QR_CODE").await;
    let phone = json!({"phoneNumber": "12025550133"});
    checked.call("POST", "/api/{session}/auth/request-code", "/api/second/auth/request-code", phone).await;
    checked.get("/api/{session}/auth/qr", "/api/second/auth/qr?format=raw").await;
    for button in ["restart", "logout", "stop", "start"] {
        let path = format!("/api/sessions/{{session}}/{button}");
        checked.call("POST", &path, &path.replace("{session}", "second"), Value::Null).await;
    }
    checked.call("DELETE", "/api/sessions/{session}", "/api/sessions/second", Value::Null).await;
    for path in ["/ping", "/health", "/api/server/version", "/api/server/status"] {
        checked.get(path, path).await;
    }
}

async fn about_messages(checked: &Checked<'_>, customers: &Value) {
    let chat = "12025550171@c.us";
    let file = |mimetype: &str| {
        json!({"session": "shop", "chatId": chat, "caption": "see", "convert": false,
               "file": {"mimetype": mimetype, "filename": "file", "data": "aGVsbG8="}})
    };
    let with_chat = json!({"session": "shop", "chatId": chat});
    let calls = [
        ("POST", "/api/sendSeen", with_chat.clone()),
        ("POST", "/api/startTyping", with_chat.clone()),
        ("POST", "/api/stopTyping", with_chat),
        ("POST", "/api/sendText", json!({"session": "shop", "chatId": chat, "text": "hi", "reply_to": customers})),
        ("POST", "/api/sendImage", file("image/png")),
        ("POST", "/api/sendFile", file("application/pdf")),
        ("POST", "/api/sendVideo", file("video/mp4")),
        ("POST", "/api/sendVoice", file("audio/ogg; codecs=opus")),
        ("PUT", "/api/reaction", json!({"session": "shop", "messageId": customers, "reaction": "👍"})),
    ];
    for (method, path, body) in calls {
        checked.call(method, path, path, body).await;
    }
}

async fn about_history(checked: &Checked<'_>, id: &str) {
    let id = id.replace('@', "%40");
    let message = "/api/{session}/chats/{chatId}/messages/{messageId}";
    let chat = "/api/shop/chats/12025550171%40c.us/messages";
    checked.get("/api/{session}/chats/{chatId}/messages", &format!("{chat}?limit=100")).await;
    checked.get(message, &format!("{chat}/{id}")).await;
    checked.get("/api/{session}/chats", "/api/shop/chats").await;
    checked.get("/api/{session}/chats/overview", "/api/shop/chats/overview").await;
    checked.get("/api/{session}/lids", "/api/shop/lids").await;
    checked.get("/api/{session}/lids/pn/{phoneNumber}", "/api/shop/lids/pn/12025550171").await;
    checked.get("/api/{session}/profile", "/api/shop/profile").await;
    checked.get("/api/contacts/check-exists", "/api/contacts/check-exists?session=shop&phone=12025550171").await;
    let own = checked.desk.deliveries().await[0]["id"].as_str().unwrap().replace('@', "%40");
    checked.call("PUT", message, &format!("{chat}/{own}"), json!({"text": "hi!"})).await;
    checked.call("DELETE", message, &format!("{chat}/{own}"), Value::Null).await;
    let read = "/api/{session}/chats/{chatId}/messages/read";
    checked.call("POST", read, &format!("{chat}/read"), Value::Null).await;
}
