//! Which gateway carries a number, and what we ask of it: its own where the tenant has one, else the default.

use super::model::{EngineName, Number, NumberId, Status};
use super::reports::{Report, Told};
use super::waha::{self, Engine, Me, Noweb, Patience, Retries, RetryPolicy, SessionConfig, SessionInfo, SessionStatus};
use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use crate::kit::vault::Vault;
use std::collections::BTreeMap;

/// What we listen for. `message.any` alone: with `message` beside it everything would come twice.
const EVENTS: &[&str] = &[
    "session.status",
    "message.any",
    "message.ack",
    "message.ack.group",
    "message.reaction",
    "message.edited",
    "message.revoked",
    "call.received",
    "call.accepted",
    "call.rejected",
];

/// Names our number in the session's metadata, by which we know a session as ours.
const OURS: &str = "switchboard.number";

/// The doors to all gateways.
#[derive(Clone)]
pub struct Gateways {
    /// None: not configured.
    pub default_url: Option<String>,
    pub default_key: Option<Secret<String>>,
    /// Where WAHA reaches us, without a trailing slash.
    pub webhook_base: String,
    pub vault: Vault,
    pub patience: Patience,
}

impl Gateways {
    /// # Errors
    /// `Refused` when there is no gateway for this number, or its address is not one.
    pub fn of(&self, number: &Number) -> Result<waha::Waha> {
        let (url, key) = match &number.waha_url {
            Some(url) => (url.clone(), number.api_key(&self.vault)?),
            None => {
                let url = self.default_url.clone();
                let missing =
                    || Error::Refused("No WhatsApp gateway is configured: set WAHA_URL and WAHA_API_KEY.".into());
                (url.ok_or_else(missing)?, self.default_key.clone())
            }
        };
        let waha = waha::Waha::new(&url, key).map_err(|cause| Error::Refused(cause.to_string()))?;
        Ok(waha.with_patience(self.patience))
    }

    pub fn webhook_url(&self, id: NumberId) -> String {
        format!("{}/webhooks/waha/{id}", self.webhook_base)
    }

    /// The whole configuration of the number's session.
    pub fn config(&self, number: &Number) -> Result<SessionConfig> {
        let key = String::from_utf8(number.hmac_key(&self.vault)?.expose().clone()).map_err(Error::unexpected)?;
        Ok(SessionConfig {
            webhook_url: self.webhook_url(number.id),
            hmac_key: Secret::new(key),
            events: EVENTS.iter().map(|event| (*event).to_owned()).collect(),
            retries: Retries { policy: RetryPolicy::Exponential, delay_seconds: 2, attempts: 12 },
            metadata: BTreeMap::from([(OURS.to_owned(), number.id.to_string())]),
            noweb: Noweb { mark_online: true, store: true, full_sync: false },
            other: BTreeMap::new(),
        })
    }

    /// Whether a session of that name at the gateway is this number's, and not somebody else's.
    pub fn is_ours(&self, number: &Number, session: &SessionInfo) -> bool {
        session.metadata.get(OURS).is_some_and(|id| *id == number.id.to_string())
    }
}

/// WAHA's word as one of our five states; the word itself is kept beside it.
pub fn status(word: &SessionStatus) -> Status {
    match word {
        SessionStatus::Stopped => Status::Stopped,
        SessionStatus::Starting | SessionStatus::Other(_) => Status::Starting,
        SessionStatus::ScanQrCode => Status::ScanQr,
        SessionStatus::PasskeyRequired | SessionStatus::PasskeyConfirmationRequired => Status::ScanQr,
        SessionStatus::Working => Status::Working,
        SessionStatus::Failed => Status::Failed,
    }
}

/// A report out of what WAHA says of a session's state and account.
pub fn report(word: &SessionStatus, me: Option<&Me>, told: Told) -> Report {
    let error = match word {
        SessionStatus::Failed => {
            Some("WhatsApp ended this session, or no code was scanned in time. Restart it to pair again.")
        }
        SessionStatus::PasskeyRequired | SessionStatus::PasskeyConfirmationRequired => {
            Some("This account asks for a passkey, which only WhatsApp's own pages can give. Pair it without one.")
        }
        _ => None,
    };
    Report {
        status: status(word),
        word: word.as_str().to_owned(),
        told,
        phone: me.and_then(Me::phone),
        push_name: me.and_then(|me| me.push_name.clone()),
        lid: me.and_then(|me| me.lid.as_ref()).map(|lid| lid.as_str().to_owned()),
        error: error.map(str::to_owned),
    }
}

/// The engine a gateway says it runs, where it is one that we know.
pub fn engine(engine: &Engine) -> Option<EngineName> {
    EngineName::of_word(engine.as_str())
}
