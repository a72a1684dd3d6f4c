//! Consents, as programs write them down and read them.

use super::customer;
use crate::api::{problem, refused};
use crate::support::talk::{ANA, BEN};
use crate::support::{Answer, Ask, TestApp, Who, delete, get, post};
use actix_web::http::Method;
use serde_json::{Value, json};

async fn with_ana() -> (TestApp, String) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    app.conversation(number, ANA, &["Yes, send me offers"]).await;
    app.conversation(number, BEN, &["Hi"]).await;
    let ana = customer(&app, ANA);
    app.take_jobs();
    (app, format!("/api/v1/customers/{ana}"))
}

fn said(state: &str, at: &str) -> Value {
    json!({
        "purpose": "marketing", "channel": "whatsapp", "state": state, "lawful_basis": "consent", "source": "web form",
        "evidence": "Called from +351 912 345 678", "occurred_at": at,
    })
}

fn with(mut body: Value, member: &str, value: Value) -> Value {
    body[member] = value;
    body
}

async fn add(app: &TestApp, ana: &str, body: &Value) -> Answer {
    app.program(Who::Bob, post(&format!("{ana}/consents")).json(body)).await
}

/// "state occurred_at" of a list.
fn words(list: &Value) -> Vec<String> {
    let word = |row: &Value| format!("{} {}", row["state"].as_str().unwrap(), row["occurred_at"].as_str().unwrap());
    list["data"].as_array().unwrap().iter().map(word).collect()
}

#[actix_web::test]
async fn what_was_said_is_added_and_the_newest_word_counts() {
    let (app, ana) = with_ana().await;
    let message = app.text(&format!("SELECT id::text AS text FROM messages WHERE from_msisdn = '{ANA}'"));

    let given = add(&app, &ana, &with(said("given", "2026-03-02T10:00:00Z"), "message", json!(message))).await;
    let older = add(&app, &ana, &said("withdrawn", "2026-03-01T10:00:00+01:00")).await;

    assert_eq!((given.status, older.status), (201, 201), "{given:?} {older:?}");
    assert_eq!(given.json()["message"], json!(message));
    let list = app.program(Who::Bob, get(&format!("{ana}/consents"))).await.json();
    assert_eq!(
        words(&list),
        ["withdrawn 2026-03-01T09:00:00Z", "given 2026-03-02T10:00:00Z"],
        "as it was written down"
    );
    let now = app.program(Who::Bob, get(&format!("{ana}/consent-states"))).await.json();
    assert_eq!(words(&now), ["given 2026-03-02T10:00:00Z"]);
    let who = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    assert_eq!(list["data"][0]["recorded_by"], json!(who));
    let audited = app.audited();
    assert!(audited.contains(&"agreed consents".to_owned()) && audited.contains(&"withdrew consents".to_owned()));
}

#[actix_web::test]
async fn without_a_moment_it_was_said_just_now() {
    let (app, ana) = with_ana().await;

    let answer = add(&app, &ana, &with(said("given", ""), "occurred_at", Value::Null)).await;

    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(app.count("FROM consents WHERE occurred_at > now() - interval '1 minute'"), 1);
}

