//! What WAHA tells us: proved, stored, taken in, and only then answered.

use super::support::talk::{ANA, event, named, said, sign, with};
use super::support::{TestApp, get, post};
use serde_json::{Value, json};
use switchboard::numbers::model::NumberId;

fn url(id: NumberId) -> String {
    format!("/webhooks/waha/{id}")
}

#[actix_web::test]
async fn an_event_is_answered_once_it_is_stored_with_its_effect() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    let answer = app.posted(number, event("message.any", said(ANA, "Hello")).to_string()).await;

    assert_eq!((answer.status, answer.html.as_str()), (200, ""));
    assert_eq!(app.count("FROM webhook_events WHERE processed_at IS NOT NULL AND error IS NULL AND NOT had_nul"), 1);
    app.bob(get("/inbox")).await.shows("Hello");
    assert_eq!(app.count("FROM waha_sessions WHERE last_activity_at IS NOT NULL AND last_ack_at IS NULL"), 1);
}

#[actix_web::test]
async fn only_the_numbers_own_key_opens() {
    let app = TestApp::new().await;
    let (number, other) = (app.number("Workshop").await, app.number("Office").await);
    let body = event("message.any", said(ANA, "Hello")).to_string();
    let (right, wrong) = (app.hmac_key(number).await, app.hmac_key(other).await);
    let ask = || post(&url(number)).body(body.clone());

    for signature in ["", "zz", "00", &sign(&wrong, body.as_bytes()), &sign(&right, b"another body")] {
        let answer = app.anybody(ask().header("x-webhook-hmac", signature)).await;
        assert_eq!((answer.status, answer.header("content-type")), (401, "text/plain; charset=utf-8"), "{signature}");
    }
    assert_eq!(app.anybody(ask()).await.status, 401, "no signature at all");
    assert_eq!(app.count("FROM webhook_events"), 0);
    assert_eq!(app.anybody(ask().header("x-webhook-hmac", &sign(&right, body.as_bytes()))).await.status, 200);
}

#[actix_web::test]
async fn a_number_that_is_not_there_is_404_whatever_the_signature() {
    let app = TestApp::new().await;

    for id in [uuid::Uuid::now_v7().to_string().as_str(), "1", "nonsense", "%00"] {
        let answer = app.anybody(post(&format!("/webhooks/waha/{id}")).body("{}")).await;
        assert_eq!(answer.status, 404, "{id}");
    }
}

#[actix_web::test]
async fn what_is_no_json_is_400_and_what_is_too_large_413() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    for body in ["", "{", "not json", "{\"event\":", &"[".repeat(100_000), "\u{feff}{}"] {
        assert_eq!(app.posted(number, body).await.status, 400, "{:.20}", body);
    }
    assert_eq!(app.posted(number, b"{\"id\":\"\xff\"}".to_vec()).await.status, 400, "no text");
    let large = |bytes: usize| format!(r#"{{"event":"x","filler":"{}"}}"#, "x".repeat(bytes));
    assert_eq!(app.posted(number, large(5 * 1024 * 1024)).await.status, 413);
    assert_eq!(app.posted(number, large(5 * 1024 * 1024 - 100)).await.status, 200);
    assert_eq!(app.count("FROM webhook_events"), 1);
}

#[actix_web::test]
async fn a_repeat_is_answered_and_changes_nothing() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let event = event("message.any", said(ANA, "Hello")).to_string();
    app.posted(number, event.clone()).await;
    let rows = "SELECT md5((SELECT string_agg(m::text, '') FROM messages AS m) || \
                (SELECT string_agg(c::text, '') FROM conversations AS c)) AS text";
    let before = app.text(rows);

    let (one, two) = tokio::join!(app.posted(number, event.clone()), app.posted(number, event.clone()));

    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(app.text(rows), before);
    assert_eq!(app.count("FROM webhook_events"), 1);
}

