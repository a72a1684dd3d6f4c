//! Single fields of forms, checked: what several forms ask for in the same words.

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
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// A line that has to be there; `missing` says so.
pub fn required(errors: &mut Errors, field: &str, typed: &str, most: usize, missing: &str) -> String {
    let text = line(errors, field, typed, most);
    if text.is_none() {
        errors.add(field, missing);
    }
    text.unwrap_or_default()
}

/// An address in lower case, in the field `email`.
pub fn email(errors: &mut Errors, typed: &str) -> String {
    let email = typed.trim().to_lowercase();
    match email.chars().count() {
        0 => errors.add("email", "Enter an email address."),
        256.. => errors.add("email", "An email address has at most 255 characters."),
        _ if email.parse::<lettre::Address>().is_err() => {
            errors.add("email", "This is no email address. One looks like ada@example.org.");
        }
        _ => {}
    }
    email
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
    fn addresses_are_told_from_other_text() {
        for bad in ["", "@", "a@", "@b.test", "a b@c.test", "a@b@c.test", "a@b.test\r\nBcc: c@d.test"] {
            let mut errors = Errors::default();
            email(&mut errors, bad);
            assert!(errors.of("email").is_some(), "{bad:?}");
        }
        let mut errors = Errors::default();
        assert_eq!(email(&mut errors, " Ada@Acme.Test "), "ada@acme.test");
        assert!(errors.is_empty());
    }

    #[test]
    fn a_line_is_one_and_not_too_long() {
        let mut errors = Errors::default();
        assert_eq!(line(&mut errors, "a", " é ", 1), Some("é".into()));
        assert_eq!(line(&mut errors, "b", " ", 1), None);
        assert!(errors.is_empty());
        line(&mut errors, "c", "ab", 1);
        line(&mut errors, "d", "a\nb", 9);
        required(&mut errors, "e", "", 9, "Enter it.");
        assert!(errors.of("c").is_some() && errors.of("d").is_some() && errors.of("e") == Some("Enter it."));
    }
}
