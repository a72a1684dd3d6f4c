//! Where a message goes or comes from: `79221234567@c.us`, a group, a hidden id.

use std::fmt;
use std::str::FromStr;

/// Longer than any address that WhatsApp gives out.
const LONGEST: usize = 128;

/// A chat's address in WAHA's spelling: `@s.whatsapp.net` has become `@c.us` and the device part is gone, so that two
/// spellings of one chat compare equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChatId {
    text: String,
    kind: ChatKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChatKind {
    Person,
    Group,
    /// A person whose phone number WhatsApp hides.
    Lid,
    Newsletter,
    /// Everybody's status posts, as one chat.
    Status,
    Broadcast,
    /// Bots, hosted accounts and whatever comes next.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("This is not a WhatsApp address.")]
pub struct BadChatId;

impl ChatId {
    pub fn parse(text: &str) -> Result<Self, BadChatId> {
        let text = text.trim();
        let (user, domain) = text.split_once('@').unwrap_or((text.trim_start_matches('+'), "c.us"));
        let domain = if domain == "s.whatsapp.net" { "c.us" } else { domain };
        // What may follow the user is `.agent` and `:device`.
        let user = user.split([':', '.']).next().unwrap_or_default();
        let kind = match domain {
            "c.us" => ChatKind::Person,
            "g.us" => ChatKind::Group,
            "lid" => ChatKind::Lid,
            "newsletter" => ChatKind::Newsletter,
            "broadcast" if user == "status" => ChatKind::Status,
            "broadcast" => ChatKind::Broadcast,
            _ => ChatKind::Other,
        };
        let digits_only = matches!(kind, ChatKind::Person | ChatKind::Lid);
        let fits = if digits_only { |c: char| c.is_ascii_digit() } else { is_address_char };
        let sound =
            !user.is_empty() && user.chars().all(fits) && !domain.is_empty() && domain.chars().all(is_address_char);
        if !sound || text.len() > LONGEST {
            return Err(BadChatId);
        }
        Ok(Self { text: format!("{user}@{domain}"), kind })
    }

    /// The chat with the person who has that phone number.
    pub fn of_phone(phone: &str) -> Result<Self, BadChatId> {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        Self::parse(&digits)
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn kind(&self) -> ChatKind {
        self.kind
    }

    /// The part before the `@`.
    pub fn user(&self) -> &str {
        self.text.split('@').next().unwrap_or_default()
    }

    /// A person's phone number in digits; nobody else has one.
    pub fn phone(&self) -> Option<&str> {
        (self.kind == ChatKind::Person).then(|| self.user())
    }

    pub fn is_group(&self) -> bool {
        self.kind == ChatKind::Group
    }

    pub fn is_lid(&self) -> bool {
        self.kind == ChatKind::Lid
    }

    /// A chat between us and one person, whichever of their two addresses it has.
    pub fn is_direct(&self) -> bool {
        matches!(self.kind, ChatKind::Person | ChatKind::Lid)
    }
}

fn is_address_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
}

impl FromStr for ChatId {
    type Err = BadChatId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_told_apart() {
        for (text, kind) in [
            ("79221234567@c.us", ChatKind::Person),
            ("120363041234567890@g.us", ChatKind::Group),
            ("79221234567-1590000000@g.us", ChatKind::Group),
            ("123456789012345@lid", ChatKind::Lid),
            ("120363041234567890@newsletter", ChatKind::Newsletter),
            ("status@broadcast", ChatKind::Status),
            ("1590000000@broadcast", ChatKind::Broadcast),
            ("867051314767696@bot", ChatKind::Other),
        ] {
            let chat = ChatId::parse(text).unwrap();
            assert_eq!((chat.kind(), chat.as_str()), (kind, text));
        }
    }

    #[test]
    fn spellings_of_one_chat_are_equal() {
        let expected = ChatId::parse("79221234567@c.us").unwrap();

        for text in ["79221234567@s.whatsapp.net", "79221234567:12@s.whatsapp.net", "79221234567", "+79221234567"] {
            assert_eq!(ChatId::parse(text).unwrap(), expected, "{text}");
        }
        assert_eq!(ChatId::of_phone("+7 (922) 123-45-67").unwrap(), expected);
        assert_eq!(ChatId::parse("123:4@lid").unwrap().as_str(), "123@lid");
    }

    #[test]
    fn only_people_have_phones() {
        assert_eq!(ChatId::parse("79221234567@c.us").unwrap().phone(), Some("79221234567"));
        assert_eq!(ChatId::parse("79221234567@lid").unwrap().phone(), None);
    }

    #[test]
    fn nonsense_is_refused() {
        let long = "1".repeat(200);
        for text in ["", "@c.us", "a b@c.us", "../x@g.us", "1@c.us/..", "1@", "anna@c.us", "1@a\0b", &long] {
            assert_eq!(ChatId::parse(text), Err(BadChatId), "{text}");
        }
    }
}
