//! What programs show instead of a cookie: personal tokens, refresh tokens, and short-lived access tokens (JWT).
//!
//! A random token is `prefix_` + 64 hexadecimal digits + 8 that follow from them. So a scanner for leaked secrets finds
//! it (`sw[br]_[0-9a-f]{72}`) and is seldom wrong, and a mistyped one is known without asking the database.

mod caller;
mod callers;
mod jwt;

pub use caller::{Caller, Credential};
pub use callers::Callers;
pub use jwt::{AUDIENCE, Claims, ISSUER, Signer};

use super::secret::Secret;
use super::vault::random_token;
use chrono::Duration;
use sha2::{Digest, Sha256};

/// How long an access token counts.
pub const ACCESS: Duration = Duration::minutes(15);
/// The kind of live event that says a personal token changed.
pub const TOKEN_CHANGED: &str = "api_token";
/// The kind of live event that says a refresh token was used a second time; its subject is the session.
pub const TOKEN_REUSED: &str = "token_reused";

const RANDOM: usize = 64;
const CHECK: usize = 8;

pub type TokenHash = [u8; 32];

/// What a random token is for; it shows in its first letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Personal,
    Refresh,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "swb_",
            Self::Refresh => "swr_",
        }
    }

    /// A new one, of 256 random bits.
    pub fn mint(self) -> Secret<String> {
        let begin = format!("{}{}", self.prefix(), random_token().expose());
        Secret::new(format!("{begin}{}", check(&begin)))
    }

    /// Whether `token` could be one of ours; most that are not are known by this.
    pub fn is_well_formed(self, token: &str) -> bool {
        let length = self.prefix().len() + RANDOM;
        token.is_ascii()
            && token.len() == length + CHECK
            && token.starts_with(self.prefix())
            && check(&token[..length]) == token[length..]
    }
}

/// What is kept of a token.
pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

fn check(begin: &str) -> String {
    hex::encode(&hash(begin)[..CHECK / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_what_it_is_and_whether_it_is_whole() {
        let token = Kind::Personal.mint();
        let token = token.expose();
        assert!(token.starts_with("swb_") && token.len() == 76);
        assert!(Kind::Personal.is_well_formed(token) && !Kind::Refresh.is_well_formed(token));
        let last = if token.ends_with('0') { "1" } else { "0" };
        assert!(!Kind::Personal.is_well_formed(&format!("{}{last}", &token[..75])));
        for bad in ["", "swb_", "ü".repeat(38).as_str()] {
            assert!(!Kind::Personal.is_well_formed(bad), "{bad}");
        }
        assert_ne!(Kind::Personal.mint().expose(), token);
    }
}
