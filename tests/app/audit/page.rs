//! What the page shows, to whom, and what it refuses.

use super::entry;
use crate::support::talk::ANA;
use crate::support::{Answer, TestApp, form, get, post, queries};
use chrono::{DateTime, TimeDelta, Utc};

/// The ids of the entries on a page, in its order.
fn ids(answer: &Answer) -> Vec<String> {
    answer.html.split(r#"id="entry_"#).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

fn older(answer: &Answer) -> Option<String> {
    let (before, _) = answer.html.split_once(r#"" rel="next""#)?;
    Some(before.rsplit(r#"href=""#).next().unwrap().replace("&#38;", "&"))
}

#[actix_web::test]
async fn what_was_done_is_told_in_words_newest_first() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;

    app.ada(post(&format!("/conversations/{id}/resolution"))).await;

    let page = app.ada(get("/audit")).await;
    page.shows("<strong>Ada Arnold</strong> resolved a conversation").shows("192.0.2.1").shows("Today");
    page.shows(&format!(r#"href="/inbox/{id}""#)).shows("<strong>WhatsApp gateway</strong> created a customer");
    let request = app.text("SELECT left(request_id::text, 8) AS text FROM audit_entries WHERE action = 'resolved'");
    page.shows(&request);
    let first = app.text("SELECT id::text AS text FROM audit_entries WHERE action = 'resolved'");
    assert_eq!(ids(&page)[0], first);
}

#[actix_web::test]
async fn an_entry_opens_to_what_was_and_what_is_by_field() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    let id = app.conversation(number, ANA, &["Hello"]).await;
    app.ada(post(&format!("/conversations/{id}/resolution"))).await;

    let page = app.ada(get(&format!("/audit?row={id}&action=resolved"))).await;

    assert_eq!(ids(&page).len(), 1);
    page.shows(r#"<th scope="row">status</th>"#);
    page.shows(r#"<del><span aria-hidden="true">−</span>open</del>"#);
    page.shows(r#"<ins><span aria-hidden="true">+</span>resolved</ins>"#);
}

#[actix_web::test]
async fn pages_follow_each_other_without_gaps_whatever_comes_meanwhile() {
    let app = TestApp::new().await;
    let now = Utc::now();
    let expected: Vec<String> = (0..120)
        .map(|minutes| entry(&app, None, "tested", "users", now - TimeDelta::minutes(minutes)).to_string())
        .collect();

    let mut page = app.ada(get("/audit?action=tested")).await;
    let mut seen = ids(&page);
    while let Some(href) = older(&page) {
        entry(&app, None, "tested", "users", Utc::now());
        page = app.ada(get(&href)).await;
        page.shows("Newest");
        seen.extend(ids(&page));
    }

    assert_eq!(seen, expected);
}

#[actix_web::test]
async fn each_filter_finds_its_own_and_they_narrow_each_other() {
    let app = TestApp::new().await;
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let one = entry(&app, Some("bob@acme.test"), "changed", "teams", at("2026-03-01T22:59:00Z")).to_string();
    let two = entry(&app, Some("bob@acme.test"), "deleted", "teams", at("2026-03-01T23:00:00Z")).to_string();
    let three = entry(&app, Some("eve@acme.test"), "changed", "teams", at("2026-03-02T12:00:00Z")).to_string();
    let four = entry(&app, None, "purged", "audit_entries", at("2026-03-03T12:00:00Z")).to_string();
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    let find = async |query: &str| ids(&app.ada(get(&format!("/audit?to=2026-03-31&{query}"))).await);

    assert_eq!(find("").await, [&four, &three, &two, &one].map(String::clone));
    assert_eq!(find(&format!("by={bob}")).await, [two.clone(), one.clone()]);
    assert_eq!(find("by=desk").await, vec![four.clone()]);
    assert_eq!(find("action=changed").await, [three.clone(), one.clone()]);
    assert_eq!(find("entity=audit_entries").await, vec![four.clone()]);
    assert_eq!(find(&format!("row={two}")).await, vec![two.clone()]);
    assert_eq!(find("from=2026-03-02").await.last(), Some(&two), "a day begins at midnight in Berlin");
    assert_eq!(ids(&app.ada(get("/audit?from=2026-03-01&to=2026-03-01")).await), vec![one.clone()]);
    assert_eq!(find(&format!("by={bob}&action=changed&entity=teams&from=2026-03-01")).await, [one]);
    app.ada(get("/audit?action=unheard_of")).await.shows("Nothing fits").shows(r#"value="unheard_of" selected"#);
}

#[actix_web::test]
async fn a_filter_that_cannot_be_read_says_so_and_keeps_what_was_typed() {
    let app = TestApp::new().await;

    for (query, message) in [
        ("by=nobody", "There is no such actor."),
        ("action=%27+OR+1", "There is no such action."),
        ("entity=a%00b", "There is no such kind of row."),
        ("row=12", "id looks like"),
        ("from=yesterday", "Enter a day"),
        ("to=2026-02-30", "Enter a day"),
        ("from=2026-03-02&to=2026-03-01", "lies before the first"),
        ("after=x", "There is no such page."),
    ] {
        let answer = app.ada(get(&format!("/audit?{query}"))).await;
        assert_eq!(answer.status, 422, "{query}");
        answer.shows(message).shows("This cannot be looked for");
        assert!(ids(&answer).is_empty(), "{query}");
    }
    app.ada(get("/audit?row=12&from=2026-03-01")).await.shows(r#"value="12""#).shows(r#"value="2026-03-01""#);
    assert_eq!(app.ada(get("/audit?by=job&by=desk")).await.status, 400, "a field that comes twice");
}

#[actix_web::test]
async fn administrators_and_auditors_read_it_and_nobody_else() {
    let app = TestApp::new().await;

    app.ada(get("/audit")).await.shows("Keep entries for").shows("/audit/export");
    app.olga(get("/audit")).await.shows("Kept for ever").shows("/audit/export").hides("Keep entries for");
    assert_eq!(app.max(get("/audit")).await.status, 403);
    assert_eq!(app.bob(get("/audit")).await.status, 403);
    assert_eq!(app.anybody(get("/audit?by=job")).await.location(), "/login?next=%2Faudit%3Fby%3Djob");
    app.ada(get("/settings/numbers")).await.shows(r#"href="/audit""#);
    app.max(get("/settings/numbers")).await.hides(r#"href="/audit""#);
}

#[actix_web::test]
async fn a_stranger_sees_nothing_of_it() {
    let app = TestApp::new().await;
    let id = entry(&app, Some("ada@acme.test"), "changed", "teams", Utc::now()).to_string();

    for query in ["".to_owned(), format!("?row={id}"), "?entity=teams".to_owned()] {
        let page = app.carol(get(&format!("/audit{query}"))).await;
        page.hides(&format!("entry_{id}")).hides("Ada Arnold");
    }
}

#[actix_web::test]
async fn an_auditor_sees_addresses_masked_in_what_changed() {
    let app = TestApp::new().await;
    app.sql("UPDATE audit_entries SET after = after || '{\"phone\": \"4915123456789\", \"text\": \"to eve@acme.test\"}' WHERE entity = 'users'");

    app.ada(get("/audit")).await.shows("bob@acme.test").shows("4915123456789").shows("to eve@acme.test");
    let page = app.olga(get("/audit")).await;

    page.hides("bob@acme.test").hides("eve@acme.test").hides("4915123456789");
    page.shows("b•••@acme.test").shows("+49 ••• 89");
}

#[actix_web::test]
async fn names_stand_for_users_also_for_those_who_have_left() {
    let app = TestApp::new().await;
    let bob = app.text("SELECT id::text AS text FROM users WHERE email = 'bob@acme.test'");
    app.bob(form("/account/theme", &[("theme", "dark")])).await;
    app.sql(&format!("UPDATE users SET deleted_at = now() WHERE id = '{bob}'"));

    let page = app.ada(get(&format!("/audit?by={bob}"))).await;

    page.shows("<strong>Bob Baker</strong> changed their own account").shows(r#"<th scope="row">theme</th>"#);
    page.shows(&format!(r#"<option value="{bob}" selected>Bob Baker</option>"#));
}

#[actix_web::test]
async fn a_page_costs_few_statements_however_many_entries_it_has() {
    let app = TestApp::new().await;
    for minutes in 0..60 {
        entry(&app, Some("bob@acme.test"), "tested", "users", Utc::now() - TimeDelta::minutes(minutes));
    }
    app.ada(get("/audit")).await;
    queries::take(app.url());

    app.ada(get("/audit?action=tested")).await;

    let statements = queries::take(app.url());
    let asked: Vec<_> = statements.iter().filter(|sql| sql.starts_with("SELECT")).collect();
    assert!(asked.len() <= 4, "{asked:#?}");
}
