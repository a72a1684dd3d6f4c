//! Access tokens: JWT, HS256, with a key that follows from the installation's own.

use super::ACCESS;
use crate::kit::error::{Error, Result};
use crate::kit::vault::Vault;
use chrono::Utc;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub const ISSUER: &str = "switchboard";
pub const AUDIENCE: &str = "switchboard-api";

/// What an access token says. Role and names are not among it: they are read anew with the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    /// The tenant.
    pub tid: Uuid,
    /// The session.
    pub sid: Uuid,
    pub jti: Uuid,
    /// Permissions, separated by blanks.
    pub scope: String,
    pub iat: i64,
    pub exp: i64,
}

impl Claims {
    /// Of a token that counts from now.
    pub fn new(tenant: Uuid, user: Uuid, session: Uuid, jti: Uuid, scope: String) -> Self {
        let now = Utc::now();
        Self {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            tid: tenant,
            sid: session,
            jti,
            scope,
            iat: now.timestamp(),
            exp: (now + ACCESS).timestamp(),
        }
    }
}

#[derive(Clone)]
pub struct Signer {
    signing: EncodingKey,
    checking: DecodingKey,
    rules: Validation,
}

impl Signer {
    pub fn new(vault: &Vault) -> Self {
        let key = vault.token("jwt", "access");
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        rules.leeway = 0; // one clock writes and reads it
        Self {
            signing: EncodingKey::from_secret(key.as_bytes()),
            checking: DecodingKey::from_secret(key.as_bytes()),
            rules,
        }
    }

    pub fn sign(&self, claims: &Claims) -> Result<String> {
        encode(&Header::default(), claims, &self.signing).map_err(Error::unexpected)
    }

    /// None for a token of another key, algorithm, issuer or audience, and for one that has expired.
    pub fn read(&self, token: &str) -> Option<Claims> {
        decode::<Claims>(token, &self.checking, &self.rules).ok().map(|token| token.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::vault::random_token;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn signer() -> Signer {
        Signer::new(&Vault::new(&random_token()).unwrap())
    }

    fn claims() -> Claims {
        let id = Uuid::now_v7();
        Claims::new(id, id, id, id, "users:read".into())
    }

    #[test]
    fn only_our_own_tokens_are_read() {
        let signer = signer();
        let token = signer.sign(&claims()).unwrap();
        assert!(signer.read(&token).is_some());
        assert!(super::tests::signer().read(&token).is_none(), "another installation's key");
        let (_, signature) = token.rsplit_once('.').unwrap();
        let forged = |header: &str, signature: &str| {
            let claims = serde_json::to_string(&claims()).unwrap();
            format!("{}.{}.{signature}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
        };
        assert!(signer.read(&forged(r#"{"alg":"none"}"#, "")).is_none());
        assert!(signer.read(&forged(r#"{"alg":"HS256"}"#, signature)).is_none());
    }

    #[test]
    fn another_issuer_audience_or_time_does_not_count() {
        let signer = signer();
        let others = [
            Claims { iss: "elsewhere".into(), ..claims() },
            Claims { aud: "elsewhere".into(), ..claims() },
            Claims { exp: Utc::now().timestamp() - 1, ..claims() },
        ];
        for other in others {
            assert!(signer.read(&signer.sign(&other).unwrap()).is_none(), "{other:?}");
        }
    }
}
