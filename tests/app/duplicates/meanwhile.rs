//! What comes in while two records are one, and while they become one.

use crate::support::talk::{ANA, BEN, named, said, with};
use crate::support::{TestApp, form};
use actix_web::rt::spawn;
use serde_json::json;
use std::rc::Rc;

/// (conversation of the phone, its messages in order, inbound_count)
fn thread(app: &TestApp, phone: &str) -> (String, Vec<String>, String) {
    let customer = app.customer_of(phone);
    let of = format!("FROM conversations WHERE customer_id = '{customer}' AND deleted_at IS NULL");
    let id = app.text(&format!("SELECT id::text AS text {of}"));
    let texts = format!("SELECT body AS text FROM messages WHERE conversation_id = '{id}' ORDER BY occurred_at, id");
    let texts = app.texts(&texts);
    (id, texts, app.text(&format!("SELECT inbound_count::text AS text {of}")))
}

#[actix_web::test]
async fn a_new_message_goes_with_the_address_that_it_came_from() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Ana 1"]).await;
    app.conversation(number, BEN, &["Ben 1"]).await;
    let merge = app.join(app.customer_of(ANA), app.customer_of(BEN)).await.unwrap();
    app.hears(number, said(BEN, "Ben 2")).await;
    app.hears(number, said(ANA, "Ana 2")).await;
    let ours = named(BEN, "To Ben", "3B00000000000001");
    app.hears(number, with(ours, json!({ "id": format!("true_{BEN}@c.us_3B00000000000001"), "fromMe": true }))).await;

    app.part(merge).await.unwrap();

    let ((_, ana, of_ana), (_, ben, of_ben)) = (thread(&app, ANA), thread(&app, BEN));
    assert_eq!((ana.as_slice(), of_ana.as_str()), (["Ana 1".to_owned(), "Ana 2".to_owned()].as_slice(), "2"));
    assert_eq!(ben.len(), 3, "{ben:?}");
    assert_eq!((of_ben.as_str(), ben[0].as_str()), ("2", "Ben 1"));
    let last = |phone: &str| {
        let (id, ..) = thread(&app, phone);
        app.text(&format!("SELECT last_message_preview AS text FROM conversations WHERE id = '{id}'"))
    };
    assert_eq!(last(ANA), "Ana 2");
    let waits = format!("FROM conversations WHERE id = '{}' AND waiting_since IS NULL", thread(&app, BEN).0);
    assert_eq!(app.count(&waits), 1, "Ben was answered");
}

#[actix_web::test]
async fn a_conversation_that_began_since_is_whose_address_it_is_with() {
    let app = TestApp::new().await;
    let (number, second) = (app.number("Workshop").await, app.number("Shop").await);
    app.conversation(number, ANA, &["Ana 1"]).await;
    app.conversation(number, BEN, &["Ben 1"]).await;
    let merge = app.join(app.customer_of(ANA), app.customer_of(BEN)).await.unwrap();
    app.hears(second, said(BEN, "Ben at the shop")).await;

    app.part(merge).await.unwrap();

    let of = format!("FROM conversations WHERE session_id = '{second}' AND customer_id = '{}'", app.customer_of(BEN));
    assert_eq!(app.count(&of), 1);
}

#[actix_web::test]
async fn messages_of_both_in_a_moved_conversation_are_sorted_out_into_two() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, BEN, &["Ben 1"]).await;
    let ana = app.customer(&[("first_name", "Ana"), ("phone", &format!("+{ANA}"))]).await;
    let merge = app.join(ana, app.customer_of(BEN)).await.unwrap();
    app.hears(number, said(ANA, "Ana 1")).await;
    app.hears(number, said(BEN, "Ben 2")).await;
    assert_eq!(app.count("FROM conversations WHERE deleted_at IS NULL"), 1);

    app.part(merge).await.unwrap();

    assert_eq!(thread(&app, ANA).1, ["Ana 1"]);
    assert_eq!((thread(&app, BEN).1, thread(&app, BEN).2), (vec!["Ben 1".to_owned(), "Ben 2".to_owned()], "2".into()));
    assert_eq!((thread(&app, ANA).2, app.count("FROM conversations")), ("1".into(), 2));
}

#[actix_web::test]
async fn whoever_read_the_joined_thread_has_read_both_but_for_what_came_last() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let kept = app.conversation(number, ANA, &["Ana 1", "Ana 2"]).await;
    app.conversation(number, BEN, &["Ben 1"]).await;
    let merge = app.join(app.customer_of(ANA), app.customer_of(BEN)).await.unwrap();
    app.bob(form(&format!("/conversations/{kept}/reading"), &[])).await;
    app.take_jobs();
    app.hears(number, said(BEN, "Ben 2")).await;

    app.part(merge).await.unwrap();

    let unread = |phone: &str| {
        let (id, ..) = thread(&app, phone);
        app.text(&format!(
            "SELECT (c.inbound_count - r.inbound_seen)::text AS text FROM conversations c JOIN conversation_readers r \
             ON r.conversation_id = c.id AND r.user_id = (SELECT id FROM users WHERE email = 'bob@acme.test') \
             WHERE c.id = '{id}'"
        ))
    };
    assert_eq!((unread(ANA), unread(BEN)), ("0".into(), "1".into()));
}

/// Webhooks in parallel with merges and splits: whatever WAHA was told 200 for is there once, in a thread that is shown.
#[actix_web::test]
async fn no_message_is_lost_that_comes_during_a_merge() {
    let app = Rc::new(TestApp::with_connections(6).await);
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Ana 0"]).await;
    app.conversation(number, BEN, &["Ben 0"]).await;
    let (ana, ben) = (app.customer_of(ANA), app.customer_of(BEN));
    let tell = |phone: &'static str| {
        let app = app.clone();
        spawn(async move {
            for count in 1..=20 {
                app.hears(number, said(phone, &format!("{phone} {count}"))).await;
            }
        })
    };
    let (of_ana, of_ben) = (tell(ANA), tell(BEN));

    for _ in 0..4 {
        let merge = app.join(ana, ben).await.unwrap();
        actix_web::rt::time::sleep(std::time::Duration::from_millis(30)).await;
        app.part(merge).await.unwrap();
    }
    of_ana.await.unwrap();
    of_ben.await.unwrap();
    // What met a merge in its midst is tried again.
    app.pass_time();
    app.run_jobs().await;

    for (phone, name) in [(ANA, "Ana 0"), (BEN, "Ben 0")] {
        let (_, texts, count) = thread(&app, phone);
        let mut expected: Vec<String> = (1..=20).map(|count| format!("{phone} {count}")).collect();
        expected.push(name.into());
        let mut sorted = texts.clone();
        sorted.sort();
        expected.sort();
        assert_eq!(sorted, expected);
        assert_eq!(count, "21");
    }
}
