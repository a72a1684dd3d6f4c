//! The log as a file.

use super::entry;
use crate::support::{TestApp, get, queries};
use chrono::{TimeDelta, Utc};
use serde_json::Value;

#[actix_web::test]
async fn a_spreadsheet_gets_a_head_and_a_row_for_each_entry() {
    let app = TestApp::new().await;
    entry(&app, Some("bob@acme.test"), "changed", "teams", Utc::now());

    let answer = app.ada(get("/audit/export?format=csv&entity=teams")).await;

    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"audit-"));
    assert!(answer.header("content-disposition").ends_with(".csv\""));
    let lines: Vec<_> = answer.html.lines().collect();
    assert!(lines[0].starts_with("id,at,actor_kind,actor_id,actor,via,action,entity"), "{lines:?}");
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains(",user,") && lines[1].contains(",Bob Baker,") && lines[1].contains(",changed,teams,"));
}

#[actix_web::test]
async fn a_program_gets_an_object_a_line_in_the_pages_order_over_all_batches() {
    let app = TestApp::new().await;
    app.sql(&format!(
        "INSERT INTO audit_entries (tenant_id, id, action, entity, created_at) SELECT '{}', \
         (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint + n), 12, '0') || '70008000000000000000')::uuid, 'tested', 'users', now() \
         FROM generate_series(1, 2500) AS n",
        app.acme
    ));
    queries::take(app.url());

    let answer = app.ada(get("/audit/export?format=jsonl&action=tested")).await;

    let ids: Vec<String> = answer.html.lines().map(id).collect();
    let mut in_order = ids.clone();
    in_order.sort_by(|one, other| other.cmp(one));
    in_order.dedup();
    assert_eq!((ids.len(), &ids), (2500, &in_order));
    let read = queries::take(app.url()).iter().filter(|sql| sql.contains("ORDER BY \"audit_entries\"")).count();
    assert_eq!(read, 3, "a thousand at a time");
}

fn id(line: &str) -> String {
    serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn taking_the_log_out_is_an_entry_of_it() {
    let app = TestApp::new().await;

    app.olga(get("/audit/export?format=jsonl&action=changed&from=2026-01-01")).await;

    let after = app.text("SELECT after::text AS text FROM audit_entries WHERE action = 'exported'");
    assert_eq!(after, r#"{"filter": "action=changed&from=2026-01-01", "format": "jsonl"}"#);
    app.ada(get("/audit")).await.shows("<strong>Olga Orlow</strong> exported the audit log");
}

#[actix_web::test]
async fn no_cell_is_a_formula_and_an_auditors_file_is_masked() {
    let app = TestApp::new().await;
    app.sql("UPDATE users SET first_name = '=HYPERLINK(1)' WHERE email = 'bob@acme.test'");
    entry(&app, Some("bob@acme.test"), "changed", "teams", Utc::now());

    app.ada(get("/audit/export?entity=teams")).await.shows(",'=HYPERLINK(1) Baker,");

    app.ada(get("/audit/export?entity=users")).await.shows("eve@acme.test");
    let hers = app.olga(get("/audit/export?entity=users")).await;
    hers.hides("eve@acme.test").shows("e•••@acme.test");
}

#[actix_web::test]
async fn who_may_not_gets_no_file_and_bad_wishes_are_refused() {
    let app = TestApp::new().await;
    entry(&app, None, "changed", "teams", Utc::now() - TimeDelta::minutes(1));

    assert_eq!(app.bob(get("/audit/export")).await.status, 403);
    assert_eq!(app.max(get("/audit/export")).await.status, 403);
    assert_eq!(app.anybody(get("/audit/export")).await.status, 303);
    app.carol(get("/audit/export")).await.hides("teams");
    for query in ["format=xml", "from=yesterday", "row=1", "entity=%00"] {
        assert_eq!(app.ada(get(&format!("/audit/export?{query}"))).await.status, 400, "{query}");
    }
    assert_eq!(app.count("FROM audit_entries WHERE action = 'exported'"), 1, "Carol's own");
}
