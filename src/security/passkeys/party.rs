//! Who we are to a passkey: the name in the public address. A passkey made for one name works for no other.

use crate::kit::error::{Error, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey as Credential, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// The relying party, where browsers would offer passkeys at the public address. Cheap to clone.
#[derive(Clone, Default)]
pub struct Passkeys(Option<Arc<Webauthn>>);

/// Whom a new passkey is for, as the device shows and keeps it.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Random, the same for all passkeys of one user.
    pub handle: Uuid,
    pub email: String,
    pub name: String,
}

impl Passkeys {
    /// For browsers that reach us at `public_url`.
    pub fn new(public_url: &str) -> Self {
        Self(build(public_url).map(Arc::new))
    }

    pub fn is_possible(&self) -> bool {
        self.0.is_some()
    }

    /// What a browser is to make a passkey by, and what its answer is checked against. `known` are the holder's already.
    ///
    /// # Errors
    /// `Refused` where passkeys are not possible.
    pub fn registration(&self, holder: &Holder, known: Vec<Vec<u8>>) -> Result<(Value, PasskeyRegistration)> {
        let started = self.get()?.start_passkey_registration(holder.handle, &holder.email, &holder.name, Some(known));
        let (options, state) = started.map_err(Error::unexpected)?;
        let mut options = public_key(serde_json::to_value(options)?);
        // It is to be found at sign-in, before an address was typed.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok((options, state))
    }

    /// The new passkey, if `answer` fits.
    pub fn registered(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyRegistration,
    ) -> Result<Option<Credential>> {
        Ok(match self.get()?.finish_passkey_registration(answer, state) {
            Ok(credential) => Some(credential),
            Err(error) => {
                tracing::info!(%error, "a device's answer made no passkey");
                None
            }
        })
    }

    /// What any passkey for us may sign, whoever holds it; or one of `these` alone.
    ///
    /// # Errors
    /// `Refused` where passkeys are not possible.
    pub fn challenge(&self, these: &[Vec<u8>]) -> Result<(Value, DiscoverableAuthentication)> {
        use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
        let (options, state) = self.get()?.start_discoverable_authentication().map_err(Error::unexpected)?;
        let mut options = public_key(serde_json::to_value(options)?);
        let named = |id: &Vec<u8>| json!({ "type": "public-key", "id": BASE64_URL_SAFE_NO_PAD.encode(id) });
        options["allowCredentials"] = these.iter().map(named).collect();
        Ok((options, state))
    }

    /// What `answer` proves; or why it proves nothing, for the log.
    pub fn proved(
        &self,
        answer: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        credential: &Credential,
    ) -> Result<Result<AuthenticationResult, &'static str>> {
        let proved = self.get()?.finish_discoverable_authentication_v2(answer, state, credential);
        Ok(match proved {
            Ok(proved) if proved.user_verified() => Ok(proved),
            Ok(_) | Err(WebauthnError::UserNotVerified) => Err("The device did not make sure who holds it"),
            Err(WebauthnError::CredentialPossibleCompromise) => Err("Its count of uses went back: it may be a copy"),
            Err(WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash) => {
                Err("It was used at another address")
            }
            Err(_) => Err("The signature does not fit"),
        })
    }

    fn get(&self) -> Result<&Webauthn> {
        const ABSENT: &str = "Passkeys need an address with a name and https. SWITCHBOARD_PUBLIC_URL sets it.";
        self.0.as_deref().ok_or_else(|| Error::Refused(ABSENT.into()))
    }
}

/// Browsers take this part; whether they wait for it or ask at once is the page's doing.
fn public_key(mut options: Value) -> Value {
    options["publicKey"].take()
}

fn build(public_url: &str) -> Option<Webauthn> {
    let url = Url::parse(public_url).ok()?;
    let name = url.domain()?;
    // Browsers offer passkeys to nobody else.
    let is_secure = url.scheme() == "https" || name == "localhost" || name.ends_with(".localhost");
    let builder = WebauthnBuilder::new(name, &url).ok()?.rp_name("Switchboard");
    if is_secure { builder.build().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_encryption_are_needed() {
        for good in ["https://desk.acme.test", "https://desk.acme.test:8443", "http://localhost:8080"] {
            assert!(Passkeys::new(good).is_possible(), "{good}");
        }
        for bad in ["http://127.0.0.1:8080", "https://192.0.2.7", "http://desk.acme.test", "https://[::1]", ""] {
            assert!(!Passkeys::new(bad).is_possible(), "{bad}");
        }
    }

    #[test]
    fn a_passkey_is_kept_on_the_device_and_its_holder_made_sure_of() {
        let holder = Holder { handle: Uuid::new_v4(), email: "bob@acme.test".into(), name: "Bob".into() };

        let (options, _) = Passkeys::new("https://desk.test").registration(&holder, vec![vec![1; 16]]).unwrap();

        assert_eq!(options["rp"]["id"], "desk.test");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["excludeCredentials"].as_array().unwrap().len(), 1);
        assert!(!options["user"]["id"].as_str().unwrap().contains("acme"));
    }
}
