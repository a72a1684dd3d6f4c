//! The keys that the authority signs with: kept for a while, asked for again when one appears that is not among them.

use super::trouble::Trouble;
use super::wire::Wire;
use serde::Deserialize;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use url::Url;

const KEPT: Duration = Duration::from_secs(6 * 3600);
/// Unknown keys may be anybody's invention, so they make us ask no more often than this.
const ASKED_EVERY: Duration = Duration::from_secs(30);

/// One entry of a JWKS, as far as it concerns RS256.
#[derive(Debug, Clone, Deserialize)]
pub struct SigningKey {
    pub kid: String,
    kty: String,
    #[serde(default)]
    alg: Option<String>,
    #[serde(default, rename = "use")]
    purpose: Option<String>,
    #[serde(default)]
    pub n: String,
    #[serde(default)]
    pub e: String,
    /// Microsoft says which issuers a key signs for; where it does, others may not use it.
    #[serde(default)]
    pub issuer: Option<String>,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<serde_json::Value>,
}

#[derive(Default)]
pub struct Keys(Mutex<Known>);

#[derive(Default)]
struct Known {
    keys: Vec<SigningKey>,
    since: Option<Instant>,
    asked_for_unknown: Option<Instant>,
}

impl Keys {
    /// The key of that name; None when the authority has no such key.
    pub async fn find(&self, wire: &Wire, url: &Url, kid: &str) -> Result<Option<SigningKey>, Trouble> {
        // Whoever waits for another's asking waits no longer than for one's own.
        let found = tokio::time::timeout(wire.patience, self.look(wire, url, kid)).await;
        found.map_err(|_| Trouble::Lost)?
    }

    async fn look(&self, wire: &Wire, url: &Url, kid: &str) -> Result<Option<SigningKey>, Trouble> {
        let mut known = self.0.lock().await;
        let is_fresh = known.since.is_some_and(|since| since.elapsed() < KEPT);
        if !is_fresh {
            known.ask(wire, url).await?;
        }
        if let Some(key) = known.of(kid) {
            return Ok(Some(key));
        }
        let may_ask = known.asked_for_unknown.is_none_or(|asked| asked.elapsed() >= ASKED_EVERY);
        if is_fresh && may_ask {
            known.asked_for_unknown = Some(Instant::now());
            known.ask(wire, url).await?;
        }
        Ok(known.of(kid))
    }
}

impl Known {
    async fn ask(&mut self, wire: &Wire, url: &Url) -> Result<(), Trouble> {
        let jwks: Jwks = wire.get(url).await?;
        // A key of a kind that we do not know must not hide the others.
        let keys = jwks.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok());
        self.keys = keys.filter(SigningKey::signs_rs256).collect();
        self.since = Some(Instant::now());
        Ok(())
    }

    fn of(&self, kid: &str) -> Option<SigningKey> {
        self.keys.iter().find(|key| key.kid == kid).cloned()
    }
}

impl SigningKey {
    fn signs_rs256(&self) -> bool {
        self.kty == "RSA"
            && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_deref().is_none_or(|alg| alg == "RS256")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_rsa_keys_for_signing_count() {
        let signs = |key: serde_json::Value| serde_json::from_value::<SigningKey>(key).unwrap().signs_rs256();

        assert!(signs(json!({ "kid": "1", "kty": "RSA", "use": "sig", "n": "AQAB", "e": "AQAB" })));
        assert!(!signs(json!({ "kid": "1", "kty": "oct", "k": "AQAB" })));
        assert!(!signs(json!({ "kid": "1", "kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB" })));
        assert!(!signs(json!({ "kid": "1", "kty": "RSA", "alg": "RS512", "n": "AQAB", "e": "AQAB" })));
    }
}
