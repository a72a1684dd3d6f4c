//! Addresses of people inside texts and values, for those who may not see them.

use super::words::{masked_email, masked_phone};
use serde_json::Value;

/// Digits from which on a number may be a phone's.
const FEWEST: usize = 7;

/// `value` with e-mail addresses, phone numbers and WhatsApp's ids of people masked, whatever field they stand in.
pub fn masked(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(masked_text(&text)),
        Value::Array(items) => Value::Array(items.into_iter().map(masked).collect()),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (masked_text(&name), masked(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other,
    }
}

/// The same for a text, in which addresses may stand among other words.
pub fn masked_text(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let with_masked_mails: String = text.split_inclusive(is_end).map(masked_mail).collect();
    masked_numbers(&with_masked_mails)
}

/// `value` as it is for whoever `sees` such values, masked for the others.
pub fn unless(sees: bool, value: Option<String>, mask: fn(&str) -> String) -> Option<String> {
    if sees { value } else { value.map(|text| mask(&text)) }
}

/// An id, a day or a moment of ours: digits, and no address.
fn is_plain(text: &str) -> bool {
    let is_id = text.len() == 36 && text.parse::<uuid::Uuid>().is_ok();
    let is_date = text.get(..10).is_some_and(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_ok());
    let is_moment = is_date && (text.len() == 10 || chrono::DateTime::parse_from_rfc3339(text).is_ok());
    is_id || is_moment
}

/// Where a mail address is over: spaces and brackets, not the signs that stand inside of one.
fn is_end(char: char) -> bool {
    char.is_whitespace() || ",;:<>()[]\"'/?&=|".contains(char)
}

/// "a•••@acme.test"; other words stay, with the character that ends them.
fn masked_mail(word: &str) -> String {
    let bare = word.trim_end_matches(is_end);
    match bare.rsplit_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() => {
            format!("{}{}", masked_email(bare), &word[bare.len()..])
        }
        _ => word.to_owned(),
    }
}

/// "+49 ••• 89" for each number that may be a phone's.
fn masked_numbers(text: &str) -> String {
    with_numbers(text, |digits| Some(masked_phone(digits)))
}

/// `text` with something else for each run of digits, as people write phone numbers, that is long enough and no part of
/// a word; `instead` is given its digits, and None leaves it.
pub fn with_numbers(text: &str, instead: impl Fn(&str) -> Option<String>) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < chars.len() {
        let end = end_of_number(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let run: String = chars[at..end].iter().collect();
        let digits: String = run.chars().filter(char::is_ascii_digit).collect();
        let is_in_word = at > 0 && is_of_word(chars[at - 1]) || chars.get(end).copied().is_some_and(is_of_word);
        let may_be_phone = digits.len() >= FEWEST && !is_in_word && !is_plain(&run);
        out.push_str(&may_be_phone.then(|| instead(&digits)).flatten().unwrap_or(run));
        at = end;
    }
    out
}

/// Where the number that begins at `at` is over; `at` itself where none begins.
fn end_of_number(chars: &[char], at: usize) -> usize {
    let begins = chars[at].is_ascii_digit() || chars[at] == '+' && chars.get(at + 1).is_some_and(char::is_ascii_digit);
    if !begins {
        return at;
    }
    let is_part = |char: &char| char.is_ascii_digit() || "+ ()./-\u{A0}".contains(*char);
    let run = chars[at..].iter().take_while(|char| is_part(char)).count();
    let last = chars[at..at + run].iter().rposition(char::is_ascii_digit).unwrap_or(0);
    at + last + 1
}

fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn addresses_are_masked_wherever_they_stand() {
        let entry = json!({
            "email": "ada@acme.test", "phone": "4915123456789", "chat_id": "351912345678@c.us", "lid": "99887766554433@lid",
            "list": ["+49 1512 3456789"], "inner": { "title": "+351912345678" }, "text": "Write to bob@acme.test now",
            "filter": "q=eve@acme.test&from=+49 1512 3456789", "said": "Call (0151) 234-56789, or 0151/23456789.",
        });

        let text = masked(entry).to_string();

        for address in
            ["ada@", "bob@", "eve@", "15123456789", "1512 345", "351912345678", "887766", "234-567", "2345678"]
        {
            assert!(!text.contains(address), "{address} in {text}");
        }
        assert!(text.contains("a•••@acme.test") && text.contains("+49 ••• 89"), "{text}");
        assert!(text.contains("Write to b•••@acme.test now"), "{text}");
    }

    #[test]
    fn other_values_stay() {
        let id = "019a2b3c-4d5e-7f60-8123-456789abcdef";
        let entry = json!({
            "id": id, "day": "2026-11-21", "at": "2026-11-21T08:05:00Z", "count": 12345678, "on": true,
            "text": format!("row {id} of 2026-11-21, about 1,234 of 56"), "word": "abc1234567",
        });
        assert_eq!(masked(entry.clone()), entry);
    }

    #[test]
    fn what_surrounds_a_number_stays() {
        assert_eq!(masked_text("Call +49 1512 3456789 today"), "Call +49 ••• 89 today");
        assert_eq!(masked_text("(+351 912 345 678)"), "(+35 ••• 78)");
        assert_eq!(masked_text("12 of 34"), "12 of 34");
    }
}
