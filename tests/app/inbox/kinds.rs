//! What people send: words, files, places, reactions, corrections, and things we cannot show.

use crate::support::talk::{ANA, BEN, event, named, said, with};
use crate::support::{Answer, TestApp, get};
use serde_json::{Value, json};
use switchboard::numbers::model::NumberId;

async fn thread(app: &TestApp, phone: &str) -> Answer {
    let id = app.conversation_with(phone);
    let shown = app.max(get(&format!("/inbox/{id}")).htmx("thread")).await;
    app.take_jobs();
    shown
}

async fn told(app: &TestApp, number: NumberId, kind: &str, payload: Value) {
    app.told(number, &event(kind, payload)).await;
}

#[actix_web::test]
async fn what_customers_write_is_shown_as_written_and_never_run() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let evil = "<script>alert(1)</script> *bold* javascript:alert(1) https://acme.test/?a=\"><b>";
    app.conversation(number, ANA, &[evil, "{{ 7 * 7 }}"]).await;

    let thread = thread(&app, ANA).await;

    thread.hides("<script>alert").shows("&#60;script&#62;").shows("<strong>bold</strong>").shows("{{ 7 * 7 }}");
    thread.hides(r#"href="javascript"#).shows(r#"href="https://acme.test/?a=""#);
}

#[actix_web::test]
async fn a_group_is_one_conversation_with_its_members_names() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let group = "120363041234567890@g.us";
    for (key, phone, name, text) in [("A1", ANA, "Ana Alves", "Hi all"), ("A2", BEN, "Ben Brandt", "Hello Ana")] {
        let message = json!({
            "id": format!("false_{group}_{key}_{phone}@c.us"), "timestamp": chrono::Utc::now().timestamp(),
            "from": group, "participant": format!("{phone}@c.us"), "fromMe": false, "body": text, "hasMedia": false,
            "_data": {"Info": {"PushName": name}},
        });
        told(&app, number, "message.any", message).await;
    }

    assert_eq!((app.count("FROM conversations WHERE is_group"), app.count("FROM customers")), (1, 0));
    thread(&app, "120363041234567890").await.shows("Ana Alves").shows("Ben Brandt").shows("Hello Ana").shows("Group");
}

#[actix_web::test]
async fn a_hidden_id_with_its_phone_is_the_customer_known_by_either() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["From the number"]).await;
    let hidden = with(
        said(ANA, "From the hidden id"),
        json!({
            "id": "false_123456789012345@lid_3AHIDDEN", "from": "123456789012345@lid",
            "_data": {"Info": {"PushName": "Ana Alves", "SenderAlt": format!("{ANA}@s.whatsapp.net")}},
        }),
    );
    app.hears(number, hidden).await;

    assert_eq!((app.count("FROM customers"), app.count("FROM conversations")), (1, 1));
    let identities = "SELECT kind || ' ' || value AS text FROM customer_identities ORDER BY learnt_at, id";
    assert_eq!(app.texts(identities), [format!("phone {ANA}"), "lid 123456789012345@lid".to_owned()]);
    assert_eq!(
        app.text("SELECT chat_id AS text FROM conversations"),
        "123456789012345@lid",
        "answers go where it came from"
    );
}

#[actix_web::test]
async fn a_hidden_id_alone_is_somebody_until_the_phone_is_learnt() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let hidden = with(
        said("0", "Who am I?"),
        json!({"id": "false_123456789012345@lid_3AHIDDEN", "from": "123456789012345@lid", "_data": {}}),
    );
    app.hears(number, hidden).await;

    assert_eq!(app.take_jobs(), ["messages:learn_phone"]);
    assert_eq!(app.text("SELECT customer_type::text AS text FROM customers"), "anonymous");
    thread(&app, "123456789012345").await.shows("Hidden number").shows("Who am I?").shows("Unknown");

    app.hears(
        number,
        with(
            said(ANA, "Now you know"),
            json!({
                "id": "false_123456789012345@lid_3ASECOND", "from": "123456789012345@lid",
                "_data": {"Info": {"SenderAlt": format!("{ANA}@s.whatsapp.net")}},
            }),
        ),
    )
    .await;
    assert_eq!(app.texts("SELECT phone || ' ' || customer_type AS text FROM customers"), [format!("{ANA} new")]);
    assert_eq!(app.count("FROM conversations"), 1);
    app.take_jobs();
}

