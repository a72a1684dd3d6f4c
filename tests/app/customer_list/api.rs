//! Exports, as programs ask for them.

use super::{TestApp, Who, field, five, get, id_of, label, post, set, stick};
use crate::api::{problem, refused};
use crate::support::{Answer, Ask};
use serde_json::{Value, json};

const HERE: &str = "/api/v1/customers/exports";

async fn ask(app: &TestApp, who: Who, body: &Value) -> Answer {
    app.program(who, post(HERE).json(body)).await
}

/// The address of an export that is made.
async fn made(app: &TestApp, who: Who, body: &Value) -> String {
    let answer = ask(app, who, body).await;
    assert_eq!(answer.status, 202, "{answer:?}");
    app.run_jobs().await;
    answer.location().to_owned()
}

async fn file(app: &TestApp, who: Who, here: &str) -> Answer {
    app.program(who, get(&format!("{here}/file"))).await
}

/// The first names in the file, sorted.
async fn names(app: &TestApp, filter: Value) -> Vec<String> {
    let here = made(app, Who::Ada, &json!({ "format": "csv", "filter": filter, "columns": [] })).await;
    let answer = file(app, Who::Ada, &here).await;
    let mut names: Vec<String> =
        answer.html.lines().skip(1).map(|line| line.split(',').nth(1).unwrap().to_owned()).collect();
    names.sort();
    names
}

#[actix_web::test]
async fn a_file_is_asked_for_made_and_taken() {
    let app = TestApp::new().await;
    five(&app);
    let vip = label(&app, "VIP");
    stick(&app, &vip, "Ana");

    let body = json!({ "format": "csv", "filter": { "type": "regular" }, "columns": ["phone", "labels"] });
    let asked = ask(&app, Who::Max, &body).await;
    assert_eq!((asked.status, &asked.json()["state"], &asked.json()["total"]), (202, &json!("queued"), &json!(2)));
    let here = asked.location().to_owned();
    assert_eq!(file(&app, Who::Max, &here).await.status, 404, "it is not there yet");
    app.run_jobs().await;

    let export = app.program(Who::Max, get(&here)).await.json();
    assert_eq!((&export["state"], &export["done"], &export["left_out"]), (&json!("completed"), &json!(2), &json!(0)));
    assert!(export["file_until"].is_string() && export["file_name"].as_str().unwrap().ends_with(".csv"));
    let answer = file(&app, Who::Max, &here).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert!(answer.header("content-disposition").starts_with("attachment; filename=\"customers-"));
    let lines: Vec<&str> = answer.html.trim_start_matches('\u{FEFF}').lines().map(str::trim_end).collect();
    assert_eq!(lines[0], "id,first_name,last_name,whatsapp_name,type,phone,labels");
    assert!(
        lines.contains(&&*format!("{},Ana,Müller,,regular,'+49 1511 2345678,VIP", id_of(&app, "Ana"))),
        "{lines:?}"
    );
    assert_eq!(lines.len(), 3);
    let audited = app.audited();
    for entry in ["exported customers", "asked_for background_tasks", "downloaded background_tasks"] {
        assert!(audited.contains(&entry.to_owned()), "{entry}");
    }
}

#[actix_web::test]
async fn a_workbook_is_one() {
    let app = TestApp::new().await;
    five(&app);

    let here = made(&app, Who::Max, &json!({ "format": "xlsx" })).await;

    let answer = file(&app, Who::Max, &here).await;
    assert!(answer.header("content-type").ends_with("spreadsheetml.sheet") && answer.html.starts_with("PK"));
}

#[actix_web::test]
async fn the_filter_means_what_it_means_for_the_list() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("DELETE FROM customers WHERE customer_type = 'anonymous'");
    let vip = label(&app, "VIP");
    stick(&app, &vip, "José");
    field(&app, "tier", "text", "[]");
    set(&app, "Zoe", r#"{"tier": "gold"}"#);
    app.sql("UPDATE customers SET state = 'suspended' WHERE first_name = 'Zoe'");
    app.sql("UPDATE customers SET state = 'deleted', deleted_at = now() WHERE first_name = '小明'");

    for filter in [
        json!({}),
        json!({ "q": "ana" }),
        json!({ "type": "regular" }),
        json!({ "state": "suspended" }),
        json!({ "state": "deleted" }),
        json!({ "label": vip }),
    ] {
        let query: Vec<String> = filter
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={}", value.as_str().unwrap()))
            .collect();
        let list = app.program(Who::Ada, get(&format!("/api/v1/customers?{}", query.join("&")))).await.json();
        let mut listed: Vec<String> =
            list["data"].as_array().unwrap().iter().map(|row| row["first_name"].as_str().unwrap().to_owned()).collect();
        listed.sort();
        assert_eq!(names(&app, filter.clone()).await, listed, "{filter}");
    }
    assert_eq!(names(&app, json!({})).await, ["Ana", "José", "Zoe"]);
    assert_eq!(names(&app, json!({ "attributes": { "tier": { "is": "gold" } } })).await, ["Zoe"]);
    assert_eq!(names(&app, json!({ "attributes": { "tier": { "empty": true } } })).await, ["Ana", "José"]);
    assert_eq!(names(&app, json!({ "seen": "never", "until": "2000-01-01" })).await, [""; 0]);
}

