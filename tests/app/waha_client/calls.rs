//! Every other call: what it asks, and what it makes of the answers.

use super::stub::Stub;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use switchboard::kit::secret::Secret;
use switchboard::numbers::waha::{
    ChatId, Engine, Error, MessageId, MessagePage, Noweb, Retries, SessionConfig, SessionStatus,
};

fn anna() -> ChatId {
    ChatId::parse("79221234567@c.us").unwrap()
}

fn config() -> SessionConfig {
    SessionConfig {
        webhook_url: "http://desk:8080/webhooks/waha/1".into(),
        hmac_key: Secret::new("signing-key".into()),
        events: vec!["message.any".into(), "session.status".into()],
        retries: Retries::default(),
        metadata: BTreeMap::from([("tenant".into(), "t-1".into())]),
        noweb: Noweb::default(),
        other: BTreeMap::new(),
    }
}

fn session(status: &str) -> Value {
    json!({"name": "shop", "status": status, "config": {}, "me": null, "timestamps": {}, "engine": {"engine": "GOWS"}})
}

#[actix_web::test]
async fn a_session_is_created_with_everything_said() {
    let stub = Stub::new(|_| (201, session("STARTING"))).await;

    let info = stub.waha().create_session("shop", true, &config()).await.unwrap();

    assert_eq!((info.status, info.engine), (SessionStatus::Starting, Some(Engine::Gows)));
    let seen = stub.only();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/api/sessions"));
    assert!(seen.agent.unwrap().starts_with("Switchboard/"));
    assert_eq!((&seen.body["name"], &seen.body["start"]), (&json!("shop"), &json!(true)));
    let hook = &seen.body["config"]["webhooks"][0];
    assert_eq!((&hook["hmac"]["key"], &hook["retries"]["policy"]), (&json!("signing-key"), &json!("exponential")));
}

#[actix_web::test]
async fn all_sessions_are_listed_also_the_stopped_and_the_strange() {
    let stub = Stub::new(|_| (200, json!([session("STOPPED"), session("HIBERNATING"), {"odd": 1}]))).await;

    let sessions = stub.waha().sessions().await.unwrap();

    assert_eq!(stub.only().target, "/api/sessions?all=true");
    let statuses: Vec<String> = sessions.iter().map(|info| info.status.to_string()).collect();
    assert_eq!(statuses, ["STOPPED", "HIBERNATING"]);
}

#[actix_web::test]
async fn a_session_is_steered_by_posts() {
    let stub = Stub::new(|seen| match seen.target.ends_with("/start") {
        true => (422, json!({"error": "Session 'shop' is already started."})),
        false => (201, session("STOPPED")),
    })
    .await;
    let waha = stub.waha();

    waha.start_session("shop").await.unwrap();
    waha.stop_session("shop").await.unwrap();
    waha.restart_session("shop").await.unwrap();
    waha.logout_session("shop").await.unwrap();

    let seen = stub.seen.lock().unwrap();
    assert!(seen.iter().all(|seen| seen.method == "POST" && seen.target.starts_with("/api/sessions/shop/")));
}

#[actix_web::test]
async fn a_start_that_is_refused_for_another_reason_fails() {
    let stub = Stub::new(|_| (422, json!({"error": "Session status is not as expected"}))).await;

    assert_eq!(stub.waha().start_session("shop").await.unwrap_err().refused_with(), Some(422));
}

#[actix_web::test]
async fn empty_answers_are_fine_where_they_are_usual() {
    let stub = Stub::raw(|_| actix_web::HttpResponse::Ok().finish()).await;

    assert!(stub.waha().delete_session("shop").await.is_ok());
    assert_eq!(stub.waha().me("shop").await.unwrap(), None);
    assert!(matches!(stub.waha().session("shop").await, Err(Error::Unknown(_))));
}

