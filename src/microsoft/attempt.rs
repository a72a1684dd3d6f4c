//! A sign-in that is under way at Microsoft: what our callback must know of it, in a sealed cookie of the browser that
//! began it. Nobody else can read it, make one, or go on with it.

use super::id_token::Identity;
use crate::kit::error::Result;
use crate::kit::vault::{Vault, random_token};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long somebody may take at Microsoft, and then to choose an organisation.
pub const LIFE: Duration = Duration::minutes(10);
const ATTEMPT: &str = "cookie.microsoft_attempt";
const CHOICE: &str = "cookie.microsoft_choice";
/// A cookie has room for 4,096 bytes.
const LONGEST_NEXT: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    SignIn,
    /// To link the account to the user of that session.
    Link {
        session: Uuid,
    },
    /// To accept the invitation with that token, which proves whose address it is.
    Accept {
        token: String,
    },
}

/// Not printable: it holds the verifier, and perhaps an invitation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Attempt {
    pub purpose: Purpose,
    /// A path of ours, checked by the handler.
    pub next: String,
    /// Comes back in the callback's address.
    pub state: String,
    /// Comes back inside the ID token.
    pub nonce: String,
    /// Only who knows it can redeem the code (PKCE).
    pub verifier: String,
    until: DateTime<Utc>,
}

/// Somebody whom Microsoft has vouched for, and who has accounts in several organisations.
#[derive(Clone, Serialize, Deserialize)]
pub struct Choice {
    pub identity: Identity,
    pub next: String,
    until: DateTime<Utc>,
}

impl Attempt {
    pub fn new(purpose: Purpose, next: &str) -> Self {
        let random = || random_token().expose().clone();
        Self { purpose, next: fitting(next), state: random(), nonce: random(), verifier: random(), until: soon() }
    }

    pub fn seal(&self, vault: &Vault) -> Result<String> {
        seal(vault, ATTEMPT, self)
    }

    /// None for what is not ours, was changed, or is too old.
    pub fn open(vault: &Vault, cookie: &str) -> Option<Self> {
        open(vault, ATTEMPT, cookie).filter(|attempt: &Self| attempt.until > Utc::now())
    }

    /// Whether tokens to Microsoft Graph shall come with it.
    pub fn wants_tokens(&self) -> bool {
        self.purpose != Purpose::SignIn
    }
}

impl Choice {
    pub fn new(identity: Identity, next: String) -> Self {
        Self { identity, next, until: soon() }
    }

    pub fn seal(&self, vault: &Vault) -> Result<String> {
        seal(vault, CHOICE, self)
    }

    pub fn open(vault: &Vault, cookie: &str) -> Option<Self> {
        open(vault, CHOICE, cookie).filter(|choice: &Self| choice.until > Utc::now())
    }
}

fn fitting(next: &str) -> String {
    if next.len() <= LONGEST_NEXT { next.to_owned() } else { "/".to_owned() }
}

fn soon() -> DateTime<Utc> {
    Utc::now() + LIFE
}

fn seal(vault: &Vault, place: &str, value: &impl Serialize) -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(vault.seal(place, &serde_json::to_vec(value)?)))
}

fn open<T: DeserializeOwned>(vault: &Vault, place: &str, cookie: &str) -> Option<T> {
    let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    serde_json::from_slice(vault.open(place, &sealed).ok()?.expose()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_comes_back_as_it_was_and_only_for_ten_minutes() {
        let vault = Vault::new(&random_token()).unwrap();
        let attempt = Attempt::new(Purpose::Accept { token: "t".repeat(64) }, &format!("/{}", "n".repeat(999)));

        let cookie = attempt.seal(&vault).unwrap();
        let back = Attempt::open(&vault, &cookie).unwrap();
        let old = Attempt { until: Utc::now() - Duration::seconds(1), ..attempt.clone() };

        assert!(cookie.len() < 3800, "{}", cookie.len());
        assert_eq!((back.purpose, back.next, back.nonce), (attempt.purpose, attempt.next, attempt.nonce));
        assert!(Attempt::open(&vault, &old.seal(&vault).unwrap()).is_none());
    }

    #[test]
    fn nothing_else_opens_as_an_attempt() {
        let (vault, other) = (Vault::new(&random_token()).unwrap(), Vault::new(&random_token()).unwrap());
        let identity = Identity { microsoft_id: Uuid::nil(), directory: Uuid::nil() };
        let choice = Choice::new(identity, "/".into()).seal(&vault).unwrap();
        let foreign = Attempt::new(Purpose::SignIn, "/").seal(&other).unwrap();

        for cookie in ["", "nonsense", "%00", &choice, &foreign] {
            assert!(Attempt::open(&vault, cookie).is_none(), "{cookie}");
        }
        assert!(Choice::open(&vault, &choice).is_some());
    }

    #[test]
    fn a_long_way_back_is_given_up() {
        assert_eq!(Attempt::new(Purpose::SignIn, &"/x".repeat(600)).next, "/");
    }
}
