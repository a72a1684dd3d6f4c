//! How a send can end, and that each end is told for what it is.

use super::stub::{self, Stub, nobody, waha, wire};
use serde_json::{Value, json};
use switchboard::numbers::waha::{Attachment, ChatId, File, SendError, Sent, SessionStatus, Source, Text, Waha};

fn anna() -> ChatId {
    ChatId::parse("79221234567@c.us").unwrap()
}

async fn send(waha: &Waha) -> Result<Sent, SendError> {
    waha.send_text("shop", &Text { chat_id: &anna(), text: "Hello", reply_to: None, id: None }).await
}

async fn send_answered(status: u16, body: Value) -> Result<Sent, SendError> {
    send(&Stub::new(move |_| (status, body.clone())).await.waha()).await
}

#[actix_web::test]
async fn a_text_is_sent_under_the_name_that_we_chose() {
    let stub = Stub::new(|_| (201, json!({"id": "true_79221234567@c.us_3EB0", "_data": {}}))).await;

    let text = Text { chat_id: &anna(), text: "Hello", reply_to: Some("false_79221234567@c.us_3A"), id: Some("3EB0") };
    let sent = stub.waha().send_text("shop", &text).await.unwrap();

    assert_eq!((sent.id.as_str(), sent.id.bare()), ("true_79221234567@c.us_3EB0", "3EB0"));
    let seen = stub.only();
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/api/sendText"));
    assert_eq!(
        seen.body,
        json!({"session": "shop", "chatId": "79221234567@c.us", "text": "Hello",
               "reply_to": "false_79221234567@c.us_3A", "id": "3EB0"})
    );
}

#[actix_web::test]
async fn nowebs_raw_answer_names_the_message_too() {
    let sent = send_answered(
        201,
        json!({"key": {"remoteJid": "79221234567@s.whatsapp.net", "fromMe": true, "id": "3EB0"},
               "message": {}, "messageTimestamp": "1795227388", "status": "PENDING"}),
    )
    .await
    .unwrap();

    assert_eq!(sent.id.as_str(), "true_79221234567@c.us_3EB0");
    assert_eq!(sent.raw["status"], "PENDING");
}

#[actix_web::test]
async fn files_travel_as_bytes_or_by_address() {
    let stub = Stub::new(|_| (201, json!({"id": "true_79221234567@c.us_3EB0"}))).await;
    let file = |mimetype, source| File { mimetype, filename: None, source };
    let anna = anna();
    let attached = |file| Attachment { chat_id: &anna, file, caption: Some("Look"), reply_to: None };
    let waha = stub.waha();

    waha.send_image("shop", &attached(file("image/png", Source::Bytes(b"png")))).await.unwrap();
    waha.send_file("shop", &attached(file("text/plain", Source::Url("http://desk/a.txt")))).await.unwrap();
    waha.send_voice("shop", &attached(file("audio/mpeg", Source::Bytes(b"mp3")))).await.unwrap();
    waha.send_video("shop", &attached(file("video/mp4", Source::Bytes(b"mp4")))).await.unwrap();

    let seen = stub.seen.lock().unwrap().clone();
    let targets: Vec<&str> = seen.iter().map(|seen| seen.target.as_str()).collect();
    assert_eq!(targets, ["/api/sendImage", "/api/sendFile", "/api/sendVoice", "/api/sendVideo"]);
    assert_eq!(seen[0].body["file"], json!({"mimetype": "image/png", "data": "cG5n"}));
    assert_eq!(seen[1].body["file"], json!({"mimetype": "text/plain", "url": "http://desk/a.txt"}));
    assert_eq!((&seen[2].body["convert"], &seen[2].body["caption"]), (&json!(true), &Value::Null));
    assert_eq!((&seen[3].body["convert"], &seen[3].body["caption"]), (&json!(false), &json!("Look")));
}