#[actix_web::test]
async fn a_quote_shows_what_was_quoted_and_leads_there() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "The first one", "3AFIRST")).await;
    let quoting = json!({"replyTo": {"id": "3AFIRST", "participant": format!("{ANA}@c.us"), "body": "The first one"}});

    app.hears(number, with(said(ANA, "About that"), quoting)).await;

    let first = app.text("SELECT id::text AS text FROM messages WHERE message_key = '3AFIRST'");
    thread(&app, ANA).await.shows("<blockquote").shows(&format!(r##"href="#message_{first}""##));
}

#[actix_web::test]
async fn reactions_are_counted_and_can_be_taken_back() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "Look at this", "3AFIRST")).await;
    let react = |from_me: bool, emoji: &str| {
        let base = with(said(ANA, ""), json!({"reaction": {"messageId": "3AFIRST", "text": emoji}, "fromMe": from_me}));
        let id = base["id"].as_str().unwrap().replace("false_", if from_me { "true_" } else { "false_" });
        with(base, json!({"id": id}))
    };
    told(&app, number, "message.reaction", react(false, "👍")).await;
    told(&app, number, "message.reaction", react(true, "👍")).await;
    thread(&app, ANA).await.shows("👍").shows(r#"<span class="count">2</span>"#);

    told(&app, number, "message.reaction", react(false, "")).await;
    told(&app, number, "message.reaction", react(true, "❤️")).await;

    thread(&app, ANA).await.hides("👍").shows("❤️").hides(r#"<span class="count">2</span>"#);
    assert_eq!(app.count("FROM messages"), 1, "a reaction is no message");
}

#[actix_web::test]
async fn an_edit_replaces_the_words_and_says_so() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "See you Monday", "3AFIRST")).await;

    told(&app, number, "message.edited", with(said(ANA, "See you Tuesday"), json!({"editedMessageId": "3AFIRST"})))
        .await;

    thread(&app, ANA).await.shows("See you Tuesday").shows("Edited").hides("Monday");
    app.bob(get("/inbox")).await.shows("See you Tuesday").hides("Monday");
}

#[actix_web::test]
async fn what_was_taken_back_is_not_shown_any_more() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hears(number, named(ANA, "My card number is walnut", "3AFIRST")).await;

    told(&app, number, "message.revoked", json!({"revokedMessageId": "3AFIRST", "before": null, "after": null})).await;

    thread(&app, ANA).await.shows("This message was deleted").hides("walnut");
    app.bob(get("/inbox")).await.shows("This message was deleted").hides("walnut");
}

#[actix_web::test]
async fn a_place_leads_to_a_map_and_cards_and_polls_are_named() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let place = json!({"body": null, "location": {"latitude": "38.72", "longitude": "-9.14", "name": "Workshop"}});
    app.hears(number, with(said(ANA, ""), place)).await;
    app.hears(number, with(said(ANA, ""), json!({"body": null, "vCards": ["BEGIN:VCARD\nEND:VCARD"]}))).await;
    app.hears(number, with(said(ANA, ""), json!({"body": null, "_data": {"Message": {"pollCreationMessageV3": {}}}})))
        .await;

    thread(&app, ANA).await.shows("openstreetmap.org").shows("38.72000, -9.14000").shows("No name").shows("poll");
}

#[actix_web::test]
async fn what_cannot_be_shown_is_named() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let strange = json!({"body": null, "_data": {"Message": {"somethingNewMessage": {"x": 1}}}});

    app.hears(number, with(said(ANA, ""), strange)).await;

    thread(&app, ANA).await.shows("Unsupported: somethingNewMessage").shows("Open it on the phone");
    app.bob(get("/inbox")).await.shows("Unsupported message");
}

#[actix_web::test]
async fn channels_status_posts_and_broadcasts_are_no_conversations() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    for chat in ["status@broadcast", "120363041234567890@newsletter", "1590000000@broadcast"] {
        let id = format!("false_{chat}_3A{}", chat.len());
        app.hears(number, with(said(ANA, "Look"), json!({"id": id, "from": chat}))).await;
    }

    assert_eq!((app.count("FROM messages"), app.count("FROM conversations")), (0, 0));
    assert_eq!(app.count("FROM webhook_events"), 3, "they are kept all the same");
}
