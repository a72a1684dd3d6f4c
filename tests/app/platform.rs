//! The health of the whole installation, for platform administrators alone.

mod tenants;

use super::support::talk::{ANA, event, said};
use super::support::{TestApp, Who, get, post};

#[actix_web::test]
async fn health_shows_jobs_webhooks_database_and_gateway() {
    let app = TestApp::with_gateway().await;
    app.hub_is_up().await;

    let page = app.pat(get("/platform/health")).await;

    assert_eq!(page.status, 200);
    page.shows("Jobs waiting").shows("Webhooks waiting").shows("Every job got done.").shows("Live line");
    page.shows(&app.simulator.as_ref().unwrap().url);
    app.pat(get("/platform/health").htmx("health")).await.shows("Jobs waiting").hides("<html");
}

#[actix_web::test]
async fn a_gateway_that_is_away_does_not_take_the_page_along() {
    let mut app = TestApp::new().await;
    app.pat(get("/platform/health")).await.shows("No gateway");
    app.change(|parts| parts.gateways.default_url = Some("http://127.0.0.1:9".into()));

    let page = app.pat(get("/platform/health")).await;

    assert_eq!(page.shows("cell-error").status, 200);
}

#[actix_web::test]
async fn a_job_that_was_given_up_is_shown_and_gets_another_chance() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.sql("ALTER TABLE messages ADD CONSTRAINT not_today CHECK (body <> 'Hello')");
    app.posted(number, event("message.any", said(ANA, "Hello")).to_string()).await;
    app.sql("UPDATE graphile_worker._private_jobs SET max_attempts = 1");
    app.run_jobs().await;

    let page = app.pat(get("/platform/health")).await;
    page.shows("webhooks:process").shows("Acme Bikes").hides("Hello").hides("Ana");
    let job = app.text("SELECT id::text AS text FROM graphile_worker._private_jobs");
    let retry = post(&format!("/platform/jobs/{job}/retry"));
    app.sql("ALTER TABLE messages DROP CONSTRAINT not_today");

    let answer = app.pat(retry.clone()).await;
    assert_eq!((answer.status, answer.location()), (303, "/platform/health"));
    app.run_jobs().await;
    app.bob(get("/inbox")).await.shows("Hello");
    assert_eq!(app.pat(retry).await.status, 404, "it is gone");
    assert_eq!(app.pat(post("/platform/jobs/999999999/retry")).await.status, 404);
    assert_eq!(app.pat(post("/platform/jobs/nonsense/retry")).await.status, 404);
}

#[actix_web::test]
async fn nobody_of_a_tenant_gets_in() {
    let app = TestApp::new().await;

    for who in [Who::Ada, Who::Max, Who::Bob, Who::Olga, Who::Carol] {
        assert_eq!(app.ask(who, get("/platform/health")).await.status, 403, "{who:?}");
        assert_eq!(app.ask(who, post("/platform/jobs/1/retry")).await.status, 403, "{who:?}");
    }
    assert_eq!(app.count("FROM audit_entries WHERE action = 'refused'"), 10);
}
