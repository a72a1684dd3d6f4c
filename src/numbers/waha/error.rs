//! How a call can end badly, and what that says about whether it took effect.

use super::json;
use super::words::SessionStatus;
use serde_json::Value;

/// Longer texts are cut; a stack trace is no help to whoever reads a page.
const LONGEST: usize = 300;

/// Signs in a gateway's 500 that the engine had handed the message on and then lost sight of it.
const LOST_SIGHT: [&str; 6] =
    ["timed out", "timeout", "deadline exceeded", "disconnected before", "target closed", "session closed"];

/// The gateway's own lock: the engine was never asked.
const LOCK: &str = "async-lock";

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The gateway said no: the request was wrong, the session not ready, the engine not able. Nothing was done.
    #[error("{message}")]
    Refused {
        status: u16,
        message: String,
        /// The session's state, where that was the reason.
        session: Option<SessionStatus>,
    },
    /// The engine tried and said that it failed.
    #[error("{message}")]
    Failed {
        message: String,
        /// WhatsApp blocks messages to new contacts for now: pause, do not restart.
        code_463: bool,
    },
    /// The request did not get there. Nothing was done.
    #[error("The WhatsApp gateway cannot be reached: {0}")]
    Unreachable(String),
    /// The request may have got there, and nobody knows what came of it.
    #[error("The WhatsApp gateway's answer was lost: {0}")]
    Unknown(String),
    #[error("The file is larger than {0} bytes.")]
    TooLarge(u64),
}

/// How a send can end badly. Only `Refused`, `Failed` and `Unreachable` may be sent again; `Unknown` has to be looked up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("{message}")]
    Refused {
        message: String,
        /// The session's state, where that was the reason: then it will go through once the session works.
        session: Option<SessionStatus>,
    },
    #[error("{message}")]
    Failed { message: String, code_463: bool },
    #[error("The WhatsApp gateway cannot be reached: {0}")]
    Unreachable(String),
    #[error("It is not known whether this was sent: {0}")]
    Unknown(String),
}

impl Error {
    /// From an answer that is not a success. `body` is None where it was not JSON.
    pub(super) fn from_answer(status: u16, body: Option<&Value>) -> Self {
        let message = body.and_then(message).unwrap_or_else(|| format!("The gateway answered {status}."));
        match status {
            300..=399 => Self::refused(status, "The gateway's address has moved: it answered with a redirect."),
            500 if body.is_some_and(is_wahas) => Self::Failed { code_463: has_463(&message), message },
            // Only proxies and crashes say these, and they do not know what became of the request.
            500 | 502..=599 => Self::Unknown(message),
            _ => {
                let session = body.and_then(|body| json::text(&body["status"]));
                Self::Refused { status, message, session: session.map(|word| SessionStatus::from(word.as_str())) }
            }
        }
    }

    pub(super) fn refused(status: u16, message: &str) -> Self {
        Self::Refused { status, message: message.to_owned(), session: None }
    }

    /// The status of a clear no.
    pub fn refused_with(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// This gateway is too old for the call, or its engine cannot do it.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.refused_with(), Some(404 | 501))
    }
}

impl From<Error> for SendError {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused { message, session, .. } => Self::Refused { message, session },
            Error::Failed { message, .. } if lost_sight(&message) => Self::Unknown(message),
            Error::Failed { message, code_463 } => Self::Failed { message, code_463 },
            Error::Unreachable(why) => Self::Unreachable(why),
            Error::Unknown(why) => Self::Unknown(why),
            Error::TooLarge(limit) => Self::Unknown(format!("the answer is larger than {limit} bytes")),
        }
    }
}

impl From<Error> for crate::kit::error::Error {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string())
    }
}

/// Whether WAHA itself wrote this 500, rather than a proxy before it, whose word would prove nothing.
pub(super) fn is_wahas(body: &Value) -> bool {
    body["exception"].is_object() || body["statusCode"].is_number()
}

