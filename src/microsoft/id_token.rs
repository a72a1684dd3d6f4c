//! The ID token: who signed in at Microsoft, once signature, audience, issuer, times and nonce have been checked.

use super::keys::SigningKey;
use super::trouble::Trouble;
use chrono::Utc;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use uuid::Uuid;

/// Seconds by which clocks may differ.
const LEEWAY: u64 = 60;
/// Stands in the issuer of an authority that many directories share, such as `common`.
const ANY_DIRECTORY: &str = "{tenantid}";

/// Who somebody is at Microsoft, for good: a directory and an object in it. Addresses change hands, these do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct Identity {
    /// `oid`
    pub microsoft_id: Uuid,
    /// `tid`
    pub directory: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub identity: Identity,
    /// What Microsoft calls the account; at most 255 characters. Only for the eye.
    pub address: String,
    /// In lower case, as Microsoft has them. They prove nothing by themselves.
    pub addresses: Vec<String>,
}

/// What the token must say.
pub struct Expected<'a> {
    pub client_id: &'a str,
    /// As discovery has it, perhaps with a place for the directory.
    pub issuer: &'a str,
    pub nonce: &'a str,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    /// One: a token for many could be passed on by any of them.
    aud: String,
    iat: i64,
    nonce: Option<String>,
    oid: Option<Uuid>,
    tid: Option<Uuid>,
    email: Option<String>,
    preferred_username: Option<String>,
}

/// The name of the key that is said to have signed it.
pub fn key_id(token: &str) -> Result<String, Trouble> {
    let header = decode_header(token).map_err(|_| Trouble::Untrusted("it is no signed token"))?;
    match header.alg {
        Algorithm::RS256 => header.kid.ok_or(Trouble::Untrusted("it names no key")),
        _ => Err(Trouble::Untrusted("it is not signed with RS256")),
    }
}

/// Checks everything and answers who it is about.
pub fn read(token: &str, key: &SigningKey, expected: &Expected<'_>) -> Result<Person, Trouble> {
    let decoding = DecodingKey::from_rsa_components(&key.n, &key.e);
    let decoding = decoding.map_err(|_| Trouble::Untrusted("its key is no RSA key"))?;
    let claims = decode::<Claims>(token, &decoding, &validation(expected.client_id));
    let claims = claims.map_err(|cause| Trouble::Untrusted(reason(cause.kind())))?.claims;
    if claims.aud != expected.client_id {
        return Err(Trouble::Untrusted("it was made for another application"));
    }
    let leeway = i64::try_from(LEEWAY).unwrap_or_default();
    if claims.iat > Utc::now().timestamp() + leeway {
        return Err(Trouble::Untrusted("it was issued in the future"));
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Trouble::Untrusted("it was made for another sign-in"));
    }
    let (Some(microsoft_id), Some(directory)) = (claims.oid, claims.tid) else {
        return Err(Trouble::Untrusted("it does not say who it is about"));
    };
    let is_issuer = |template: &str| claims.iss == issuer(template, directory);
    if !is_issuer(expected.issuer) || !key.issuer.as_deref().is_none_or(is_issuer) {
        return Err(Trouble::Untrusted("it was issued by somebody else"));
    }
    Ok(person(Identity { microsoft_id, directory }, claims))
}

fn validation(client_id: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[client_id]);
    validation.set_required_spec_claims(&["exp", "aud", "iss"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY;
    validation
}

fn issuer(template: &str, directory: Uuid) -> String {
    template.replace(ANY_DIRECTORY, &directory.to_string())
}

fn reason(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ExpiredSignature => "it has expired",
        ErrorKind::ImmatureSignature => "it does not count yet",
        ErrorKind::InvalidAudience => "it was made for another application",
        ErrorKind::InvalidSignature => "its signature does not fit",
        _ => "it cannot be read",
    }
}

fn person(identity: Identity, claims: Claims) -> Person {
    let known = [claims.preferred_username, claims.email].into_iter().flatten();
    let clean = |text: String| text.chars().filter(|char| !char.is_control()).take(255).collect::<String>();
    let known: Vec<String> = known.map(clean).filter(|text| !text.trim().is_empty()).collect();
    let address = known.first().cloned().unwrap_or_else(|| identity.microsoft_id.to_string());
    let addresses = known.iter().map(|text| text.trim().to_lowercase()).collect();
    Person { identity, address, addresses }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_issuer_names_the_directory_where_many_share_an_authority() {
        let directory: Uuid = "9188040d-6c67-4c5b-b112-36a304b66dad".parse().unwrap();
        let shared = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let own = "https://login.microsoftonline.com/acme/v2.0";

        assert_eq!(
            issuer(shared, directory),
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"
        );
        assert_eq!(issuer(own, directory), own);
    }

    #[test]
    fn a_token_without_signature_or_with_a_shared_secret_is_none() {
        // {"alg":"none"}, {"alg":"HS256","kid":"1"}, {"alg":"RS256"}
        for header in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiIsImtpZCI6IjEifQ", "eyJhbGciOiJSUzI1NiJ9"] {
            assert!(matches!(key_id(&format!("{header}.e30.c2ln")), Err(Trouble::Untrusted(_))), "{header}");
        }
    }
}
