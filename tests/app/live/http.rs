//! `/events`, as a browser hears it.

use crate::support::talk::{ANA, said};
use crate::support::{TestApp, Who, get, post};
use actix_web::body::{BodySize, BoxBody, MessageBody};
use futures_util::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

/// The stream of one browser, and what it has said so far.
struct Ear {
    body: Pin<Box<BoxBody>>,
    heard: String,
}

impl Ear {
    async fn open(app: &TestApp, who: Who) -> Self {
        Self::open_at(app, who, "/events").await
    }

    async fn open_at(app: &TestApp, who: Who, path: &str) -> Self {
        let signed_in = app.signed_in(who);
        let response = app.open(get(path).cookie(signed_in.cookie).build(None)).await;
        assert_eq!(response.status(), 200);
        let mut ear = Self { body: Box::pin(response.into_body()), heard: String::new() };
        assert!(matches!(ear.body.size(), BodySize::Stream));
        ear.until("id: ").await;
        ear
    }

    /// False at the end of the stream.
    async fn next(&mut self) -> bool {
        match poll_fn(|context| self.body.as_mut().poll_next(context)).await {
            Some(bytes) => self.heard.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap()),
            None => return false,
        }
        true
    }

    async fn until(&mut self, words: &str) {
        let waiting = async { while !self.heard.contains(words) && self.next().await {} };
        timeout(Duration::from_secs(20), waiting).await.ok();
        assert!(self.heard.contains(words), "{words:?} is not in {:?}", self.heard);
    }
}

#[actix_web::test]
async fn a_message_is_heard_by_its_tenant_and_by_nobody_else() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let number = app.number("Workshop").await;
    let (mut bob, mut carol, mut pat) =
        (Ear::open(&app, Who::Bob).await, Ear::open(&app, Who::Carol).await, Ear::open(&app, Who::Pat).await);

    app.hears(number, said(ANA, "A secret")).await;

    let id = app.conversation_with(ANA);
    bob.until(&format!(r#""id":"{id}","kind":"conversation""#)).await;
    assert!(!bob.heard.contains("secret"), "which thing changed, not what it is now");
    // Something of their own tells that what came before would have been heard.
    app.sql("SELECT pg_notify('switchboard_live', tenant_id || ',user,' || id || ',' || gen_random_uuid()) FROM users");
    carol.until(r#""kind":"user""#).await;
    pat.until(r#""kind":"user""#).await;
    assert!(!carol.heard.contains(&id.to_string()) && !pat.heard.contains(&id.to_string()));
}

#[actix_web::test]
async fn what_happens_between_a_page_and_its_stream_is_heard() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.hub_is_up().await;
    let mut eve = Ear::open(&app, Who::Eve).await;
    let page = app.bob(get("/inbox")).await;
    let place = page.html.split("data-live=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();

    app.hears(number, said(ANA, "Early")).await;
    let id = app.conversation_with(ANA).to_string();
    eve.until(&id).await;

    Ear::open_at(&app, Who::Bob, &format!("/events?page={place}")).await.until(&id).await;
    let late = Ear::open_at(&app, Who::Bob, "/events").await;
    assert!(!late.heard.contains(&id), "a stream without a page begins now");
    Ear::open_at(&app, Who::Bob, "/events?page=nowhere").await.until("event: resync").await;
}

#[actix_web::test]
async fn the_stream_is_kept_by_no_cache_and_held_back_by_no_proxy() {
    let app = TestApp::new().await;
    let bob = app.signed_in(Who::Bob);

    let ask = get("/events").cookie(bob.cookie).header("accept-encoding", "br, gzip");
    let response = app.open(ask.build(None)).await;

    let header = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    assert_eq!(header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!((header("cache-control"), header("x-accel-buffering")), ("no-store".into(), "no".into()));
    assert_ne!(header("content-encoding"), "br");
}

#[actix_web::test]
async fn signing_out_ends_the_stream_of_that_browser_alone() {
    let app = TestApp::new().await;
    app.hub_is_up().await;
    let (mut bob, mut eve) = (Ear::open(&app, Who::Bob).await, Ear::open(&app, Who::Eve).await);

    app.bob(post("/logout")).await;

    bob.until(r#""reason":"signed_out""#).await;
    assert!(!bob.next().await, "it is over");
    let number = app.number("Workshop").await;
    eve.until(&number.to_string()).await;
    assert!(!eve.heard.contains("bye"));
}

#[actix_web::test]
async fn whoever_is_not_signed_in_hears_nothing() {
    let app = TestApp::new().await;

    assert_eq!(app.anybody(get("/events")).await.status, 303);
    assert_eq!(app.anybody(get("/events").header("accept", "text/event-stream")).await.status, 303);
}
