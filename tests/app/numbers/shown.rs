//! What is shown of a number, and what never is.

use crate::support::{TestApp, form, get, post};
use switchboard::numbers::model::Status;

#[actix_web::test]
async fn both_states_are_shown_when_they_differ() {
    let app = TestApp::new().await;
    let id = app.number("Workshop").await;
    app.ada(get("/settings/numbers")).await.hides("Should be");

    app.reported(id, Status::Stopped).await;
    app.ada(get("/settings/numbers")).await.shows("Should be running, but WAHA reports stopped.");

    app.ada(post(&format!("/settings/numbers/{id}/stop"))).await;
    app.ada(get("/settings/numbers")).await.hides("Should be");
    app.reported(id, Status::Working).await;
    app.ada(get("/settings/numbers")).await.shows("Should be stopped, but WAHA reports working.");
    app.take_jobs();
}

#[actix_web::test]
async fn each_role_is_offered_what_it_may_do() {
    let app = TestApp::new().await;
    let id = app.number("Workshop").await;
    let offers = |html: &str, step: &str| html.contains(&format!("/settings/numbers/{id}/{step}"));

    let ada = app.ada(get("/settings/numbers")).await.html;
    let max = app.max(get("/settings/numbers")).await.html;
    let olga = app.olga(get("/settings/numbers")).await.html;

    for step in ["restart", "stop", "logout", "deletion"] {
        assert!(offers(&ada, step), "{step}");
        assert_eq!(offers(&max, step), step == "restart", "{step}");
        assert!(!offers(&olga, step), "{step}");
    }
    assert!(ada.contains("New number") && !max.contains("New number") && !olga.contains("New number"));
    assert_eq!(app.bob(get("/settings/numbers")).await.status, 403);
}

#[actix_web::test]
async fn an_auditor_sees_phones_masked() {
    let app = TestApp::new().await;
    app.number("Workshop").await;

    app.max(get("/settings/numbers")).await.shows("+49 30 901820100");
    let seen = app.olga(get("/settings/numbers")).await;

    seen.shows("••• 00").hides("901820100");
}

#[actix_web::test]
async fn no_page_and_no_audit_entry_holds_a_key() {
    let app = TestApp::new().await;
    let fields = [
        ("name", "Workshop"),
        ("external_session_id", "acme-workshop"),
        ("engine", "GOWS"),
        ("waha_url", "http://127.0.0.1:9"),
        ("waha_api_key", "the-key-of-acme"),
    ];
    app.ada(form("/settings/numbers", &fields)).await;
    let id = app.text("SELECT id::text AS text FROM waha_sessions").parse().unwrap();
    let hmac = String::from_utf8(app.hmac_key(id).await).unwrap();

    for path in ["", "/new", "/health", &format!("/{id}/pairing"), &format!("/{id}/qr.svg")] {
        let page = app.ada(get(&format!("/settings/numbers{path}"))).await;
        page.hides("the-key-of-acme").hides(&hmac);
    }
    let everything = "SELECT string_agg(audit_entries::text, '') || (SELECT string_agg(waha_sessions::text, '') \
                      FROM waha_sessions) AS text FROM audit_entries";
    let rows = app.text(everything);
    assert!(
        !rows.contains("the-key-of-acme") && !rows.contains(&hmac) && !rows.contains(&hex::encode("the-key-of-acme"))
    );
    let jobs = app.text("SELECT string_agg(job::text, '') AS text FROM graphile_worker._private_jobs AS job");
    assert!(!jobs.contains("the-key-of-acme") && !jobs.contains(&hmac));
    app.take_jobs();
}

#[actix_web::test]
async fn htmx_gets_only_the_cards() {
    let app = TestApp::new().await;
    app.number("Workshop").await;

    let part = app.ada(get("/settings/numbers").htmx("number_cards")).await;
    part.shows("Workshop").hides("<h1>").hides("<html").hides("<dialog");

    let screen = app.ada(get("/settings/numbers").htmx("screen")).await;
    screen.shows("<h1>Numbers</h1>").shows("<title>").shows(r#"id="rail""#).hides("<html");
}

#[actix_web::test]
async fn the_number_of_statements_does_not_grow_with_the_numbers() {
    use crate::support::queries;
    let app = TestApp::new().await;
    let mut counted = Vec::new();
    for more in [1, 9] {
        for _ in 0..more {
            app.number(&uuid::Uuid::new_v4().simple().to_string()).await;
        }
        for path in ["/settings/numbers", "/settings/numbers/health", "/settings/numbers/new", "/"] {
            app.ada(get(path)).await;
            queries::take(app.url());
            assert_eq!(app.ada(get(path)).await.status, 200);
            counted.push(queries::take(app.url()).len());
        }
    }

    assert_eq!(counted[..4], counted[4..]);
    assert!(counted.iter().all(|count| (1..=13).contains(count)), "{counted:?}");
}
