//! Why a call is refused, in the exact bodies that WAHA answers with.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};

use super::gateway::{VERSION, environment};
use super::state::{Engine, Status};

#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    fn new(status: StatusCode, body: Value) -> Self {
        Self { status, body }
    }

    /// Nest's usual body.
    fn plain(status: StatusCode, message: impl Into<Value>, error: &str) -> Self {
        Self::new(status, json!({"message": message.into(), "error": error, "statusCode": status.as_u16()}))
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, json!({"message": "Unauthorized", "statusCode": 401}))
    }

    pub fn session_not_found() -> Self {
        Self::plain(StatusCode::NOT_FOUND, "Session not found", "Not Found")
    }

    pub fn not_found(message: &str) -> Self {
        Self::plain(StatusCode::NOT_FOUND, message, "Not Found")
    }

    /// For calls that need the session to run: me, request-code.
    pub fn not_running(name: &str) -> Self {
        Self::not_found(&format!(
            "We didn't find a session with name '{name}'.\nPlease start it first by using POST /api/sessions/{name}/start request"
        ))
    }

    pub fn not_ready(name: &str, status: Option<Status>, wanted: Status) -> Self {
        let body = match status {
            None => json!({"error": format!("Session \"{name}\" does not exist"), "session": name}),
            Some(status) => json!({
                "error": "Session status is not as expected. Try again later or restart the session",
                "session": name, "status": status.name(), "expected": [wanted.name()],
            }),
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, body)
    }

    pub fn unprocessable(message: &str) -> Self {
        Self::plain(StatusCode::UNPROCESSABLE_ENTITY, message, "Unprocessable Entity")
    }

    pub fn bad(message: impl Into<Value>) -> Self {
        Self::plain(StatusCode::BAD_REQUEST, message, "Bad Request")
    }

    pub fn name_required() -> Self {
        Self::bad("Session name is required")
    }

    pub fn forbidden(message: &str) -> Self {
        Self::plain(StatusCode::FORBIDDEN, message, "Forbidden")
    }

    pub fn no_store() -> Self {
        Self::bad(
            "Enable NOWEB store \"config.noweb.store.enabled=True\" and \"config.noweb.store.full_sync=True\" \
             when starting a new session.",
        )
    }

    pub fn not_implemented(engine: Engine) -> Self {
        let message = format!(
            "The method is not implemented by '{}' engine. Check the docs and try another engine: https://waha.devlike.pro/",
            engine.name()
        );
        Self::plain(StatusCode::NOT_IMPLEMENTED, message, "Not Implemented")
    }

    pub fn file_not_found() -> Self {
        let error = json!({"code": 404, "key": "FILE_NOT_FOUND", "message": "The file does not exist or was deleted"});
        Self::new(StatusCode::NOT_FOUND, json!({"error": error}))
    }

    /// The engine failed: a 500 that echoes the whole request.
    pub fn engine(engine: Engine, request: &HttpRequest, body: &Value, message: &str) -> Self {
        let exception = json!({
            "message": message, "name": "Error", "code": 2, "details": message,
            "stack": format!("Error: {message}\n    at simulator {VERSION}"),
        });
        let query: Value =
            serde_urlencoded::from_str::<std::collections::BTreeMap<String, String>>(request.query_string())
                .map(|query| json!(query))
                .unwrap_or_default();
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            json!({
                "statusCode": 500, "timestamp": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
                "exception": exception, "version": environment(engine),
                "request": {"path": request.path(), "method": request.method().as_str(), "body": body, "query": query},
            }),
        )
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.body)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status).json(&self.body)
    }
}