#[actix_web::test]
async fn me_is_nobody_while_the_session_is_down() {
    let stub = Stub::new(|_| (404, json!({"message": "We didn't find a session", "statusCode": 404}))).await;

    assert_eq!(stub.waha().me("shop").await.unwrap(), None);
    assert_eq!(stub.waha().session("shop").await.unwrap_err().refused_with(), Some(404));
}

#[actix_web::test]
async fn pairing_is_by_qr_or_by_code() {
    let stub = Stub::new(|seen| match seen.method.as_str() {
        "GET" => (200, json!({"value": "2@abc,def"})),
        _ => (201, json!({"code": "ABCD-1234"})),
    })
    .await;

    let qr = stub.waha().qr_raw("shop").await.unwrap();
    let code = stub.waha().request_code("shop", "+7 922 123-45-67").await.unwrap();

    assert_eq!((qr.expose().as_str(), code.expose().as_str()), ("2@abc,def", "ABCD-1234"));
    let seen = stub.seen.lock().unwrap();
    assert_eq!(seen[0].target, "/api/shop/auth/qr?format=raw");
    assert_eq!(
        (seen[1].target.as_str(), &seen[1].body["phoneNumber"]),
        ("/api/shop/auth/request-code", &json!("79221234567"))
    );
}

#[actix_web::test]
async fn a_qr_out_of_time_tells_the_sessions_state() {
    let stub = Stub::new(|_| (422, json!({"error": "not as expected", "status": "WORKING"}))).await;

    let error = stub.waha().qr_raw("shop").await.unwrap_err();

    assert!(matches!(error, Error::Refused { session: Some(SessionStatus::Working), .. }));
}

#[actix_web::test]
async fn a_message_id_can_be_had_beforehand_where_the_engine_makes_them() {
    let answered = async |status, body: Value| {
        Stub::new(move |_| (status, body.clone())).await.waha().new_message_id("shop").await
    };

    assert_eq!(answered(200, json!({"id": "3EB0"})).await.unwrap().as_deref(), Some("3EB0"));
    assert_eq!(answered(501, json!({"message": "not in WEBJS"})).await.unwrap(), None);
    assert_eq!(answered(404, json!({"message": "Cannot GET"})).await.unwrap(), None);
    assert!(answered(422, json!({"error": "not ready"})).await.is_err());
}

#[actix_web::test]
async fn what_is_done_to_messages_names_them_in_full() {
    let stub = Stub::new(|_| (200, json!({}))).await;
    let (waha, id) = (stub.waha(), MessageId::parse("true_79221234567@c.us_3EB0").unwrap());

    waha.react("shop", &id, "👍").await.unwrap();
    waha.edit_text("shop", &id, "Hello!").await.unwrap();
    waha.delete_message("shop", &id).await.unwrap();
    waha.send_seen("shop", &anna()).await.unwrap();
    waha.start_typing("shop", &anna()).await.unwrap();
    waha.stop_typing("shop", &anna()).await.unwrap();
    waha.reject_call("shop", &anna(), "C1").await.unwrap();

    let seen = stub.seen.lock().unwrap();
    let asked: Vec<String> = seen.iter().map(|seen| format!("{} {}", seen.method, seen.target)).collect();
    let path = "/api/shop/chats/79221234567%40c.us/messages/true_79221234567%40c.us_3EB0";
    assert_eq!(asked[0], "PUT /api/reaction");
    assert_eq!(asked[1..3], [format!("PUT {path}"), format!("DELETE {path}")]);
    assert_eq!(
        asked[3..],
        ["POST /api/sendSeen", "POST /api/startTyping", "POST /api/stopTyping", "POST /api/shop/calls/reject"]
    );
    assert_eq!(seen[0].body["messageId"], id.as_str());
}

