//! Single fields of forms, checked: what several forms ask for in the same words.

use super::email::Email;
use super::form::Errors;
use super::locales;

/// One line of text of at most `most` characters; None when it is empty.
pub fn line(errors: &mut Errors, field: &str, typed: &str, most: usize) -> Option<String> {
    let text = typed.trim();
    if text.chars().count() > most {
        errors.add(field, format!("At most {most} characters."));
    }
    if text.chars().any(char::is_control) {
        errors.add(field, "This is one line of text.");
    }
    if text.chars().any(turns) {
        errors.add(field, "This contains marks that turn the direction of text. Please take them out.");
    }
    Some(text.to_owned()).filter(|text| text.chars().any(is_seen))
}

/// Unicode's embeddings, overrides and isolates: with them a name can look like another.
fn turns(char: char) -> bool {
    matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Not of those that leave a name blank: fillers, joiners, and spaces without a width.
fn is_seen(char: char) -> bool {
    let is_blank = matches!(
        char,
        '\u{AD}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'
            ..='\u{200F}' | '\u{2060}' | '\u{2800}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
    );
    !is_blank && !char.is_whitespace()
}

/// A line that has to be there; `missing` says so.
pub fn required(errors: &mut Errors, field: &str, typed: &str, most: usize, missing: &str) -> String {
    let text = line(errors, field, typed, most);
    if text.is_none() {
        errors.add(field, missing);
    }
    text.unwrap_or_default()
}

/// An address as accounts have it, in the field `email`; what is none is answered as it would be kept.
pub fn email(errors: &mut Errors, typed: &str) -> String {
    match Email::parse(typed) {
        Ok(email) => email.into_string(),
        Err(why) => {
            errors.add("email", why);
            Email::canonical(typed)
        }
    }
}

/// An IANA name, in the field `time_zone`; None when it is empty.
pub fn time_zone(errors: &mut Errors, typed: &str) -> Option<String> {
    let zone = typed.trim();
    if !zone.is_empty() && !locales::is_time_zone(zone) {
        errors.add("time_zone", "There is no such time zone. Choose one of the list, as Europe/Berlin.");
    }
    Some(zone.to_owned()).filter(|zone| !zone.is_empty())
}

/// A tag of `locales::LOCALES`, in the field `locale`; None when it is empty.
pub fn locale(errors: &mut Errors, typed: &str) -> Option<String> {
    if !typed.is_empty() && !locales::is_locale(typed) {
        errors.add("locale", "Choose one of the list.");
    }
    Some(typed.to_owned()).filter(|tag| !tag.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_and_not_too_long() {
        let mut errors = Errors::default();
        assert_eq!(line(&mut errors, "a", " é ", 1), Some("é".into()));
        assert_eq!(line(&mut errors, "b", " ", 1), None);
        assert_eq!(line(&mut errors, "b", "\u{3164}\u{115F}\u{200D}", 9), None, "nothing to be seen");
        assert_eq!(line(&mut errors, "b", "👨‍👩‍👧 نور", 9), Some("👨‍👩‍👧 نور".into()));
        assert!(errors.is_empty());
        line(&mut errors, "turned", "Bank \u{202E}txt.exe", 99);
        assert!(errors.of("turned").is_some());
        line(&mut errors, "c", "ab", 1);
        line(&mut errors, "d", "a\nb", 9);
        required(&mut errors, "e", "", 9, "Enter it.");
        assert!(errors.of("c").is_some() && errors.of("d").is_some() && errors.of("e") == Some("Enter it."));
    }
}
