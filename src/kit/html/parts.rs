//! Small things that many screens show, as data for the macros in templates/ui.

/// A moment: what is read, and the exact instant on hover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// As read in place: "14:05", "Yesterday".
    pub text: String,
    /// In full, in the user's time zone: "Saturday, 21 November 2026, 14:05:09 CET".
    pub exact: String,
    /// RFC 3339, for machines.
    pub datetime: String,
}

/// A person or group as a coloured disc with initials.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Avatar {
    /// Empty for somebody without a name: the disc shows a figure then.
    pub initials: String,
    /// 0 to 7; the same name always has the same colour.
    pub colour: u8,
    pub is_group: bool,
}

/// What a colour says. The words beside it say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Quiet,
    Good,
    Busy,
    Warn,
    Bad,
    Accent,
}

/// A state in a word or two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pill {
    pub tone: Tone,
    pub label: String,
}

/// One option of a select.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// How much of something is used, as a bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meter {
    pub label: &'static str,
    pub icon: &'static str,
    /// "4 of 5".
    pub text: String,
    /// 0 to 100; None where there is no limit, and so no bar.
    pub percent: Option<i64>,
    pub tone: Tone,
}

/// The pages of an area, listed beside each of them, as in Settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sections {
    pub title: &'static str,
    pub groups: Vec<SectionGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionGroup {
    /// Empty where the area has one group only.
    pub label: &'static str,
    pub sections: Vec<Section>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub label: &'static str,
    /// A name listed in templates/ui/icon.html.
    pub icon: &'static str,
    pub href: &'static str,
    pub is_current: bool,
}

/// A figure in a card of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stat {
    pub label: String,
    /// Already formatted: "1,204", "12 min", "–".
    pub value: String,
    /// A line below it; may be empty.
    pub detail: String,
    pub icon: &'static str,
    /// Quiet unless the figure wants attention.
    pub tone: Tone,
    /// The rows behind the figure.
    pub href: Option<String>,
}

/// A name and its value in a list of facts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fact {
    pub label: &'static str,
    pub value: String,
}

impl Choice {
    pub fn of(value: &str, label: impl Into<String>, chosen: &str) -> Self {
        Self { value: value.to_owned(), label: label.into(), is_chosen: value == chosen }
    }
}

impl Tone {
    /// The CSS class behind it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Quiet => "tone-quiet",
            Self::Good => "tone-good",
            Self::Busy => "tone-busy",
            Self::Warn => "tone-warn",
            Self::Bad => "tone-bad",
            Self::Accent => "tone-accent",
        }
    }
}

impl Pill {
    pub fn new(tone: Tone, label: impl Into<String>) -> Self {
        Self { tone, label: label.into() }
    }
}

impl Avatar {
    /// A person's disc; `name` may be empty.
    pub fn of(name: &str) -> Self {
        Self { initials: initials(name), colour: colour(name), is_group: false }
    }

    pub fn group(name: &str) -> Self {
        Self { is_group: true, ..Self::of(name) }
    }
}

/// First letters of the first and last word; a bare phone number has none.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic));
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect()
}

/// FNV-1a: spreads short names well and never changes between releases, as the standard hasher may.
fn colour(name: &str) -> u8 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash % 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_names_and_not_from_numbers() {
        for (name, expected) in [("Ada Lovelace", "AL"), ("öz", "Ö"), ("Ana Maria de Souza", "AS"), ("+49 151 234", "")]
        {
            assert_eq!(Avatar::of(name).initials, expected, "{name}");
        }
    }

    #[test]
    fn a_name_keeps_its_colour() {
        assert_eq!(Avatar::of("Ada").colour, Avatar::group("Ada").colour);
        assert!(("a".."z").contains(&"b") && (0..8).contains(&Avatar::of("Bob").colour));
    }
}
