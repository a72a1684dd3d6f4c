//! Proof that a webhook comes from the gateway: lowercase hex of HMAC-SHA512 over the raw body.

use hmac::{Hmac, Mac};
use sha2::Sha512;

/// Compares in constant time; a header that is not hex never matches.
pub fn signature_matches(key: &[u8], body: &[u8], header: &str) -> bool {
    let (Ok(claimed), Ok(mut mac)) = (hex::decode(header.trim()), Hmac::<Sha512>::new_from_slice(key)) else {
        return false;
    };
    mac.update(body);
    mac.verify_slice(&claimed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"my-secret-key";
    const BODY: &[u8] = br#"{"event":"message","session":"default","engine":"WEBJS"}"#;
    const SIGNATURE: &str = "208f8a55dde9e05519e898b10b89bf0d0b3b0fdf11fdbf09b6b90476301b98d8\
                             097c462b2b17a6ce93b6b47a136cf2e78a33a63f6752c2c1631777076153fa89";

    #[test]
    fn wahas_own_vector_matches() {
        assert!(signature_matches(KEY, BODY, SIGNATURE));
    }

    #[test]
    fn anything_else_does_not() {
        assert!(!signature_matches(b"other-key", BODY, SIGNATURE));
        assert!(!signature_matches(KEY, b"{}", SIGNATURE));
        for header in ["", "zz", &SIGNATURE[..64], &format!("{SIGNATURE}00")] {
            assert!(!signature_matches(KEY, BODY, header), "{header}");
        }
    }
}
