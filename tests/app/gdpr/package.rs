//! Everything held about somebody as a ZIP.

use super::{customer, days_ago, work};
use crate::support::talk::{ANA, BEN};
use crate::support::{TestApp, form, get, post};
use serde_json::Value;
use std::io::{Cursor, Read};
use zip::ZipArchive;

struct Unpacked(ZipArchive<Cursor<Vec<u8>>>);

impl Unpacked {
    fn names(&self) -> Vec<String> {
        self.0.file_names().map(|name| name.unwrap().into_owned()).collect()
    }

    fn text(&mut self, name: &str) -> String {
        let mut text = String::new();
        self.0.by_name(name).unwrap_or_else(|_| panic!("no {name}")).read_to_string(&mut text).unwrap();
        text
    }

    fn json(&mut self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }
}

/// Ada's request for Ana, whose file is made.
async fn made(app: &TestApp, ana: &str) -> String {
    let fields = [("kind", "access"), ("requester", "Ana"), ("customer", ana), ("received_on", &days_ago(0))];
    let path = app.ada(form("/gdpr/requests", &fields)).await.location().to_owned();
    assert_eq!(app.ada(post(&format!("{path}/package"))).await.status, 303);
    path
}

async fn fetched(app: &TestApp, path: &str) -> Unpacked {
    let signed_in = app.signed_in(crate::support::Who::Ada);
    let ask = get(&format!("{path}/package")).cookie(signed_in.cookie);
    let response = app.open(ask.build(None)).await;
    assert_eq!(response.status().as_u16(), 200);
    let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
    Unpacked(ZipArchive::new(Cursor::new(body.to_vec())).unwrap())
}

#[actix_web::test]
async fn the_package_holds_record_messages_media_consents_and_who_looked() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["Hello <b>there</b>", "A photo"]).await;
    app.conversation(number, BEN, &["Somebody else's words"]).await;
    let ana = customer(&app, ANA);
    let edit = [("first_name", "Ana"), ("last_name", "Alves"), ("phone", "+351912345678"), ("note", "Likes tea")];
    let saved = app.bob(form(&format!("/customers/{ana}"), &edit)).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
    app.bob(get(&format!("/customers/{ana}"))).await;
    let consent = [
        ("purpose", "marketing"),
        ("channel", "email"),
        ("state", "given"),
        ("lawful_basis", "consent"),
        ("source", "web form"),
        ("occurred_on", &days_ago(0)),
    ];
    app.bob(form(&format!("/customers/{ana}/consents"), &consent)).await;
    let photo = app.text("SELECT id::text AS text FROM messages WHERE body = 'A photo'");
    let stored = format!("{}/media/{photo}", app.acme);
    app.parts.storage.put(&stored, b"JPEG".to_vec()).await.unwrap();
    let file = format!(r#"{{"file": {{"kind": "image/jpeg", "name": null, "stored": "{stored}", "size": 4}}}}"#);
    app.sql(&format!("UPDATE messages SET metadata = '{file}' WHERE id = '{photo}'"));
    app.take_jobs();

    let path = made(&app, &ana).await;
    work(&app).await;
    let mut zip = fetched(&app, &path).await;

    let data = zip.json("data.json");
    assert_eq!(data["records"][0]["note"], "Likes tea");
    assert_eq!(data["records"][0]["phone"], ANA);
    assert_eq!(data["consents"][0]["source"], "web form");
    assert!(
        data["accesses"].as_array().unwrap().iter().any(|seen| seen["who"] == "Bob Baker" && seen["what"] == "read")
    );
    let said = zip.json(&format!("conversations/{thread}.json"));
    assert_eq!(said[0]["text"], "Hello <b>there</b>");
    assert_eq!(said[1]["file"], format!("media/{photo}.jpg"));
    assert_eq!(zip.text(&format!("media/{photo}.jpg")), "JPEG");
    let page = zip.text(&format!("conversations/{thread}.html"));
    assert!(page.contains("Hello &#60;b&#62;there") && !page.contains("<b>there"), "words are escaped: {page}");
    assert!(page.trim_end().ends_with("</html>") && zip.text("index.html").contains("Likes tea"));
    for name in zip.names() {
        if !name.starts_with("media/") {
            assert!(!zip.text(&name).contains("Somebody else"), "{name} holds another's words");
        }
    }
    assert!(app.audited().contains(&"exported customers".to_owned()), "fetching it is written down");
    app.ada(get("/gdpr/accesses?what=exported")).await.shows("took everything held out");
}

#[actix_web::test]
async fn the_file_goes_after_seven_days_and_is_only_administrators() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Hello"]).await;
    app.take_jobs();
    let path = made(&app, &customer(&app, ANA)).await;
    let twice = app.ada(post(&format!("{path}/package"))).await;
    assert_eq!(twice.status, 422);
    twice.shows("being made already");
    work(&app).await;
    let days = "SELECT (file_expires_at - now() BETWEEN interval '6 days' AND interval '7 days')::text AS text FROM background_tasks";
    assert_eq!(app.text(days), "true");
    app.ada(get(&path)).await.shows("Fetch the file");
    app.olga(get(&path)).await.hides("Fetch the file");
    assert_eq!(app.olga(get(&format!("{path}/package"))).await.status, 403);
    assert_eq!(app.carol(get(&format!("{path}/package"))).await.status, 404);

    app.sql("UPDATE background_tasks SET file_expires_at = now() - interval '1 second'");

    assert_eq!(app.ada(get(&format!("{path}/package"))).await.status, 404);
    app.ada(get(&path)).await.shows("Time is up").hides("Fetch the file");
}

#[actix_web::test]
async fn a_long_conversation_is_whole_and_a_run_again_is_one_file() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let thread = app.conversation(number, ANA, &["First"]).await;
    app.sql(&format!(
        "INSERT INTO messages (tenant_id, id, conversation_id, direction, status, body, occurred_at) \
         SELECT tenant_id, gen_random_uuid(), conversation_id, 'inbound', 'delivered', 'Line ' || n, now() - n * interval '1 minute' \
         FROM messages, generate_series(1, 1203) AS n WHERE conversation_id = '{thread}'"
    ));
    app.take_jobs();
    let path = made(&app, &customer(&app, ANA)).await;
    work(&app).await;
    let task = app.text("SELECT id::text AS text FROM background_tasks");
    let ana = customer(&app, ANA);
    // As after a process that died before it could say that it was done.
    app.sql("UPDATE background_tasks SET state = 'running', ended_at = NULL");
    app.within(move |conn, tenant| {
        let job =
            switchboard::gdpr::packages::jobs::Package { task: task.parse().unwrap(), customer: ana.parse().unwrap() };
        switchboard::kit::jobs::enqueue(conn, tenant, &job)
    })
    .await;
    work(&app).await;

    let mut zip = fetched(&app, &path).await;

    assert_eq!(zip.json(&format!("conversations/{thread}.json")).as_array().unwrap().len(), 1204);
    assert_eq!(zip.text(&format!("conversations/{thread}.html")).matches("      <li").count(), 1204);
}
