//! Passwords: argon2id, its parameters in one place.

use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::LazyLock;

/// OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Shorter ones are refused; there are no rules of composition (NIST 800-63B).
pub const MIN_LENGTH: usize = 12;
/// Longer ones cost more to hash than they protect.
pub const MAX_LENGTH: usize = 256;

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are constants in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Takes some 30 ms of CPU: call it off the event loop.
pub fn hash(password: &Secret<String>) -> Result<String> {
    let hash = hasher().hash_password(password.expose().as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|cause| Error::unexpected(anyhow::anyhow!("argon2: {cause}")))
}

/// Whether `password` is the one behind `hash`. Without a hash it takes as long and says no, so that the time of an
/// answer does not tell whether an account exists.
pub fn fits(password: &Secret<String>, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| self::hash(&crate::kit::vault::random_token()).unwrap_or_default());
    let known = PasswordHash::new(hash.unwrap_or(&NOBODY));
    let fits = known.is_ok_and(|known| hasher().verify_password(password.expose().as_bytes(), &known).is_ok());
    fits && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash(&secret("correct horse battery")).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits(&secret("correct horse battery"), Some(&hash)));
        assert!(!fits(&secret("correct horse batterx"), Some(&hash)));
        assert!(!fits(&secret("correct horse battery"), None));
        assert!(!fits(&secret("anything"), Some("no hash")));
    }
}
