//! The words that WAHA uses for states, engines and ticks. All open: a new word is kept as it came.

use super::json;
use serde_json::Value;
use std::fmt;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SessionStatus {
    Stopped,
    Starting,
    ScanQrCode,
    PasskeyRequired,
    PasskeyConfirmationRequired,
    Working,
    Failed,
    Other(String),
}

impl SessionStatus {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Stopped => "STOPPED",
            Self::Starting => "STARTING",
            Self::ScanQrCode => "SCAN_QR_CODE",
            Self::PasskeyRequired => "PASSKEY_REQUIRED",
            Self::PasskeyConfirmationRequired => "PASSKEY_CONFIRMATION_REQUIRED",
            Self::Working => "WORKING",
            Self::Failed => "FAILED",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for SessionStatus {
    fn from(word: &str) -> Self {
        match word {
            "STOPPED" => Self::Stopped,
            "STARTING" => Self::Starting,
            "SCAN_QR_CODE" => Self::ScanQrCode,
            "PASSKEY_REQUIRED" => Self::PasskeyRequired,
            "PASSKEY_CONFIRMATION_REQUIRED" => Self::PasskeyConfirmationRequired,
            "WORKING" => Self::Working,
            "FAILED" => Self::Failed,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// What WAHA drives WhatsApp with; their answers differ.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Engine {
    Webjs,
    Wpp,
    Noweb,
    Gows,
    Other(String),
}

impl Engine {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Webjs => "WEBJS",
            Self::Wpp => "WPP",
            Self::Noweb => "NOWEB",
            Self::Gows => "GOWS",
            Self::Other(word) => word,
        }
    }
}

impl From<&str> for Engine {
    fn from(word: &str) -> Self {
        match word {
            "WEBJS" => Self::Webjs,
            "WPP" => Self::Wpp,
            "NOWEB" => Self::Noweb,
            "GOWS" => Self::Gows,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// How far a message got. Numbers only grow on the way, except for errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ack {
    Error,
    Pending,
    Server,
    Device,
    Read,
    Played,
    Other(i64),
}

impl Ack {
    /// From the number, or from its name where the number is missing. GOWS says `null` and `UNKNOWN` when it does not know.
    pub fn parse(number: &Value, name: &Value) -> Option<Self> {
        match json::integer(number) {
            Some(number) => Some(number.into()),
            None => Self::named(name.as_str()?),
        }
    }

    pub fn number(self) -> i64 {
        match self {
            Self::Error => -1,
            Self::Pending => 0,
            Self::Server => 1,
            Self::Device => 2,
            Self::Read => 3,
            Self::Played => 4,
            Self::Other(number) => number,
        }
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "ERROR" => Some(Self::Error),
            "PENDING" => Some(Self::Pending),
            "SERVER" => Some(Self::Server),
            "DEVICE" => Some(Self::Device),
            "READ" => Some(Self::Read),
            "PLAYED" => Some(Self::Played),
            _ => None,
        }
    }
}

impl From<i64> for Ack {
    fn from(number: i64) -> Self {
        match number {
            -1 => Self::Error,
            0 => Self::Pending,
            1 => Self::Server,
            2 => Self::Device,
            3 => Self::Read,
            4 => Self::Played,
            other => Self::Other(other),
        }
    }
}

impl fmt::Display for SessionStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn new_words_are_kept_as_they_came() {
        for word in ["STOPPED", "SCAN_QR_CODE", "PASSKEY_REQUIRED", "WORKING", "HIBERNATING"] {
            assert_eq!(SessionStatus::from(word).to_string(), word);
        }
        for word in ["WEBJS", "WPP", "NOWEB", "GOWS", "TELEPATHY"] {
            assert_eq!(Engine::from(word).to_string(), word);
        }
        assert_eq!(SessionStatus::from("HIBERNATING"), SessionStatus::Other("HIBERNATING".into()));
    }

    #[test]
    fn acks_are_read_from_number_or_name() {
        for number in -1..=6 {
            assert_eq!(Ack::from(number).number(), number);
        }
        assert_eq!(Ack::parse(&json!("3"), &Value::Null), Some(Ack::Read));
        assert_eq!(Ack::parse(&Value::Null, &json!("DEVICE")), Some(Ack::Device));
        assert_eq!(Ack::parse(&Value::Null, &json!("UNKNOWN")), None);
    }
}