#[actix_web::test]
async fn a_clear_no_was_not_sent() {
    let not_ready = json!({"error": "Session status is not as expected. Try again later or restart the session",
                           "session": "shop", "status": "SCAN_QR_CODE", "expected": ["WORKING"]});
    for (status, body, expected) in [
        (422, not_ready, "Session status is not as expected. Try again later or restart the session"),
        (422, json!({"error": "Session \"x\" does not exist", "session": "x"}), "Session \"x\" does not exist"),
        (
            400,
            json!({"message": ["chatId must be a string", "text is too long"]}),
            "chatId must be a string; text is too long",
        ),
        (401, json!({"message": "Unauthorized", "statusCode": 401}), "Unauthorized"),
        (501, json!({"message": "not implemented by 'GOWS'", "statusCode": 501}), "not implemented by 'GOWS'"),
    ] {
        let waits_for = body["status"].as_str().map(SessionStatus::from);
        let error = send_answered(status, body).await.unwrap_err();
        assert_eq!(error, SendError::Refused { message: expected.into(), session: waits_for });
    }
}

#[actix_web::test]
async fn an_engines_failure_does_not_repeat_our_words() {
    let body = |text| {
        json!({"statusCode": 500, "exception": {"message": text, "stack": "Error: …"},
               "request": {"path": "/api/sendText", "body": {"text": "Hello"}}, "version": {}})
    };

    let failed = send_answered(500, body("No LID for user")).await.unwrap_err();
    let blocked = send_answered(500, body("2 UNKNOWN: server returned error 463")).await.unwrap_err();
    let lost = send_answered(500, body("timed out waiting for message send response")).await.unwrap_err();

    assert_eq!(failed, SendError::Failed { message: "No LID for user".into(), code_463: false });
    assert!(matches!(blocked, SendError::Failed { code_463: true, .. }));
    assert!(matches!(lost, SendError::Unknown(_)));
    assert!(!format!("{failed:?} {blocked:?} {lost:?}").contains("Hello"));
}

#[actix_web::test]
async fn where_nobody_listens_nothing_was_sent() {
    let error = send(&waha(&nobody().await)).await.unwrap_err();

    assert_eq!(error, SendError::Unreachable("the connection was refused".into()));
}

#[actix_web::test]
async fn a_name_that_does_not_resolve_was_not_sent_to() {
    let error = send(&waha("http://no-such-gateway.invalid")).await.unwrap_err();

    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
}

/// Takes as long as the connect time-out.
#[actix_web::test]
async fn a_connection_that_does_not_come_about_was_not_sent_over() {
    let full = stub::full().await;
    let waha = Waha::new(&full.base, None).unwrap();

    assert_eq!(send(&waha).await.unwrap_err(), SendError::Unreachable("it took too long to connect".into()));
}

#[actix_web::test]
async fn a_lost_answer_is_unknown() {
    for (answer, hold) in [
        (&b""[..], false),                                                           // closed after reading
        (b"", true),                                                                 // never answers
        (b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":", false),     // broken off
        (b"HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":", true),      // dries up
        (b"HTTP/1.1 201 Created\r\ncontent-length: 4\r\n\r\nsent", false),           // not JSON
        (b"HTTP/1.1 201 Created\r\ncontent-length: 11\r\n\r\n{\"ok\":true}", false), // names no message
        (b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n", false),               // says nothing
        (b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 3\r\n\r\nnginx", false),      // a proxy lost it
        (b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 5\r\n\r\nboom!", false), // not WAHA's 500
        (b"SSH-2.0-OpenSSH_9.6\r\n", false),                                         // not even HTTP
    ] {
        let error = send(&waha(&wire(answer, hold).await)).await.unwrap_err();
        assert!(matches!(error, SendError::Unknown(_)), "{} gave {error:?}", String::from_utf8_lossy(answer));
    }
}

#[actix_web::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stub::new(|_| (201, json!({"id": "true_79221234567@c.us_3EB0"}))).await;
    let target = format!("{}/api/sendText", elsewhere.base);
    let stub = Stub::raw(move |_| {
        actix_web::HttpResponse::TemporaryRedirect().insert_header(("location", target.clone())).finish()
    })
    .await;

    let error = send(&stub.waha()).await.unwrap_err();

    assert!(matches!(error, SendError::Refused { ref message, .. } if message.contains("redirect")), "{error:?}");
    assert_eq!(elsewhere.count(), 0);
}