/// The text of an error in whichever field it is. A 500 echoes our request beside it, so nothing else of it may be shown
/// or logged.
pub(super) fn message(body: &Value) -> Option<String> {
    let generic = json::text(&body["error"]).filter(|_| body["message"].is_null());
    let listed = json::list(&body["message"]).iter().filter_map(json::text).collect::<Vec<_>>().join("; ");
    generic
        .or_else(|| json::text(&body["message"]))
        .or(Some(listed).filter(|text| !text.is_empty()))
        .or_else(|| json::text(&body["exception"]["message"]))
        .or_else(|| json::text(&body["error"]))
        .map(|text| trimmed(&text))
}

fn trimmed(text: &str) -> String {
    let text: String = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match text.char_indices().nth(LONGEST) {
        None => text,
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

fn has_463(message: &str) -> bool {
    message.split(|c: char| !c.is_ascii_digit()).any(|number| number == "463")
}

fn lost_sight(message: &str) -> bool {
    let message = message.to_lowercase();
    !message.contains(LOCK) && LOST_SIGHT.iter().any(|sign| message.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn failed(text: &str) -> Error {
        let body = json!({"statusCode": 500, "exception": {"message": text}, "request": {"body": {"text": "private"}}});
        Error::from_answer(500, Some(&body))
    }

    #[test]
    fn the_text_is_found_wherever_it_is() {
        for (body, expected) in [
            (
                json!({"error": "Session status is not as expected", "status": "FAILED"}),
                "Session status is not as expected",
            ),
            (json!({"message": "Session not found", "error": "Not Found", "statusCode": 404}), "Session not found"),
            (json!({"message": ["a must be b", "c must be d"], "error": "Bad Request"}), "a must be b; c must be d"),
            (json!({"exception": {"message": "boom"}, "request": {"body": "private"}}), "boom"),
            (json!({"error": {"code": 404, "key": "FILE_NOT_FOUND"}}), "The gateway answered 404."),
        ] {
            assert_eq!(Error::from_answer(404, Some(&body)).to_string(), expected, "{body}");
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let text = "ж\n".repeat(400);

        let shown = message(&json!({"message": text})).unwrap();
        assert!(shown.chars().count() == LONGEST + 1 && !shown.contains('\n'));
    }

    #[test]
    fn statuses_say_whether_anything_was_done() {
        let status = |status| Error::from_answer(status, None);
        assert!(matches!(status(302), Error::Refused { .. }));
        assert!(matches!(status(401), Error::Refused { .. }));
        assert!(status(501).is_unsupported());
        assert!(matches!(status(500), Error::Unknown(_)));
        assert!(matches!(status(502), Error::Unknown(_)));
        let proxys = json!({"error": "Internal Server Error", "message": "upstream closed the connection"});
        assert!(matches!(Error::from_answer(500, Some(&proxys)), Error::Unknown(_)));
        assert!(matches!(failed("boom"), Error::Failed { code_463: false, .. }));
    }

    #[test]
    fn a_refusal_tells_the_sessions_state() {
        let body =
            json!({"error": "Session status is not as expected", "status": "SCAN_QR_CODE", "expected": ["WORKING"]});

        let Error::Refused { session, .. } = Error::from_answer(422, Some(&body)) else { panic!("a refusal") };
        assert_eq!(session, Some(SessionStatus::ScanQrCode));
    }

    #[test]
    fn code_463_is_a_number_of_its_own() {
        assert!(matches!(failed("2 UNKNOWN: server returned error 463"), Error::Failed { code_463: true, .. }));
        assert!(matches!(failed("no such chat 14637"), Error::Failed { code_463: false, .. }));
    }

    #[test]
    fn an_engine_that_lost_sight_of_a_message_may_have_sent_it() {
        let sent = |text: &str| SendError::from(failed(text));
        assert!(matches!(sent("timed out waiting for message send response"), SendError::Unknown(_)));
        assert!(matches!(sent("context deadline exceeded"), SendError::Unknown(_)));
        assert!(matches!(sent("async-lock timed out in queue shop"), SendError::Failed { .. }));
        assert!(matches!(sent("No LID for user"), SendError::Failed { .. }));
    }
}
