//! What a letter says; as text and as HTML.

use crate::kit::error::{Error, Result};
use askama::Template;
use lettre::Message;
use lettre::message::{Mailbox, MultiPart};
use serde::{Deserialize, Serialize};

/// A short letter: paragraphs and at most one thing to do.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// An address, checked where it came in.
    pub to: String,
    pub subject: String,
    /// Paragraphs, without markup.
    pub lines: Vec<String>,
    pub link: Option<Link>,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Link {
    pub label: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Letter {
    /// # Errors
    /// `Unexpected` when the address is none: the account's form lets no such address in.
    pub(super) fn message(&self, from: Mailbox) -> Result<Message> {
        let to: Mailbox = self.to.parse().map_err(Error::unexpected)?;
        let body = MultiPart::alternative_plain_html(Text { letter: self }.render()?, Html { letter: self }.render()?);
        // Nobody answers a letter from a program, and no vacation notice should either.
        let message = Message::builder().from(from).to(to).subject(&self.subject);
        message.header(AutoSubmitted).multipart(body).map_err(Error::unexpected)
    }
}

/// RFC 3834.
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_text_and_html_and_keeps_its_words() {
        let letter = Letter {
            to: "bob@acme.test".into(),
            subject: "Your invitation".into(),
            lines: vec!["Ada <Arnold> invites you & yours.".into()],
            link: Some(Link { label: "Choose a password".into(), url: "https://desk.test/welcome/1?a=b&c=d".into() }),
        };
        let text = Text { letter: &letter }.render().unwrap();
        let html = Html { letter: &letter }.render().unwrap();

        assert!(text.contains("Ada <Arnold> invites you & yours.") && text.contains("/welcome/1?a=b&c=d\n"), "{text}");
        assert!(
            html.contains("Ada &#60;Arnold&#62;") && html.contains(r#"href="https://desk.test/welcome/1?a=b&#38;c=d""#)
        );
        let sent = letter.message("Desk <desk@acme.test>".parse().unwrap()).unwrap().formatted();
        assert!(String::from_utf8_lossy(&sent).contains("Auto-Submitted: auto-generated"));
    }
}
