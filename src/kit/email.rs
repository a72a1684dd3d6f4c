//! Email addresses, in the one form in which they are kept and compared.

use std::fmt;

/// An address that could exist: lower case, its domain in the letters of the DNS (`xn--…`), so that two that look alike
/// are told apart. The part before the @ is lower case too: no mail host that matters tells `Ada@` from `ada@`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// A sentence for whoever typed it.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        let email = Self::canonical(typed);
        match email.chars().count() {
            0 => Err("Enter an email address."),
            256.. => Err("An email address has at most 255 characters."),
            _ if !email.is_ascii() => Err("Letters beyond a to z can only stand after the @."),
            _ if email.ends_with(']') => Err("The part after the @ has to be a name."),
            _ if email.starts_with('"') => Err("Addresses with quotation marks cannot be used."),
            _ if email.parse::<lettre::Address>().is_err() => {
                Err("This is no email address. One looks like ada@example.org.")
            }
            _ => Ok(Self(email)),
        }
    }

    /// What was typed in the form that it would be kept in, if it is an address: for looking one up.
    pub fn canonical(typed: &str) -> String {
        let email = typed.trim().to_lowercase();
        let ascii = email.rsplit_once('@').and_then(|(name, domain)| match url::Host::parse(domain) {
            Ok(url::Host::Domain(domain)) => Some(format!("{name}@{domain}")),
            _ => None,
        });
        ascii.unwrap_or(email)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_form_of_a_form_is_itself(typed in "\\PC{0,30}|\\PC{1,12}@\\PC{1,12}|[a-zA-Z.+_]{1,8}@[a-zA-Zä-ü.-]{1,12}") {
            let once = Email::canonical(&typed);
            prop_assert_eq!(Email::canonical(&once), once);
            if let Ok(email) = Email::parse(&typed) {
                prop_assert!(email.as_str().is_ascii() && email.as_str().matches('@').count() == 1);
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(Email::parse(&email.as_str().to_uppercase()), Ok(email.clone()));
            }
        }
    }

    #[test]
    fn addresses_are_told_from_other_text() {
        let wrong =
            ["", "@", "a@", "@b.test", "a b@c.test", "a@b@c.test", "a@b.test\r\nBcc: c@d.test", "\"a b\"@c.test"];
        for bad in wrong.into_iter().chain(["jörg@acme.test", "a@[127.0.0.1]"]) {
            assert!(Email::parse(bad).is_err(), "{bad:?}");
        }
        assert!(Email::parse(&format!("{}@b.test", "a".repeat(300))).is_err());
    }

    #[test]
    fn an_address_has_one_form() {
        assert_eq!(Email::parse(" Ada@Acme.Test ").unwrap().as_str(), "ada@acme.test");
        assert_eq!(Email::parse("info@Bücher.example").unwrap().as_str(), "info@xn--bcher-kva.example");
        assert_ne!(Email::canonical("admin@\u{435}xample.com"), "admin@example.com", "another letter");
    }
}