#[actix_web::test]
async fn people_are_looked_up_by_phone_and_by_hidden_id() {
    let stub = Stub::new(|seen| match seen.target.as_str() {
        target if target.contains("check-exists?phone=5511") => {
            (200, json!({"numberExists": true, "chatId": "5510@c.us"}))
        }
        target if target.contains("check-exists") => (200, json!({"numberExists": false, "chatId": null})),
        "/api/shop/lids/55%40lid" => (200, json!({"lid": "55@lid", "pn": "79221234567@c.us"})),
        "/api/shop/lids/66%40lid" => (200, json!({"lid": "66@lid", "pn": null})),
        "/api/shop/lids/pn/79221234567" => (200, json!({"lid": "55@lid", "pn": "79221234567@c.us"})),
        _ => (404, json!({"message": "Not Found"})),
    })
    .await;
    let (waha, lid) = (stub.waha(), |text| ChatId::parse(text).unwrap());

    assert_eq!(waha.check_exists("shop", "+5511").await.unwrap(), Some(lid("5510@c.us")));
    assert_eq!(waha.check_exists("shop", "1").await.unwrap(), None);
    assert_eq!(waha.lid_to_phone("shop", &lid("55@lid")).await.unwrap().as_deref(), Some("79221234567"));
    assert_eq!(waha.lid_to_phone("shop", &lid("66@lid")).await.unwrap(), None);
    assert_eq!(waha.lid_to_phone("shop", &lid("77@lid")).await.unwrap(), None);
    assert_eq!(waha.phone_to_lid("shop", "+7 922 1234567").await.unwrap(), Some(lid("55@lid")));
}

#[actix_web::test]
async fn history_is_read_page_by_page() {
    let stub = Stub::new(|seen| match seen.target.contains("overview") {
        true => {
            (200, json!([{"id": "79221234567@s.whatsapp.net", "name": "Anna", "picture": null, "lastMessage": null}]))
        }
        false => (200, json!([{"id": "false_79221234567@c.us_3A"}, {"broken": true}])),
    })
    .await;
    let page = MessagePage { limit: 50, since: Some(1_795_227_388), from_me: Some(false), ..MessagePage::default() };

    let chats = stub.waha().chats_overview("shop", 20, 40).await.unwrap();
    let messages = stub.waha().chat_messages("shop", Some(&anna()), &page).await.unwrap();
    stub.waha().chat_messages("shop", None, &page).await.unwrap();

    assert_eq!((&chats[0].id, messages.len()), (&anna(), 1));
    let seen = stub.seen.lock().unwrap();
    assert_eq!(seen[0].target, "/api/shop/chats/overview?limit=20&offset=40");
    assert_eq!(
        seen[1].target,
        "/api/shop/chats/79221234567%40c.us/messages?limit=50&offset=0&sortBy=timestamp&sortOrder=desc\
         &downloadMedia=false&filter.timestamp.gte=1795227388&filter.fromMe=false"
    );
    assert!(seen[2].target.starts_with("/api/shop/chats/all/messages?"));
}

#[actix_web::test]
async fn one_message_is_found_or_is_not_there() {
    let stub = Stub::new(|seen| match seen.target.contains("3EB0") {
        true => (200, json!({"id": "true_79221234567@c.us_3EB0", "ack": 1})),
        false => (404, json!({"message": "Not Found", "statusCode": 404})),
    })
    .await;

    assert!(stub.waha().message("shop", &anna(), "3EB0").await.unwrap().is_some());
    assert!(stub.waha().message("shop", &anna(), "3EB1").await.unwrap().is_none());
    assert_eq!(stub.waha().message("shop", &anna(), "..").await.unwrap_err().refused_with(), Some(400));
}

#[actix_web::test]
async fn a_gateway_says_who_it_is() {
    let stub = Stub::new(|seen| match seen.target.as_str() {
        "/ping" => (200, json!({"message": "pong"})),
        _ => (200, json!({"version": "2026.7.1", "engine": "NOWEB", "tier": "CORE", "browser": null})),
    })
    .await;

    stub.waha().ping().await.unwrap();
    let version = stub.waha().version().await.unwrap();

    assert_eq!((version.version.as_deref(), version.engine), (Some("2026.7.1"), Some(Engine::Noweb)));
}
