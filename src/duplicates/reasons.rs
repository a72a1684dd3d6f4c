//! Why two records may be one person.

/// What speaks for it, as a word of `duplicate_pairs.reasons`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Whatsapp,
    Phone,
    Email,
    ExternalId,
    NameCompany,
    NameDomain,
    Name,
}

impl Reason {
    /// The strongest first.
    pub const ALL: [Self; 7] =
        [Self::Whatsapp, Self::Phone, Self::Email, Self::ExternalId, Self::NameCompany, Self::NameDomain, Self::Name];

    pub fn word(self) -> &'static str {
        match self {
            Self::Whatsapp => "whatsapp",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::ExternalId => "external_id",
            Self::NameCompany => "name_company",
            Self::NameDomain => "name_domain",
            Self::Name => "name",
        }
    }

    /// For people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Whatsapp => "WhatsApp says so",
            Self::Phone => "Same phone digits",
            Self::Email => "Same mailbox",
            Self::ExternalId => "Same external id",
            Self::NameCompany => "Similar name, same company",
            Self::NameDomain => "Similar name, same mail domain",
            Self::Name => "Similar name",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }

    /// The known ones of `words`, the strongest first.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut reasons: Vec<Self> = words.into_iter().filter_map(Self::of_word).collect();
        reasons.sort_by_key(|reason| Self::ALL.iter().position(|other| other == reason));
        reasons
    }
}
