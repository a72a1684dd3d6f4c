//! Addresses of people in entries, for those who may not see them.

use crate::kit::words::masked_phone;
use serde_json::Value;

/// `value` with e-mail addresses, phone numbers and WhatsApp's ids of people masked, whatever field they stand in.
pub fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(masked_text(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(|(name, value)| (name, masked(value))).collect()),
        other => other,
    }
}

/// The same for a text, in which addresses may stand among other words.
pub fn masked_text(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_phone = digits.len() >= 6 && text.chars().all(|char| char.is_ascii_digit() || "+ ()./-".contains(char));
    match is_phone && !is_date(text) {
        true => masked_phone(&digits),
        false => text.split_inclusive(char::is_whitespace).map(masked_word).collect(),
    }
}

/// "a•••@acme.test", "+49 ••• 89"; other words stay.
fn masked_word(word: &str) -> String {
    let bare = word.trim_end_matches(char::is_whitespace);
    let space = &word[bare.len()..];
    let shown = match bare.rsplit_once('@') {
        Some((name, host)) if !name.is_empty() && host.contains('.') => {
            format!("{}•••@{host}", name.trim_start_matches('<').chars().next().unwrap_or('•'))
        }
        _ => match bare.trim_start_matches('+').len() >= 8 && is_number(bare) {
            true => masked_phone(bare.trim_start_matches('+')),
            false => bare.to_owned(),
        },
    };
    format!("{shown}{space}")
}

fn is_number(word: &str) -> bool {
    word.trim_start_matches('+').bytes().all(|byte| byte.is_ascii_digit())
}

/// "2026-11-21"
fn is_date(text: &str) -> bool {
    chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_are_masked_wherever_they_stand() {
        let entry = json!({
            "email": "ada@acme.test", "phone": "4915123456789", "chat_id": "351912345678@c.us",
            "list": ["+49 1512 3456789"], "inner": { "title": "+351912345678" }, "text": "Write to bob@acme.test now",
        });

        let text = masked(entry).to_string();

        for address in ["ada@", "bob@", "15123456789", "1512 345", "351912345678"] {
            assert!(!text.contains(address), "{address} in {text}");
        }
        assert!(text.contains("a•••@acme.test") && text.contains("+49 ••• 89"), "{text}");
        assert!(text.contains("Write to b•••@acme.test now"), "{text}");
    }

    #[test]
    fn other_values_stay() {
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let entry =
            json!({ "id": id, "day": "2026-11-21", "at": "2026-11-21T08:05:00Z", "count": 12345678, "on": true });
        assert_eq!(masked(entry.clone()), entry);
    }
}
