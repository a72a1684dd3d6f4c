//! Settings → Numbers: what its pages show and refuse. What becomes of a wish at the gateway is in numbers/gateway.rs.

pub mod gateway;
mod pairing;
mod shown;

use super::support::talk::sign;
use super::support::{Ask, TestApp, form, get, post};
use switchboard::numbers::model::Status;

fn filled() -> Vec<(&'static str, &'static str)> {
    vec![
        ("name", "Workshop"),
        ("external_session_id", "acme-workshop"),
        ("engine", "GOWS"),
        ("waha_url", "https://waha.acme.test"),
        ("waha_api_key", "the-key-of-acme"),
    ]
}

#[actix_web::test]
async fn a_new_number_is_made_and_leads_to_its_pairing() {
    let app = TestApp::new().await;

    let answer = app.ada(form("/settings/numbers", &filled())).await;

    let id = app.text("SELECT id::text AS text FROM waha_sessions");
    assert_eq!((answer.status, answer.location()), (303, format!("/settings/numbers/{id}/pairing").as_str()));
    app.ada(get("/settings/numbers")).await.shows("Workshop").shows("acme-workshop").shows("waha.acme.test");
    assert_eq!(app.audited(), ["created waha_sessions"]);
    assert_eq!(app.take_jobs(), ["numbers:reconcile"]);
}

#[actix_web::test]
async fn htmx_is_led_there_without_a_reload() {
    let app = TestApp::new().await;

    let answer = app.ada(form("/settings/numbers", &filled()).htmx("screen")).await;

    assert_eq!(answer.status, 204);
    assert!(answer.header("hx-location").contains("/pairing") && answer.header("hx-location").contains("#screen"));
    app.take_jobs();
}