#[actix_web::test]
async fn the_same_message_under_two_events_is_one_message() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let message = named(ANA, "Hello", "3AONE");

    app.told(number, &event("message.any", message.clone())).await;
    app.told(number, &event("message", message)).await;

    assert_eq!(app.count("FROM webhook_events"), 2);
    assert_eq!(app.texts("SELECT inbound_count::text AS text FROM conversations"), ["1"]);
    assert_eq!(app.count("FROM messages"), 1);
}

#[actix_web::test]
async fn the_first_hundred_at_once_make_one_conversation() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let key = app.hmac_key(number).await;
    let posts = (0..100).map(|_| {
        let body = event("message.any", said(ANA, "Hello")).to_string();
        let signature = sign(&key, body.as_bytes());
        app.anybody(post(&url(number)).header("x-webhook-hmac", &signature).body(body))
    });

    let answers = futures_util::future::join_all(posts).await;

    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!((app.count("FROM customers"), app.count("FROM conversations"), app.count("FROM messages")), (1, 1, 100));
    assert_eq!(app.text("SELECT inbound_count::text AS text FROM conversations"), "100");
}

#[actix_web::test]
async fn nul_characters_are_taken_out_and_noted() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let body = event("message.any", said(ANA, "Hel\u{0}lo")).to_string();
    assert!(body.contains("\\u0000"));

    assert_eq!(app.posted(number, body).await.status, 200);

    assert_eq!(app.text("SELECT body AS text FROM messages"), "Hello");
    assert_eq!(app.count("FROM webhook_events WHERE had_nul"), 1);
}

#[actix_web::test]
async fn other_characters_that_are_hard_to_store_are_no_trouble() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let hard = r#"a\\u0000b \u0001 \ud83d\ude00 \"\u2028"#;
    let mut body = event("message.any", said(ANA, "HARD")).to_string();
    body = body.replace("HARD", hard);

    assert_eq!(app.posted(number, body).await.status, 200);

    assert_eq!(app.text("SELECT body AS text FROM messages"), "a\\u0000b \u{1} 😀 \"\u{2028}");
    let lone = event("message.any", said(ANA, "HARD")).to_string().replace("HARD", r"\ud83d");
    assert_eq!(app.posted(number, lone).await.status, 400, "half a character is no JSON text");
}

#[actix_web::test]
async fn events_that_nobody_knows_are_kept() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let strange: [Value; 6] = [
        event("presence.update", json!({"id": "x"})),
        event("message.any", json!({"no": "id"})),
        event("message.ack", json!(null)),
        event("call.waved", json!({"id": "c1", "from": "351912345678@c.us"})),
        json!([1, 2, 3]),
        json!("text"),
    ];

    for event in &strange {
        app.told(number, event).await;
    }

    assert_eq!(app.count("FROM webhook_events WHERE processed_at IS NOT NULL"), 6);
    assert_eq!(
        app.texts("SELECT event AS text FROM webhook_events ORDER BY received_at, id")[4..],
        ["unknown", "unknown"]
    );
    app.bob(get("/inbox")).await.shows("All done here");
}

#[actix_web::test]
async fn long_names_and_ids_are_no_trouble() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let mut odd = event(&"e".repeat(500), json!({}));
    odd["id"] = json!("i".repeat(500));
    app.told(number, &odd).await;
    let long = with(said(ANA, "Hello"), json!({"id": format!("false_{ANA}@c.us_{}", "A".repeat(400))}));
    app.told(number, &event("message.any", long)).await;

    app.until("stored", async || app.count("FROM webhook_events") == 2).await;
    app.take_jobs();
}

