//! Encryption of secrets at rest: XChaCha20-Poly1305, bound to the place where the secret is kept.

use super::error::{Error, Result};
use super::secret::Secret;
use anyhow::{Context, anyhow};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;

const KEY_ID: usize = 4;
const NONCE: usize = 24;

/// Everything that is derived from `SWITCHBOARD_SECRET_KEY`: sealing, and keyed hashes for tokens. Keys that it replaced
/// still open what they have sealed, until that is sealed anew.
#[derive(Clone)]
pub struct Vault {
    current: Keys,
    former: Vec<Keys>,
}

/// What is derived from one secret key.
#[derive(Clone)]
struct Keys {
    cipher: XChaCha20Poly1305,
    id: [u8; KEY_ID],
    tokens: [u8; 32],
}

impl Keys {
    fn of(key: &Secret<String>) -> anyhow::Result<Self> {
        let root = hex::decode(key.expose().trim()).context("the key is not hexadecimal")?;
        let root: [u8; 32] = root.try_into().map_err(|_| anyhow!("the key needs 64 hexadecimal digits"))?;
        let id = mac(&root, "key id");
        Ok(Self {
            cipher: XChaCha20Poly1305::new(&mac(&root, "seal").into()),
            id: [id[0], id[1], id[2], id[3]],
            tokens: mac(&root, "tokens"),
        })
    }
}

impl Vault {
    /// Takes the 64 hexadecimal digits of `SWITCHBOARD_SECRET_KEY`.
    pub fn new(key: &Secret<String>) -> anyhow::Result<Self> {
        Ok(Self { current: Keys::of(key).context("SWITCHBOARD_SECRET_KEY")?, former: Vec::new() })
    }

    /// The same with the keys that were used before: `SWITCHBOARD_FORMER_SECRET_KEYS`.
    pub fn knowing(self, former: &[Secret<String>]) -> anyhow::Result<Self> {
        let former: anyhow::Result<Vec<Keys>> = former.iter().map(Keys::of).collect();
        Ok(Self { former: former.context("SWITCHBOARD_FORMER_SECRET_KEYS")?, ..self })
    }

    /// Whether anything may still be sealed with another key than the current one.
    pub fn has_former_keys(&self) -> bool {
        !self.former.is_empty()
    }

    /// The first bytes of everything that the current key has sealed.
    pub fn mark(&self) -> [u8; KEY_ID] {
        self.current.id
    }

    /// Encrypts `plain` so that it opens only at the same `place` (table, column and row: see [`place`]).
    /// Layout: key id (4 bytes), nonce (24), ciphertext with tag.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed =
            self.current.cipher.encrypt(XNonce::from_slice(&nonce), payload).expect("encryption in memory cannot fail");
        [&self.current.id[..], &nonce, &sealed].concat()
    }

    /// # Errors
    /// `Unexpected` when it was sealed with a key that is not known, for another place, or was changed.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Secret<Vec<u8>>> {
        let refused =
            || Error::unexpected(anyhow!("a secret at {place} does not open: other key, other place, or damaged"));
        if sealed.len() < KEY_ID + NONCE {
            return Err(refused());
        }
        let keys = self.all().find(|keys| sealed[..KEY_ID] == keys.id).ok_or_else(refused)?;
        let (nonce, text) = sealed[KEY_ID..].split_at(NONCE);
        let payload = Payload { msg: text, aad: place.as_bytes() };
        keys.cipher.decrypt(XNonce::from_slice(nonce), payload).map(Secret::new).map_err(|_| refused())
    }

    /// A keyed hash that only this installation can make: for tokens that need no row of their own.
    pub fn token(&self, purpose: &str, subject: &str) -> String {
        hex::encode(mac(&self.current.tokens, &format!("{purpose}:{subject}")))
    }

    /// The same with every key that is known, the current one first: to find what a former one has made.
    pub fn tokens(&self, purpose: &str, subject: &str) -> Vec<String> {
        self.all().map(|keys| hex::encode(mac(&keys.tokens, &format!("{purpose}:{subject}")))).collect()
    }

    /// A keyed hash of a word for a column that is searched by it: equal words have equal hashes, and nobody without the
    /// key can tell a word from its hash.
    pub fn word(&self, purpose: &str, word: &str) -> i64 {
        let hash = mac(&self.current.tokens, &format!("word {purpose}:{word}"));
        i64::from_be_bytes(hash[..8].try_into().expect("eight of 32 bytes"))
    }

    /// Whether `token` is one that [`Self::token`] makes or made, compared in constant time.
    pub fn token_fits(&self, purpose: &str, subject: &str, token: &str) -> bool {
        let Ok(given) = hex::decode(token) else { return false };
        let fits = |keys: &Keys| keyed(&keys.tokens, &format!("{purpose}:{subject}")).verify_slice(&given).is_ok();
        self.all().any(fits)
    }

    fn all(&self) -> impl Iterator<Item = &Keys> {
        std::iter::once(&self.current).chain(&self.former)
    }
}

/// The place of one row's secret.
pub fn place(table_and_column: &str, row: impl std::fmt::Display) -> String {
    format!("{table_and_column}:{row}")
}

/// 256 random bits for links, keys and cookies, in hexadecimal.
pub fn random_token() -> Secret<String> {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    Secret::new(hex::encode(bytes))
}

fn keyed(key: &[u8; 32], text: &str) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac
}

fn mac(key: &[u8; 32], text: &str) -> [u8; 32] {
    keyed(key, text).finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        Vault::new(&random_token()).unwrap()
    }

    #[test]
    fn a_secret_opens_only_where_it_was_sealed() {
        let vault = vault();
        let sealed = vault.seal("waha_sessions.hmac_key:1", b"key");
        assert_eq!(vault.open("waha_sessions.hmac_key:1", &sealed).unwrap().expose(), b"key");
        assert!(vault.open("waha_sessions.hmac_key:2", &sealed).is_err());
    }

    #[test]
    fn a_changed_secret_does_not_open() {
        let vault = vault();
        let mut sealed = vault.seal("x", b"key");
        *sealed.last_mut().unwrap() ^= 1;
        assert!(vault.open("x", &sealed).is_err());
        assert!(vault.open("x", b"short").is_err());
    }

    #[test]
    fn a_former_key_still_opens_and_never_seals() {
        let (old, new) = (random_token(), random_token());
        let before = Vault::new(&old).unwrap();
        let after = Vault::new(&new).unwrap().knowing(&[old]).unwrap();
        let (sealed, token) = (before.seal("x", b"key"), before.token("csrf", "a"));

        assert_eq!(after.open("x", &sealed).unwrap().expose(), b"key");
        assert!(after.token_fits("csrf", "a", &token) && after.token("csrf", "a") != token);
        assert!(before.open("x", &after.seal("x", b"key")).is_err());
        assert_eq!(after.seal("x", b"key")[..4], after.mark());
        assert!(after.has_former_keys() && !before.has_former_keys());
    }

    #[test]
    fn tokens_fit_their_purpose_and_subject_only() {
        let vault = vault();
        let token = vault.token("csrf", "a");
        assert!(vault.token_fits("csrf", "a", &token));
        assert!(!vault.token_fits("csrf", "b", &token));
        assert!(!vault.token_fits("other", "a", &token));
        assert!(!super::tests::vault().token_fits("csrf", "a", &token));
    }
}