#[actix_web::test]
async fn the_ledger_goes_by_pages_and_can_be_narrowed() {
    let (app, ana) = with_ana().await;
    for day in 1..=3 {
        add(&app, &ana, &said("given", &format!("2026-03-0{day}T10:00:00Z"))).await;
    }
    add(&app, &ana, &with(said("withdrawn", "2026-03-04T10:00:00Z"), "channel", json!("email"))).await;
    let list = async |query: &str| app.program(Who::Bob, get(&format!("{ana}/consents?{query}"))).await;

    let first = list("limit=2").await.json();
    assert_eq!(words(&first), ["withdrawn 2026-03-04T10:00:00Z", "given 2026-03-03T10:00:00Z"]);
    let rest = list(&format!("limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await.json();
    assert_eq!(words(&rest), ["given 2026-03-02T10:00:00Z", "given 2026-03-01T10:00:00Z"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    assert_eq!(words(&list("state=withdrawn&channel=email&purpose=marketing").await.json()).len(), 1);
    assert_eq!(words(&list("state=withdrawn&channel=whatsapp").await.json()).len(), 0);
    for query in ["purpose=everything", "channel=fax", "state=perhaps", "cursor=x", "limit=0"] {
        let name = query.split_once('=').unwrap().0;
        assert!(refused(&list(query).await)[0].starts_with(&format!("#/{name}: ")), "{query}");
    }
}

#[actix_web::test]
async fn what_cannot_be_is_named_and_nothing_is_stored() {
    let (app, ana) = with_ana().await;
    let his = app.text(&format!("SELECT id::text AS text FROM messages WHERE from_msisdn = '{BEN}'"));
    let good = || said("given", "2026-03-01T10:00:00Z");
    let wrong = [
        ("occurred_at", json!("9999-12-31T00:00:00Z"), "This is to come, or before 2000."),
        ("occurred_at", json!("1999-12-31T23:59:59Z"), "This is to come, or before 2000."),
        ("purpose", json!("everything"), "Choose one of the list."),
        ("channel", json!("fax"), "Choose one of the list."),
        ("state", json!(""), "Choose one of the list."),
        ("lawful_basis", json!("because"), "Choose one of the list."),
        ("evidence", json!("x".repeat(2001)), "At most 2,000 characters."),
        ("message", json!(his), "This message is in no conversation with this customer."),
    ];

    for (member, value, words) in wrong {
        let answer = add(&app, &ana, &with(good(), member, value)).await;
        assert_eq!(problem(&answer), (422, "invalid_values".into()));
        assert_eq!(refused(&answer), [format!("#/{member}: {words}")]);
    }
    let nothing = add(&app, &ana, &json!({})).await;
    assert_eq!(refused(&nothing).len(), 5, "{nothing:?}");
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let future = add(&app, &ana, &said("given", &tomorrow.to_rfc3339())).await;
    assert!(refused(&future)[0].starts_with("#/occurred_at: "));
    assert!(refused(&add(&app, &ana, &said("given", "yesterday")).await)[0].starts_with("#/occurred_at: "));

    assert_eq!(app.count("FROM consents"), 0);
}

#[actix_web::test]
async fn nobody_changes_or_takes_away_what_was_said() {
    let (app, ana) = with_ana().await;
    add(&app, &ana, &said("given", "2026-03-01T10:00:00Z")).await;
    let here = format!("{ana}/consents");

    for ask in [delete(&here), Ask::new(Method::PATCH, &here).json(&json!({ "state": "withdrawn" }))] {
        let answer = app.program(Who::Ada, ask).await;
        assert_eq!(problem(&answer).0, 405);
        assert_eq!(answer.header("allow"), "GET, POST");
    }
}

#[actix_web::test]
async fn auditors_read_it_masked_and_strangers_not_at_all() {
    let (app, ana) = with_ana().await;
    add(&app, &ana, &said("given", "2026-03-01T10:00:00Z")).await;
    let here = format!("{ana}/consents");

    let olga = app.program(Who::Olga, get(&here)).await;
    olga.shows("Called from").hides("912 345 678");
    let body = said("given", "2026-03-01T10:00:00Z");
    assert_eq!(app.program(Who::Olga, post(&here).json(&body)).await.status, 403);
    assert_eq!(app.program(Who::Carol, get(&here)).await.status, 404);
    assert_eq!(app.program(Who::Carol, get(&format!("{ana}/consent-states"))).await.status, 404);
    assert_eq!(app.program(Who::Carol, post(&here).json(&body)).await.status, 404);
    let reads = app.token_for(Who::Bob, &["customers:read"]);
    let narrow = app.anybody(post(&here).json(&body).bearer(&reads)).await;
    assert_eq!(narrow.json()["permission"], "customers:write");
    app.anybody(get(&here).bearer(&reads)).await.hides("912 345 678");
    assert_eq!(app.count("FROM consents"), 1);
}

#[actix_web::test]
async fn a_look_is_written_down_and_nothing_is_added_about_somebody_erased() {
    let (app, ana) = with_ana().await;

    app.program(Who::Olga, get(&format!("{ana}/consents"))).await;
    app.program(Who::Olga, get(&format!("{ana}/consent-states"))).await;
    assert_eq!(app.audited().iter().filter(|entry| *entry == "read customers").count(), 1, "both are one look");

    app.sql("UPDATE customers SET state = 'deleted', deleted_at = now()");
    app.sql("UPDATE customers SET state = 'erased'");
    let answer = add(&app, &ana, &said("given", "2026-03-01T10:00:00Z")).await;
    assert_eq!(problem(&answer).0, 422, "{answer:?}");
    assert_eq!(app.count("FROM consents"), 0);
}
