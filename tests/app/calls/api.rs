//! Calls for programs.

use crate::support::http::Ask;
use crate::support::talk::ANA;
use crate::support::{TestApp, Who, delete, get, post};
use actix_web::http::Method;
use serde_json::json;

const HERE: &str = "/api/v1/calls";

#[actix_web::test]
async fn a_program_writes_reads_changes_and_deletes_calls() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana")]).await.to_string();
    let body = json!({
        "direction": "outbound", "customer_id": ana, "started_at": "2026-11-20T10:00:00Z", "duration_seconds": 90,
        "note": "Call +351 912 345 678",
    });

    let made = app.program(Who::Bob, post(HERE).json(&body)).await;

    assert_eq!(made.status, 201, "{}", made.html);
    let (call, at) = (made.json(), made.header("location").to_owned());
    assert_eq!((&call["status"], &call["duration_seconds"]), (&json!("completed"), &json!(90)));
    assert_eq!(app.program(Who::Bob, get(HERE)).await.json()["data"][0]["id"], call["id"]);
    assert_eq!(app.program(Who::Olga, get(&at)).await.json()["note"], "Call +35 ••• 78");
    assert_eq!(app.program(Who::Eve, get(&at)).await.status, 404);
    let change = Ask::new(Method::PATCH, &at).json(&json!({ "duration_seconds": null, "note": null }));
    let changed = app.program(Who::Bob, change).await.json();
    assert_eq!((&changed["status"], &changed["note"]), (&json!("failed"), &json!(null)));
    assert_eq!(app.program(Who::Bob, delete(&at)).await.status, 204);
    assert_eq!(app.program(Who::Bob, get(&at)).await.status, 404);
}

#[actix_web::test]
async fn what_does_not_fit_is_refused_by_its_pointer() {
    let app = TestApp::new().await;
    let ana = app.customer(&[("first_name", "Ana")]).await.to_string();
    let call = |more: serde_json::Value| {
        let mut body = json!({ "direction": "outbound", "customer_id": ana, "started_at": "2026-11-20T10:00:00Z" });
        more.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
        body
    };
    let cases = [
        (call(json!({ "customer_id": null })), "#/customer_id"),
        (call(json!({ "customer_id": uuid::Uuid::now_v7() })), "#"),
        (call(json!({ "started_at": "2999-01-01T00:00:00Z" })), "#/started_at"),
        (call(json!({ "duration_seconds": 90_000 })), "#/duration_seconds"),
        (call(json!({ "direction": "internal" })), "#/customer_id"),
        (call(json!({ "user_id": app.user(Who::Eve) })), "#"),
        (call(json!({ "note": "x".repeat(2001) })), "#/note"),
    ];

    for (body, pointer) in cases {
        let answer = app.program(Who::Bob, post(HERE).json(&body)).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }

    assert_eq!(app.count("FROM calls"), 0);
    assert_eq!(app.program(Who::Olga, post(HERE).json(&call(json!({})))).await.status, 403);
    for query in ["status=x", "user=x", "to_return=maybe", "limit=0", "cursor=x"] {
        assert_eq!(app.program(Who::Max, get(&format!("{HERE}?{query}"))).await.status, 422, "{query}");
    }
}

#[actix_web::test]
async fn the_list_is_filtered_and_goes_by_cursor() {
    let app = TestApp::new().await;
    let number = app.number("Workshop").await;
    for seconds in [100, 200, 300] {
        app.missed(number, ANA, seconds).await;
    }

    let first = app.program(Who::Max, get(&format!("{HERE}?limit=2&to_return=true&status=failed"))).await.json();
    let next = first["next_cursor"].as_str().unwrap();
    let rest = app.program(Who::Max, get(&format!("{HERE}?limit=2&cursor={next}"))).await.json();

    assert_eq!((first["data"].as_array().unwrap().len(), rest["data"].as_array().unwrap().len()), (2, 1));
    assert_eq!(rest["next_cursor"], json!(null));
    assert_eq!(first["data"][0]["is_missed"], json!(true));
}