#[actix_web::test]
async fn a_rejected_form_keeps_what_was_typed_but_the_key() {
    let app = TestApp::new().await;
    let fields = [
        ("name", ""),
        ("external_session_id", "not a name"),
        ("engine", "NOWEB"),
        ("waha_url", "ftp://gateway"),
        ("waha_api_key", "the-key-of-acme"),
    ];

    let answer = app.ada(form("/settings/numbers", &fields)).await;

    assert_eq!(answer.status, 422);
    answer.shows("Enter a name").shows("Use letters, digits").shows(r#"value="not a name""#);
    answer.shows(r#"value="ftp://gateway""#).shows(r#"<option value="NOWEB" selected>"#).hides("the-key-of-acme");
    assert_eq!(app.count("FROM waha_sessions"), 0);
}

#[actix_web::test]
async fn the_form_proposes_a_session_name_that_is_free() {
    let app = TestApp::new().await;
    assert_eq!(app.ada(get("/settings/numbers/new")).await.field("external_session_id"), "acme-bikes");
    app.ada(
        form("/settings/numbers", &[("external_session_id", "acme-bikes")])
            .fields(&filled()[..1])
            .fields(&filled()[2..]),
    )
    .await;
    app.take_jobs();

    assert_eq!(app.ada(get("/settings/numbers/new")).await.field("external_session_id"), "acme-bikes-2");
}

#[actix_web::test]
async fn a_session_name_is_taken_once_within_a_tenant() {
    let app = TestApp::new().await;
    app.ada(form("/settings/numbers", &filled())).await;

    let answer = app.ada(form("/settings/numbers", &filled())).await;

    assert_eq!(answer.status, 422);
    answer.shows("Another number of yours has this session name.").shows(r#"value="Workshop""#);
    assert_eq!(app.carol(form("/settings/numbers", &filled())).await.status, 303, "Globex has its own gateway");
    app.take_jobs();
}

#[actix_web::test]
async fn without_a_default_gateway_the_tenants_own_is_asked_for() {
    let app = TestApp::new().await;

    let answer = app.ada(form("/settings/numbers", &filled()[..3])).await;

    assert_eq!(answer.shows("Enter the address of your WAHA gateway.").status, 422);
}

#[actix_web::test]
async fn each_step_is_written_down_and_asked_of_the_gateway() {
    for (step, audited, job) in [
        ("start", "changed waha_sessions", "numbers:reconcile"),
        ("stop", "changed waha_sessions", "numbers:reconcile"),
        ("logout", "logged_out waha_sessions", "numbers:carry_out"),
        ("deletion", "deleted waha_sessions", "numbers:carry_out"),
    ] {
        let app = TestApp::new().await;
        let id = app.number("Workshop").await;

        let answer = app.ada(post(&format!("/settings/numbers/{id}/{step}"))).await;

        assert_eq!((answer.status, answer.location()), (303, "/settings/numbers"), "{step}");
        assert_eq!(app.audited().last().unwrap(), audited);
        assert_eq!(app.take_jobs(), [job]);
        let actor = "FROM audit_entries JOIN users ON users.id = actor_id WHERE email = 'ada@acme.test' \
                     AND request_id IS NOT NULL AND audit_entries.ip_address = '192.0.2.1'";
        assert_eq!(app.count(actor), 1, "{step}");
    }
}

#[actix_web::test]
async fn a_manager_restarts_and_does_no_more() {
    let app = TestApp::new().await;
    let id = app.number("Workshop").await;

    assert_eq!(app.max(post(&format!("/settings/numbers/{id}/restart"))).await.status, 303);

    assert_eq!(app.audited()[2..], ["changed waha_sessions", "restarted waha_sessions"]);
    assert_eq!(app.take_jobs(), ["numbers:carry_out"]);
    for step in ["start", "stop", "logout", "deletion", "pairing/code"] {
        assert_eq!(app.max(post(&format!("/settings/numbers/{id}/{step}"))).await.status, 403, "{step}");
    }
    assert_eq!(app.max(get(&format!("/settings/numbers/{id}/pairing"))).await.status, 403);
    assert_eq!(app.bob(post(&format!("/settings/numbers/{id}/restart"))).await.status, 403);
    assert_eq!(app.olga(post(&format!("/settings/numbers/{id}/restart"))).await.status, 403);
    let refused = "FROM audit_entries WHERE action = 'refused' AND after ->> 'path' LIKE '/settings/numbers/%'";
    assert_eq!(app.count(refused), 8, "each refusal is written down");
}

#[actix_web::test]
async fn a_deleted_number_is_gone_for_everybody() {
    let app = TestApp::new().await;
    let id = app.number("Workshop").await;
    let signature = sign(&app.hmac_key(id).await, b"{}");
    app.ada(post(&format!("/settings/numbers/{id}/deletion"))).await;
    app.take_jobs();

    app.ada(get("/settings/numbers")).await.hides("Workshop").shows("Connect your first number");
    for ask in [post(&format!("/settings/numbers/{id}/start")), get(&format!("/settings/numbers/{id}/pairing"))] {
        assert_eq!(app.ada(ask).await.status, 404);
    }
    let webhook = post(&format!("/webhooks/waha/{id}")).header("x-webhook-hmac", &signature).body("{}");
    assert_eq!(app.anybody(webhook).await.status, 404, "its webhooks too");
    assert_eq!(app.ada(form("/settings/numbers", &filled())).await.status, 303, "its session name is free again");
    app.take_jobs();
}

#[actix_web::test]
async fn a_stranger_finds_nothing_and_changes_nothing() {
    let app = TestApp::new().await;
    let id = app.number("Workshop").await;
    let before = app.text("SELECT md5(string_agg(waha_sessions::text, '')) AS text FROM waha_sessions");

    app.carol(get("/settings/numbers")).await.hides("Workshop");
    for step in ["start", "stop", "restart", "logout", "deletion"] {
        assert_eq!(app.carol(post(&format!("/settings/numbers/{id}/{step}"))).await.status, 404, "{step}");
    }
    let code = form(&format!("/settings/numbers/{id}/pairing/code"), &[("phone", "+49 1512 3456789")]);
    assert_eq!(app.carol(code).await.status, 404);

    assert_eq!(app.text("SELECT md5(string_agg(waha_sessions::text, '')) AS text FROM waha_sessions"), before);
}

#[actix_web::test]
async fn whoever_is_not_signed_in_is_sent_to_sign_in() {
    let app = TestApp::new().await;

    let page = app.anybody(get("/settings/numbers")).await;
    assert_eq!((page.status, page.location()), (303, "/login?next=%2Fsettings%2Fnumbers"));

    let part = get("/settings/numbers").htmx("number_cards").header("hx-current-url", "http://desk.test/inbox");
    let part = app.anybody(part).await;
    assert_eq!((part.status, part.header("hx-redirect")), (401, "/login?next=%2Finbox"));

    let program = app.anybody(Ask::header(get("/settings/numbers"), "accept", "application/json")).await;
    assert_eq!((program.status, program.header("content-type")), (401, "application/problem+json"));
}

#[actix_web::test]
async fn the_dot_in_the_rail_counts_what_should_run() {
    let app = TestApp::new().await;
    let health = async || app.bob(get("/settings/numbers/health")).await;
    health().await.shows("No number is running").hides("<html");
    let one = app.number("One").await;
    let two = app.number("Two").await;
    health().await.shows("2 of 2 numbers working");

    app.reported(two, Status::Failed).await;
    health().await.shows("1 of 2 numbers working");

    app.ada(post(&format!("/settings/numbers/{two}/stop"))).await;
    health().await.shows("1 of 1 numbers working");
    app.reported(one, Status::Starting).await;
    health().await.shows("0 of 1 numbers working");
    app.take_jobs();
}
