//! Auditors see phone numbers and addresses masked on every page, in every export and every answer of the API.

use super::customer;
use crate::routes::table::TABLE;
use crate::support::talk::{event, said};
use crate::support::{TestApp, Who, form, get};
use actix_web::http::header::CONTENT_TYPE;
use serde_json::json;

const PHONE: &str = "447911123456";
const MAIL: &str = "zelda@example.org";

/// Somebody with both addresses, wherever such words can stand.
async fn planted() -> (TestApp, Vec<(&'static str, String)>) {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let words = format!("Call me at +44 7911 123456 or write to {MAIL}");
    app.conversation(number, PHONE, &[&words]).await;
    let group = "120363041234567890@g.us";
    let message = json!({
        "id": format!("false_{group}_3AGROUP1_{PHONE}@c.us"), "timestamp": chrono::Utc::now().timestamp(), "from": group,
        "participant": format!("{PHONE}@c.us"), "fromMe": false, "body": words, "hasMedia": false,
    });
    app.told(number, &event("message.any", message)).await;
    app.hears(number, said(PHONE, &words)).await;
    let id = customer(&app, PHONE);
    let thread = app.conversation_with(PHONE).to_string();
    let edit = [
        ("phone", format!("+{PHONE}")),
        ("email", MAIL.into()),
        ("first_name", "Zelda".into()),
        ("note", words.clone()),
    ];
    let edit: Vec<(&str, &str)> = edit.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let saved = app.ada(form(&format!("/customers/{id}"), &edit)).await;
    assert_eq!(saved.status, 303, "{}", saved.html);
    let today = chrono::Utc::now().date_naive().to_string();
    let case =
        [("kind", "access"), ("requester", &*words), ("details", &words), ("customer", &id), ("received_on", &today)];
    let case = super::id_of(app.ada(form("/gdpr/requests", &case)).await.location());
    app.ada(form(&format!("/gdpr/requests/{case}/notes"), &[("note", &words)])).await;
    app.ada(form(&format!("/customers/{id}/holds"), &[("hold_reason", &words)])).await;
    let consent = [
        ("purpose", "marketing"),
        ("channel", "email"),
        ("state", "given"),
        ("lawful_basis", "consent"),
        ("source", MAIL),
        ("evidence", &words),
        ("occurred_on", &today),
    ];
    app.ada(form(&format!("/customers/{id}/consents"), &consent)).await;
    app.ada(form(&format!("/customers/{id}/state"), &[("state", "suspended"), ("reason", &words)])).await;
    app.ada(form("/gdpr/retention", &[("name", "Old"), ("action", "archive"), ("idle_days", "730")])).await;
    let (ada, now) = (app.text("SELECT id::text AS text FROM users WHERE email = 'ada@acme.test'"), chrono::Utc::now());
    let started = now.format("%Y-%m-%dT%H:%M").to_string();
    let call = [
        ("direction", "outbound"),
        ("customer", &id),
        ("user", &ada),
        ("started", &started),
        ("outcome", "nobody"),
        ("note", &words),
    ];
    assert_eq!(app.ada(form("/calls", &call)).await.status, 303);
    let of = |table: &str| app.text(&format!("SELECT id::text AS text FROM {table} LIMIT 1"));
    let ids = vec![
        ("{customer}", id.clone()),
        ("{conversation}", thread),
        ("{message}", of("messages")),
        ("{number}", of("waha_sessions")),
        ("{case}", case.clone()),
        ("{rule}", of("retention_rules")),
        ("{hold}", of("legal_holds")),
        ("{user}", app.text("SELECT id::text AS text FROM users WHERE email = 'eve@acme.test'")),
        ("{tenant}", app.acme.to_string()),
        ("{identity}", of("customer_identities")),
        ("{call}", of("calls")),
    ];
    app.take_jobs();
    (app, ids)
}

/// Neither address, however its digits are parted.
#[track_caller]
fn hides(text: &str, place: &str) {
    let digits: String = text.chars().filter(|char| !" +-()\u{A0}".contains(*char)).collect();
    for (held, word) in [(digits.as_str(), "7911123456"), (text, MAIL), (text, "zelda%40example")] {
        if let Some(at) = held.find(word) {
            let from = held[..at].char_indices().rev().nth(80).map_or(0, |(at, _)| at);
            panic!("{place} shows {word}: …{}", &held[from..at + word.len()]);
        }
    }
}

#[actix_web::test]
async fn the_auditor_finds_neither_on_any_page_export_or_answer() {
    let (app, ids) = planted().await;
    let mut seen = 0;

    for line in TABLE.iter().filter(|line| line.method == "GET" && line.answers[4] == 200 && line.path != "/events") {
        let path = ids.iter().fold(line.path.to_owned(), |path, (name, id)| path.replace(name, id));
        let answer = match line.is_api() {
            true => app.program(Who::Olga, get(&path)).await,
            false => app.olga(get(&path)).await,
        };
        let is_text = answer.headers.get(CONTENT_TYPE).is_none_or(|kind| !kind.to_str().unwrap().starts_with("image/"));
        if is_text && !line.path.starts_with("/assets/") {
            hides(&answer.html, line.path);
            seen += usize::from(answer.status == 200);
        }
    }
    for path in ["/audit/export?format=jsonl", "/gdpr?state=closed", "/gdpr/holds?state=over", "/inbox?queue=all"] {
        hides(&app.olga(get(path)).await.html, path);
    }

    assert!(seen > 25, "only {seen} pages were looked at");
    app.take_jobs();
}

#[actix_web::test]
async fn what_the_auditor_does_not_see_is_there_for_others() {
    let (app, ids) = planted().await;
    let id = &ids[0].1;

    app.ada(get(&format!("/customers/{id}"))).await.shows("+44 7911 123456").shows(MAIL);
    app.ada(get(&format!("/inbox/{}", ids[1].1))).await.shows(MAIL);
    app.ada(get("/audit/export")).await.shows(MAIL);
    let page = app.olga(get(&format!("/customers/{id}"))).await;
    page.shows("+44 ••• 56").shows("z•••@example.org").shows("Zelda");
    app.take_jobs();
}
