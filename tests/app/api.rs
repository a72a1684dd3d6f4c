//! `/api/v1`, as programs meet it.

mod access;
mod bad_inputs;
mod clients;
mod customers;
mod description;
mod exchange;
mod people;
mod resources;

use super::support::cast::PASSWORD;
use super::support::{Answer, Ask, TestApp, Who, post};
use serde_json::{Value, json};

/// Address and password for tokens.
pub fn sign_in(email: &str, password: &str) -> Ask {
    post("/api/v1/auth/token").json(&json!({ "email": email, "password": password }))
}

pub fn refresh(token: &str) -> Ask {
    post("/api/v1/auth/refresh").json(&json!({ "refresh_token": token }))
}

pub fn revoke(token: &str) -> Ask {
    post("/api/v1/auth/revoke").json(&json!({ "refresh_token": token }))
}

/// A signed-in program's tokens: access, refresh.
pub async fn signed_in(app: &TestApp, who: Who) -> (String, String) {
    let answer = app.anybody(sign_in(who.email(), PASSWORD)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    pair(&answer)
}

pub fn pair(answer: &Answer) -> (String, String) {
    let tokens = answer.json();
    let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
    (text("access_token"), text("refresh_token"))
}

/// Status and type of a problem.
#[track_caller]
pub fn problem(answer: &Answer) -> (u16, String) {
    assert_eq!(answer.header("content-type"), "application/problem+json", "{answer:?}");
    let body = answer.json();
    assert_eq!(body["status"], answer.status, "{body}");
    assert_eq!(body["request_id"], answer.header("x-request-id"), "{body}");
    assert!(body["detail"].as_str().is_some_and(|words| words.ends_with(['.', '?'])), "{body}");
    (answer.status, body["type"].as_str().unwrap().to_owned())
}

/// What a problem says of its values, as "pointer: words".
pub fn refused(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let item = |error: &Value| format!("{}: {}", error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap());
    body["errors"].as_array().into_iter().flatten().map(item).collect()
}