#[actix_web::test]
async fn what_cannot_be_asked_for_is_named_and_nothing_is_begun() {
    let app = TestApp::new().await;
    field(&app, "orders", "number", "[]");
    let with = |filter: Value| json!({ "format": "csv", "filter": filter });
    let wrong = [
        (json!({}), "#/format"),
        (json!({ "format": "pdf" }), "#/format"),
        (json!({ "format": "csv", "columns": ["phone", "shoe"] }), "#/columns/1"),
        (with(json!({ "type": "royal" })), "#/filter/type"),
        (with(json!({ "state": "erased" })), "#/filter/state"),
        (with(json!({ "label": "x" })), "#/filter/label"),
        (with(json!({ "q": "x".repeat(201) })), "#/filter/q"),
        (with(json!({ "seen": "within", "days": 0 })), "#/filter/days"),
        (with(json!({ "consent": "perhaps" })), "#/filter/consent"),
        (with(json!({ "from": "0000-00-00" })), "#/filter/from"),
        (with(json!({ "attributes": { "shoe": { "is": "1" } } })), "#/filter/attributes/shoe"),
        (with(json!({ "attributes": { "orders": { "is": "many" } } })), "#/filter/attributes/orders/is"),
        (with(json!({ "colour": "red" })), "#/filter/colour"),
    ];

    for (body, pointer) in wrong {
        let answer = ask(&app, Who::Ada, &body).await;
        assert_eq!(problem(&answer), (422, "invalid_values".into()), "{body}");
        assert!(refused(&answer)[0].starts_with(&format!("{pointer}: ")), "{body}: {answer:?}");
    }
    assert_eq!(app.count("FROM background_tasks"), 0);
}

#[actix_web::test]
async fn a_token_that_may_see_no_addresses_gets_them_masked() {
    let app = TestApp::new().await;
    five(&app);
    let blind = app.token_for(Who::Max, &["customers:export"]);
    let body = json!({ "format": "csv", "columns": ["phone", "email"] });

    let asked = app.anybody(post(HERE).json(&body).bearer(&blind)).await;
    app.run_jobs().await;
    let masked = app.anybody(get(&format!("{}/file", asked.location())).bearer(&blind)).await;

    assert_eq!(asked.json()["is_masked"], true);
    masked.shows("Ana").hides("2345678").hides("ana@example.org");
    let whole = made(&app, Who::Max, &body).await;
    file(&app, Who::Max, &whole).await.shows("ana@example.org");
    let refusal = app.anybody(get(&format!("{whole}/file")).bearer(&blind)).await;
    assert_eq!((refusal.status, &refusal.json()["permission"]), (403, &json!("customers:read_addresses")));
}

#[actix_web::test]
async fn somebody_elses_is_not_there_and_neither_is_what_has_expired() {
    let app = TestApp::new().await;
    five(&app);
    let here = made(&app, Who::Max, &json!({ "format": "csv" })).await;

    assert_eq!(app.program(Who::Ada, get(&here)).await.status, 200, "administrators see all");
    for who in [Who::Bob, Who::Olga, Who::Pat] {
        assert_eq!(file(&app, who, &here).await.status, 403, "{who:?}");
        assert_eq!(ask(&app, who, &json!({ "format": "csv" })).await.status, 403, "{who:?}");
    }
    assert_eq!(file(&app, Who::Carol, &here).await.status, 404);
    let own = made(&app, Who::Ada, &json!({ "format": "csv" })).await;
    assert_eq!(file(&app, Who::Max, &own).await.status, 404);
    assert_eq!(app.program(Who::Max, get(&own)).await.status, 404);
    let narrow = app.token_for(Who::Max, &["customers:read", "tasks:read"]);
    assert_eq!(
        app.anybody(get(&format!("{here}/file")).bearer(&narrow)).await.json()["permission"],
        "customers:export"
    );

    app.sql("UPDATE background_tasks SET file_expires_at = now() - interval '1 second'");
    assert_eq!(problem(&file(&app, Who::Max, &here).await).0, 404);
    assert_eq!(app.program(Who::Max, get(&here)).await.json()["file_until"], Value::Null);
    app.sql("UPDATE background_tasks SET kind = 'test', file_expires_at = now() + interval '1 hour'");
    assert_eq!(file(&app, Who::Max, &here).await.status, 404, "other work is no export");
}

#[actix_web::test]
async fn whose_data_is_restricted_is_left_out_and_counted() {
    let app = TestApp::new().await;
    five(&app);
    app.sql("UPDATE customers SET restricted_at = now() WHERE first_name = 'Ana'");

    let here = made(&app, Who::Max, &json!({ "format": "csv", "filter": { "type": "regular" } })).await;

    assert_eq!(app.program(Who::Max, get(&here)).await.json()["left_out"], 1);
    file(&app, Who::Max, &here).await.shows("José").hides("Ana");
    let none: Ask = get(&format!("{HERE}/{}", uuid::Uuid::now_v7()));
    assert_eq!(app.program(Who::Max, none).await.status, 404);
}
