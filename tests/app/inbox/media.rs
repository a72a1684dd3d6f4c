//! Files: fetched by a job, served to those who may see the conversation, and never run in our name.

use crate::support::talk::{ANA, said, with};
use crate::support::{TestApp, get};
use serde_json::json;

/// A stored file of that kind, as the job leaves it; returns its address.
async fn stored(app: &TestApp, kind: &str, name: Option<&str>) -> String {
    let number = app.number("Workshop").await;
    let media = json!({"hasMedia": true, "media": {"url": "http://waha.test/f", "mimetype": kind, "filename": name}});
    app.hears(number, with(said(ANA, "A file"), media)).await;
    assert_eq!(app.take_jobs(), ["messages:fetch_media"]);
    let id: switchboard::messages::model::MessageId =
        app.text("SELECT id::text AS text FROM messages").parse().unwrap();
    let name = format!("{}/media/{id}", app.acme);
    app.parts.storage.put(&name, b"<script>alert(1)</script>".to_vec()).await.unwrap();
    app.within(move |conn, tenant| switchboard::messages::media::fetched(conn, tenant, id, Ok(name))).await;
    format!("/messages/{id}/media")
}

#[actix_web::test]
async fn pictures_are_shown_in_place() {
    let app = TestApp::new().await;
    let url = stored(&app, "image/png", None).await;

    let answer = app.bob(get(&url)).await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "image/png"));
    assert_eq!(answer.header("content-disposition"), "inline");
    assert_eq!(
        answer.header("content-security-policy"),
        "default-src 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").starts_with("private"));
}

#[actix_web::test]
async fn what_a_browser_could_run_is_a_download() {
    for kind in ["text/html", "image/svg+xml", "application/pdf", "text/html; charset=utf-8", "IMAGE/PNG", ""] {
        let app = TestApp::new().await;
        let url = stored(&app, kind, Some("bill \"x\"\r\nüber.html")).await;

        let answer = app.bob(get(&url)).await;

        assert_eq!(answer.header("content-type"), "application/octet-stream", "{kind}");
        let disposition = answer.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename=\"bill x") && disposition.contains("%C3%BC"),
            "{disposition}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[actix_web::test]
async fn a_file_is_for_those_who_may_see_the_conversation() {
    let app = TestApp::new().await;
    let url = stored(&app, "image/png", None).await;
    app.assign(app.conversation_with(ANA), "eve@acme.test");

    assert_eq!(app.eve(get(&url)).await.status, 200);
    assert_eq!(app.bob(get(&url)).await.status, 404);
    assert_eq!(app.carol(get(&url)).await.status, 404);
    assert_eq!(app.anybody(get(&url)).await.status, 303);
}

#[actix_web::test]
async fn a_file_that_is_not_there_yet_says_so() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let media = json!({"hasMedia": true, "media": {"url": "http://waha.test/f", "mimetype": "image/jpeg"}});
    app.hears(number, with(said(ANA, ""), media)).await;
    app.take_jobs();
    let id = app.text("SELECT id::text AS text FROM messages");

    app.bob(get("/inbox")).await.shows("Photo");
    let thread = format!("/inbox/{}", app.conversation_with(ANA));
    app.bob(get(&thread)).await.shows("This photo is being fetched.");
    assert_eq!(app.bob(get(&format!("/messages/{id}/media"))).await.status, 404);
    app.take_jobs();
}
