//! Passwords: argon2id, its parameters in one place.

use crate::kit::error::{Error, Result};
use crate::kit::secret::Secret;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use zxcvbn::zxcvbn;

/// OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Shorter ones are refused; there are no rules of composition (NIST 800-63B).
pub const MIN_LENGTH: usize = 12;
/// Longer ones cost more to hash than they protect.
pub const MAX_LENGTH: usize = 256;
/// Guesses, as a power of ten, that a password must withstand where failed tries are slowed down.
const GUESSES: f64 = 8.0;
/// So long ones are nobody's first tries, whatever they are made of.
const GUESSED: usize = 64;
/// How long a check waits for its turn before the caller is told 503.
const PATIENCE: Duration = Duration::from_secs(15);

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

/// Whether `hash` was made with other parameters than today's.
pub fn is_outdated(hash: &str) -> bool {
    !hash.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

/// What is wrong with `password` as a new one, in a sentence. `about` is what a guesser would try first: names,
/// addresses, the organisation.
///
/// NIST 800-63B: length, and not what is commonly used, expected or made of repetitions; nothing about its composition.
pub fn problem(password: &str, about: &[&str]) -> Option<String> {
    if password.chars().count() < MIN_LENGTH {
        return Some(format!("Choose at least {MIN_LENGTH} characters; several words are good."));
    }
    if password.len() > MAX_LENGTH {
        return Some(format!("A password has at most {MAX_LENGTH} characters."));
    }
    let is_short = password.chars().count() < GUESSED;
    let is_guessed = is_short && (is_made_of(password, about) || zxcvbn(password, &[]).guesses_log10() < GUESSES);
    is_guessed.then(|| "This is among the first that a guesser would try. Choose a few unrelated words.".into())
}

/// Whether hardly anything is left of `password` without the words of `about`.
fn is_made_of(password: &str, about: &[&str]) -> bool {
    let lower = about.join(" ").to_lowercase();
    let words = lower.split(|char: char| !char.is_alphanumeric()).filter(|word| word.chars().count() > 2);
    let left = words.fold(password.to_lowercase(), |left, word| left.replace(word, ""));
    left.chars().filter(|char| char.is_alphanumeric()).count() < 6
}

/// Runs `work`, which hashes, off the event loop and with few others at once: each needs 19 MiB and a core.
///
/// # Errors
/// `Busy` when its turn did not come in time.
pub async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    static TURNS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(at_once()));
    let turn = timeout(PATIENCE, TURNS.acquire()).await.map_err(|_| Error::Busy)?;
    let _turn = turn.map_err(Error::unexpected)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::unexpected)
}

/// Half the cores, so that the other half goes on answering those who are signed in.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn short_common_and_obvious_passwords_are_refused() {
        let about = ["ada@acme.test", "Ada", "Arnold", "Acme Bikes"];
        for bad in [
            "short",
            "eleven char",
            "passwordpassword",
            "aaaaaaaaaaaaaaaa",
            "123456789012",
            "ada.arnold.acme",
            "qwertyuiop123",
        ] {
            assert!(problem(bad, &about).is_some(), "{bad}");
        }
        assert!(problem(&"x y".repeat(100), &about).is_some(), "too long");
        for good in
            ["correct horse battery", "four unrelated words here", "ünïcödé ist völlig in Ordnung", "gT7!kd02;Lqz"]
        {
            assert_eq!(problem(good, &about), None, "{good}");
        }
    }

    #[test]
    fn a_hash_of_other_parameters_is_outdated() {
        assert!(is_outdated("$argon2id$v=19$m=4096,t=3,p=1$c2FsdA$aGFzaA"));
        assert!(!is_outdated(&hash(&secret("correct horse battery")).unwrap()));
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