#[actix_web::test]
async fn an_effect_that_fails_is_stored_all_the_same_and_made_up_for() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.sql("ALTER TABLE messages ADD CONSTRAINT not_today CHECK (body <> 'Hello')");

    let answer = app.posted(number, event("message.any", said(ANA, "Hello")).to_string()).await;

    assert_eq!(answer.status, 200);
    assert_eq!(app.count("FROM webhook_events WHERE processed_at IS NULL"), 1);
    assert_eq!(app.count("FROM messages"), 0);
    app.run_jobs().await;
    let noted = "FROM webhook_events WHERE processed_at IS NULL AND attempts = 1 AND error LIKE '%not_today%'";
    assert_eq!(app.count(noted), 1, "why it failed is written down");

    app.sql("ALTER TABLE messages DROP CONSTRAINT not_today");
    app.pass_time();
    app.run_jobs().await;
    assert_eq!(app.count("FROM webhook_events WHERE processed_at IS NOT NULL AND error IS NULL"), 1);
    app.bob(get("/inbox")).await.shows("Hello");
}

#[actix_web::test]
async fn a_postponed_event_that_is_told_again_stays_one() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.sql("ALTER TABLE messages ADD CONSTRAINT not_today CHECK (body <> 'Hello')");
    let body = event("message.any", said(ANA, "Hello")).to_string();

    for _ in 0..3 {
        assert_eq!(app.posted(number, body.clone()).await.status, 200);
    }

    assert_eq!(app.count("FROM webhook_events"), 1);
    assert_eq!(app.take_jobs(), ["webhooks:process"]);
}

#[actix_web::test]
async fn states_that_come_late_change_nothing() {
    let app = TestApp::new().await;
    let number = app.new_number("Workshop").await;
    let status = |word: &str, ago: i64| {
        let at = chrono::Utc::now().timestamp_millis() - ago;
        with(event("session.status", json!({"name": "x", "status": word, "statuses": []})), json!({"timestamp": at}))
    };

    app.told(number, &status("WORKING", 1_000)).await;
    app.told(number, &status("STARTING", 5_000)).await;

    assert_eq!(app.text("SELECT status::text AS text FROM waha_sessions"), "working");
    app.told(number, &status("SOMETHING_NEW", 0)).await;
    assert_eq!(
        app.text("SELECT status || ' ' || (metadata ->> 'status') AS text FROM waha_sessions"),
        "starting SOMETHING_NEW"
    );
    app.take_jobs();
}

#[actix_web::test]
async fn states_that_come_at_once_do_not_wait_for_each_other() {
    let app = TestApp::new().await;
    let number = app.new_number("Workshop").await;
    let key = app.hmac_key(number).await;

    for _ in 0..10 {
        let posts = ["STARTING", "SCAN_QR_CODE", "STARTING", "WORKING"].map(|word| {
            let body = event("session.status", json!({"name": "x", "status": word, "statuses": []})).to_string();
            let signature = sign(&key, body.as_bytes());
            app.anybody(post(&url(number)).header("x-webhook-hmac", &signature).body(body))
        });
        futures_util::future::join_all(posts).await;
    }

    assert_eq!(app.count("FROM webhook_events WHERE processed_at IS NULL"), 0, "none was postponed");
    app.take_jobs();
}

#[actix_web::test]
async fn what_was_known_before_its_message_shows_in_the_list_too() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let revoked = json!({"revokedMessageId": "3AFIRST", "before": null, "after": null});
    let read = json!({"id": format!("true_{ANA}@c.us_3ASECOND"), "fromMe": true, "ack": 3});
    app.told(number, &event("message.revoked", revoked)).await;
    app.told(number, &event("message.ack", read)).await;

    app.hears(number, named(ANA, "My card number is walnut", "3AFIRST")).await;
    app.bob(get("/inbox")).await.shows("This message was deleted").hides("walnut");

    let ours = json!({"id": format!("true_{ANA}@c.us_3ASECOND"), "fromMe": true});
    app.hears(number, with(named(ANA, "See you", "3ASECOND"), ours)).await;
    app.bob(get("/inbox")).await.shows("See you").shows(r#"title="Read""#);
}

#[actix_web::test]
async fn a_webhook_needs_no_session_and_no_token_and_gets_no_cookie() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;

    let answer = app.posted(number, event("message.any", said(ANA, "Hello")).to_string()).await;

    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(app.anybody(get(&url(number))).await.status, 405);
}
