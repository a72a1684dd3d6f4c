//! The description says what is there, and what is there answers as it says.

use super::problem;
use crate::support::{Ask, TestApp, Who, get};
use serde_json::{Value, json};

/// (method, path, operation) of the document.
pub fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.push((method.to_uppercase(), path.clone(), operation.clone()));
        }
    }
    found
}

pub async fn document(app: &TestApp) -> Value {
    let answer = app.anybody(get("/api/v1/openapi.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
    answer.json()
}

/// The permission that an operation names; None for those that take no token.
pub fn scope(operation: &Value) -> Option<&str> {
    operation["security"][0]["bearer"][0].as_str()
}

#[actix_web::test]
async fn every_operation_is_described_and_every_description_is_one() {
    let app = TestApp::new().await;
    let document = document(&app).await;

    let mut described: Vec<_> = operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    described.sort();
    let routes = crate::routes::routes(&app).await;
    let there: Vec<_> = routes.into_iter().filter(|(_, path)| path.starts_with("/api/")).collect();

    assert_eq!(described, there);
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
}

#[actix_web::test]
async fn an_operation_says_who_it_is_for_and_what_can_go_wrong() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let mut names = Vec::new();

    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(operation["summary"].as_str().is_some_and(|words| words.ends_with('.')), "{at}");
        names.push(operation["operationId"].as_str().unwrap().to_owned());
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{at}");
        assert!(answers.contains_key("500") && answers.contains_key("503"), "{at}");
        let is_open = operation["security"] == json!([{}]);
        assert_eq!(scope(&operation).is_none(), is_open, "{at}");
        for status in ["401", "403"] {
            assert!(is_open || answers.contains_key(status), "{at} {status}");
        }
        assert_eq!(answers.contains_key("404"), path.contains('{'), "{at}");
        assert_eq!(answers.contains_key("415"), operation.get("requestBody").is_some(), "{at}");
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "operations have names of their own");
}

#[actix_web::test]
async fn an_operation_needs_the_permission_that_it_names() {
    let app = TestApp::new().await;
    let document = document(&app).await;

    for (method, path, operation) in operations(&document) {
        let Some(scope) = scope(&operation) else { continue };
        let others: Vec<_> = Who::Ada.role().permissions().filter(|name| *name != scope).collect();
        let token = app.token_for(Who::Ada, &others);
        let address = filled(&path);
        let ask = Ask::new(method.parse().unwrap(), &address).json(&json!({})).bearer(&token);

        let answer = app.anybody(ask).await;

        assert_eq!(problem(&answer), (403, "permission_missing".into()), "{method} {path}");
        assert_eq!(answer.json()["permission"], *scope, "{method} {path}");
    }
}

/// With ids that nobody has.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => uuid::Uuid::now_v7().to_string(),
        false => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[actix_web::test]
async fn nothing_in_the_description_points_nowhere() {
    let app = TestApp::new().await;
    let document = document(&app).await;
    let mut references = Vec::new();
    collect(&document, &mut references);

    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}
