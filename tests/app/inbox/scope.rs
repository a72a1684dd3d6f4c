//! Agents see their own conversations and the unassigned ones; the others all; a stranger none.

use crate::support::talk::ANA;
use crate::support::{Ask, TestApp, Who, form, get, post};
use actix_web::http::Method;
use uuid::Uuid;

/// Everything that can be asked of a conversation and its message.
fn everything(conversation: &str, message: &str) -> Vec<Ask> {
    vec![
        get(&format!("/inbox/{conversation}")),
        get(&format!("/inbox/{conversation}")).htmx("thread"),
        get(&format!("/inbox/{conversation}")).htmx("composer"),
        form(&format!("/conversations/{conversation}/messages"), &[("body", "Hi")]),
        Ask::new(Method::PUT, &format!("/conversations/{conversation}/draft")).fields(&[("body", "Hi")]),
        post(&format!("/conversations/{conversation}/reading")),
        post(&format!("/conversations/{conversation}/resolution")),
        post(&format!("/conversations/{conversation}/reopening")),
        form(&format!("/conversations/{conversation}/snooze"), &[("until", "reply")]),
        get(&format!("/conversations/{conversation}/owner")),
        form(&format!("/conversations/{conversation}/owner"), &[("to", "")]),
        form(&format!("/conversations/{conversation}/team"), &[("to", "")]),
        form(&format!("/conversations/{conversation}/priority"), &[("to", "urgent")]),
        post(&format!("/messages/{message}/retry")),
        get(&format!("/messages/{message}/media")),
    ]
}

#[actix_web::test]
async fn what_is_a_colleagues_or_anothers_is_not_there() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    let message = app.text("SELECT id::text AS text FROM messages");
    app.assign(id, "eve@acme.test");
    let changes = "SELECT md5(string_agg(c::text, '')) || (SELECT count(*) FROM messages) || \
                   (SELECT count(*) FROM conversation_readers) AS text FROM conversations AS c";
    let before = app.text(changes);

    for who in [Who::Bob, Who::Carol] {
        for ask in everything(&id.to_string(), &message) {
            let (uri, method) = (ask.uri.clone(), ask.method.clone());
            let hidden = app.ask(who, ask).await;
            let random =
                app.ask(who, everything(&Uuid::now_v7().to_string(), &Uuid::now_v7().to_string()).remove(0)).await;
            assert_eq!((hidden.status, random.status), (404, 404), "{who:?} {method} {uri}");
        }
    }

    assert_eq!(app.text(changes), before);
    for who in [Who::Eve, Who::Max, Who::Ada, Who::Olga] {
        assert_eq!(app.ask(who, get(&format!("/inbox/{id}"))).await.status, 200, "{who:?}");
    }
    app.take_jobs();
}

#[actix_web::test]
async fn the_platforms_administrator_has_no_inbox() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    for ask in everything(&id.to_string(), &Uuid::now_v7().to_string()) {
        let uri = ask.uri.clone();
        assert_eq!(app.pat(ask).await.status, 403, "{uri}");
    }
}

#[actix_web::test]
async fn what_is_no_id_names_nothing() {
    let app = TestApp::new().await;

    for path in ["/inbox/1", "/inbox/nonsense", "/inbox/%00", "/messages/1/media", "/inbox/'; DROP TABLE messages"] {
        assert_eq!(app.bob(get(&path.replace(' ', "%20"))).await.status, 404, "{path}");
    }
}
