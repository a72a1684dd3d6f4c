//! Identifiers as WhatsApp and WAHA write them: chat ids, message ids, event ids.

use chrono::Utc;
use rand::Rng;

const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A lowercase ULID: 48 bits of milliseconds, 80 bits of chance.
pub fn ulid() -> String {
    let millis = u128::from(Utc::now().timestamp_millis().unsigned_abs());
    let value = (millis << 80) | (rand::rng().random::<u128>() >> 48);
    (0..26).rev().map(|place| CROCKFORD[((value >> (place * 5)) & 31) as usize] as char).collect()
}

/// The bare id of a message: `3EB0…` as the gateway makes them, `3A…` as phones do.
pub fn message_id(from_gateway: bool) -> String {
    let prefix = if from_gateway { "3EB0" } else { "3A" };
    let tail: u128 = rand::rng().random();
    format!("{prefix}{:018X}", tail >> 56)
}

/// A code as the phone shows it: `ABCD-1234`, without letters that look like digits.
pub fn pairing_code() -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTVWXYZ123456789";
    let mut rng = rand::rng();
    let mut four = || (0..4).map(|_| LETTERS[rng.random_range(0..LETTERS.len())] as char).collect::<String>();
    format!("{}-{}", four(), four())
}

/// What a QR code holds: a reference and three keys, of the length that makes the 276-pixel code of the real one.
pub fn qr_value() -> String {
    use base64::Engine as _;
    let mut rng = rand::rng();
    let mut key = |bytes: usize| {
        let raw: Vec<u8> = (0..bytes).map(|_| rng.random()).collect();
        base64::engine::general_purpose::STANDARD.encode(raw)
    };
    format!("2@{},{},{},{}", key(66), key(32), key(32), key(32))
}

/// `@s.whatsapp.net` becomes `@c.us`, a `:device` part goes, bare digits are a person.
pub fn chat_id(text: &str) -> String {
    let text = text.trim().trim_start_matches('+');
    let (user, server) = text.split_once('@').unwrap_or((text, "c.us"));
    let user = user.split(':').next().unwrap_or(user);
    let server = if server == "s.whatsapp.net" { "c.us" } else { server };
    format!("{user}@{server}")
}

/// The digits before the `@`.
pub fn user_of(chat: &str) -> &str {
    chat.split('@').next().unwrap_or(chat)
}

/// As the engines that speak the wire protocol write it.
pub fn jid(chat: &str) -> String {
    chat.replace("@c.us", "@s.whatsapp.net")
}

/// `{true|false}_{chat}_{bare}[_{participant}]`
pub fn full_id(from_me: bool, chat: &str, bare: &str, participant: Option<&str>) -> String {
    let tail = participant.map(|id| format!("_{id}")).unwrap_or_default();
    format!("{from_me}_{chat}_{bare}{tail}")
}

/// The bare id inside a full one; a bare one stays as it is.
pub fn bare_id(id: &str) -> &str {
    let is_full = id.starts_with("true_") || id.starts_with("false_");
    if is_full { id.split('_').nth(2).unwrap_or(id) } else { id }
}

/// Only digits, so that `+1 (202) 555-0143` and `12025550143` are one phone.
pub fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chat_ids_come_out_in_one_form() {
        assert_eq!(chat_id("12025550143:7@s.whatsapp.net"), "12025550143@c.us");
        assert_eq!(chat_id("+12025550143"), "12025550143@c.us");
        assert_eq!(chat_id("88@lid"), "88@lid");
    }

    #[test]
    fn the_bare_id_is_found_in_every_form() {
        assert_eq!(bare_id("true_12025550143@c.us_3EB0AA"), "3EB0AA");
        assert_eq!(bare_id("false_1203@g.us_3A11_12025550143@c.us"), "3A11");
        assert_eq!(bare_id("3A11"), "3A11");
    }

    #[test]
    fn event_ids_sort_by_time_and_differ() {
        let (one, two) = (ulid(), ulid());
        assert_eq!(one.len(), 26);
        assert_ne!(one, two);
        assert_eq!(one[..8], two[..8]);
    }
}
