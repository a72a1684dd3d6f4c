//! ID tokens, true and false ones, and the keys they are signed with.

use super::{CLIENT_ID, DIRECTORY, Grant};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::RsaPrivateKey;
use rsa::pkcs1::{EncodeRsaPrivateKey, EncodeRsaPublicKey, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};

/// What is wrong with an answer; `None` for an honest one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lie {
    None,
    // About the ID token
    OtherNonce,
    NoNonce,
    OtherAudience,
    ManyAudiences,
    OtherIssuer,
    OtherDirectory,
    Expired,
    NotYet,
    IssuedTomorrow,
    ForgedSignature,
    Unsigned,
    SignedWithPublicKey,
    UnknownKey,
    NoKeyName,
    Nobody,
    NoIdToken,
    ForeignKey,
    // About the answer as a whole
    Slow,
    Huge,
    NotJson,
    Failing,
    Busy,
    BadClient,
    // At the sign-in page
    Denied,
    ServerError,
}

pub struct Key {
    pub kid: String,
    private: RsaPrivateKey,
}

impl Key {
    pub fn new(kid: &str) -> Self {
        Self { kid: kid.to_owned(), private: RsaPrivateKey::new(&mut OsRng, 2048).unwrap() }
    }

    /// As the JWKS shows it. Microsoft says which issuer a key is for.
    pub fn jwk(&self, base: &str, lie: Lie) -> Value {
        let text = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let owner = if lie == Lie::ForeignKey { "8e6a1a0f-0000-4000-8000-000000000000" } else { "{tenantid}" };
        json!({
            "kty": "RSA", "use": "sig", "kid": self.kid, "n": text(self.private.n()), "e": text(self.private.e()),
            "issuer": format!("{base}/{owner}/v2.0"),
        })
    }

    fn encoding(&self) -> EncodingKey {
        EncodingKey::from_rsa_der(self.private.to_pkcs1_der().unwrap().as_bytes())
    }

    fn public_pem(&self) -> String {
        self.private.to_public_key().to_pkcs1_pem(LineEnding::LF).unwrap()
    }
}

pub fn id_token(base: &str, key: &Key, grant: &Grant, lie: Lie) -> String {
    let claims = claims(base, grant, lie);
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(key.kid.clone());
    match lie {
        Lie::UnknownKey => header.kid = Some("nobody-has-this".into()),
        Lie::NoKeyName => header.kid = None,
        _ => {}
    }
    match lie {
        Lie::Unsigned => {
            let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
            format!("{}.{}.", part(&json!({"alg": "none", "typ": "JWT", "kid": key.kid})), part(&claims))
        }
        Lie::SignedWithPublicKey => {
            header.alg = Algorithm::HS256;
            encode(&header, &claims, &EncodingKey::from_secret(key.public_pem().as_bytes())).unwrap()
        }
        Lie::ForgedSignature => encode(&header, &claims, &Key::new("forged").encoding()).unwrap(),
        _ => encode(&header, &claims, &key.encoding()).unwrap(),
    }
}

fn claims(base: &str, grant: &Grant, lie: Lie) -> Value {
    let now = Utc::now().timestamp();
    let mut claims = json!({
        "iss": format!("{base}/{DIRECTORY}/v2.0"), "aud": CLIENT_ID, "iat": now, "nbf": now, "exp": now + 3600,
        "nonce": grant.nonce, "oid": grant.person.oid, "tid": DIRECTORY, "sub": "pairwise", "ver": "2.0",
        "email": grant.person.email, "preferred_username": grant.person.email, "name": "Somebody",
    });
    let mut set = |name: &str, value: Value| claims[name] = value;
    match lie {
        Lie::OtherNonce => set("nonce", json!("somebody-elses")),
        Lie::NoNonce => set("nonce", Value::Null),
        Lie::OtherAudience => set("aud", json!("another-application")),
        Lie::ManyAudiences => set("aud", json!([CLIENT_ID, "another-application"])),
        Lie::OtherIssuer => set("iss", json!(format!("https://evil.test/{DIRECTORY}/v2.0"))),
        Lie::OtherDirectory => set("tid", json!("8e6a1a0f-0000-4000-8000-000000000000")),
        Lie::Expired => set("exp", json!(now - 120)),
        Lie::NotYet => set("nbf", json!(now + 600)),
        Lie::IssuedTomorrow => set("iat", json!(now + 86_400)),
        Lie::Nobody => set("oid", Value::Null),
        _ => {}
    }
    claims
}
