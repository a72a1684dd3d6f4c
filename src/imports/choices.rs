//! What the columns of a file mean, and what is done with its rows.

use crate::customers::attributes::Definition;
use crate::customers::model::CustomerType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use uuid::Uuid;

/// Purposes and channels that consent can be given for, as the ledger has them.
pub const PURPOSES: &[&str] = &["service", "marketing", "research", "profiling"];
pub const CHANNELS: &[&str] = &["whatsapp", "email", "sms", "push", "phone"];

/// What a column is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Target {
    #[default]
    Ignore,
    Field(Field),
    /// First and last name in one.
    FullName,
    /// Several, with semicolons or commas between them.
    Labels,
    /// A field of the tenant's own, by its key.
    Attribute(String),
    /// Purpose and channel; the cell says yes or no.
    Consent(&'static str, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    FirstName,
    LastName,
    Phone,
    Email,
    Company,
    Note,
    CustomerType,
    Locale,
    TimeZone,
    ExternalId,
}

impl Field {
    pub const ALL: &[Self] = &[
        Self::FirstName,
        Self::LastName,
        Self::Phone,
        Self::Email,
        Self::Company,
        Self::Note,
        Self::CustomerType,
        Self::Locale,
        Self::TimeZone,
        Self::ExternalId,
    ];

    /// As `customers::data` names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Company => "company",
            Self::Note => "note",
            Self::CustomerType => "customer_type",
            Self::Locale => "locale",
            Self::TimeZone => "time_zone",
            Self::ExternalId => "external_id",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::FirstName => "First name",
            Self::LastName => "Last name",
            Self::Phone => "Phone",
            Self::Email => "Email",
            Self::Company => "Company",
            Self::Note => "Note",
            Self::CustomerType => "Type",
            Self::Locale => "Language",
            Self::TimeZone => "Time zone",
            Self::ExternalId => "External id",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.word() == word)
    }
}

impl Target {
    /// In forms and in the row of the import.
    pub fn word(&self) -> String {
        match self {
            Self::Ignore => "ignore".into(),
            Self::Field(field) => field.word().into(),
            Self::FullName => "full_name".into(),
            Self::Labels => "labels".into(),
            Self::Attribute(key) => format!("attribute:{key}"),
            Self::Consent(purpose, channel) => format!("consent:{purpose}:{channel}"),
        }
    }

    /// None for what is no target.
    pub fn of_word(word: &str) -> Option<Self> {
        let known = |list: &'static [&'static str], word: &str| list.iter().copied().find(|known| *known == word);
        match word.split(':').collect::<Vec<_>>().as_slice() {
            ["" | "ignore"] => Some(Self::Ignore),
            ["full_name"] => Some(Self::FullName),
            ["labels"] => Some(Self::Labels),
            ["attribute", key] => Some(Self::Attribute((*key).to_owned())),
            ["consent", purpose, channel] => Some(Self::Consent(known(PURPOSES, purpose)?, known(CHANNELS, channel)?)),
            [word] => Field::of_word(word).map(Self::Field),
            _ => None,
        }
    }
}

impl Serialize for Target {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.word())
    }
}

/// What was a target once and is none any more is ignored.
impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::of_word(&String::deserialize(from)?).unwrap_or_default())
    }
}

/// What may become of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Update whom there is, create the others.
    #[default]
    Upsert,
    Create,
    Update,
}

impl Mode {
    /// (value, word, label), as they are offered.
    pub const ALL: &[(Self, &str, &str)] = &[
        (Self::Upsert, "upsert", "Create new customers and update those there are"),
        (Self::Create, "create", "Only create new customers"),
        (Self::Update, "update", "Only update customers there are"),
    ];

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(value, ..)| *value)
    }

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(value, ..)| *value == self).map_or("", |(_, word, _)| word)
    }
}

/// By what a customer is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchBy {
    #[default]
    Phone,
    Email,
    ExternalId,
}

impl MatchBy {
    pub const ALL: &[Self] = &[Self::Phone, Self::Email, Self::ExternalId];

    pub fn field(self) -> Field {
        match self {
            Self::Phone => Field::Phone,
            Self::Email => Field::Email,
            Self::ExternalId => Field::ExternalId,
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|by| by.field().word() == word)
    }
}

/// Everything that was chosen for a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    /// One for each column.
    pub columns: Vec<Target>,
    pub mode: Mode,
    pub match_by: MatchBy,
    /// Two letters of the country of phone numbers without country code.
    pub region: Option<String>,
    /// An empty cell takes the value out of a customer that is updated, instead of leaving it.
    pub clears_empty: bool,
    /// A label for all.
    pub label: Option<Uuid>,
}

impl Choices {
    /// The column that is the field.
    pub fn column_of(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|target| *target == Target::Field(field))
    }

    /// What is wrong, by the index of the column; None is the whole.
    pub fn problems(&self, definitions: &[Definition]) -> Vec<(Option<usize>, String)> {
        let (mut wrong, mut seen) = (Vec::new(), HashMap::new());
        for (index, target) in self.columns.iter().enumerate() {
            if let Target::Attribute(key) = target
                && !definitions.iter().any(|definition| definition.key == *key)
            {
                wrong.push((Some(index), "This field is gone. Choose another.".to_owned()));
            }
            if matches!(target, Target::Ignore | Target::Labels) {
                continue;
            }
            if let Some(first) = seen.insert(target.clone(), index) {
                wrong.push((Some(index), format!("Column {} is that already. Choose one of the two.", first + 1)));
            }
        }
        let has = |field| self.column_of(field).is_some();
        let is_whole_name = self.columns.contains(&Target::FullName);
        if is_whole_name && (has(Field::FirstName) || has(Field::LastName)) {
            wrong.push((None, "Choose either “First and last name”, or columns for each of them.".into()));
        }
        let who = [Field::FirstName, Field::LastName, Field::Phone, Field::Email, Field::ExternalId];
        if !is_whole_name && !who.into_iter().any(has) {
            wrong.push((None, "Say which column holds a name, a phone number or an email address.".into()));
        }
        if self.mode != Mode::Create && !has(self.match_by.field()) {
            let label = self.match_by.field().label().to_lowercase();
            wrong.push((None, format!("Customers shall be found by their {label}, but no column holds it.")));
        }
        wrong
    }
}

/// Words of a type in the languages that headings come in, so that a file of another program is read.
pub fn customer_type(cell: &str) -> Option<CustomerType> {
    let word = super::guess::folded(cell);
    let known = CustomerType::of_word(&word);
    known.or(match word.as_str() {
        "registered" | "stammkunde" | "stamm" | "regulier" | "regular customer" | "kunde" | "habituel" => {
            Some(CustomerType::Regular)
        }
        "neu" | "neukunde" | "nouveau" | "nuevo" | "novo" | "nuovo" | "nieuw" | "nowy" => Some(CustomerType::New),
        "guest" | "gast" | "anonym" | "anonyme" | "anonimo" => Some(CustomerType::Anonymous),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_as_it_was_written() {
        let targets = [
            Target::Ignore,
            Target::Field(Field::Phone),
            Target::FullName,
            Target::Labels,
            Target::Attribute("loyalty_level".into()),
            Target::Consent("marketing", "email"),
        ];
        for target in targets {
            assert_eq!(Target::of_word(&target.word()), Some(target));
        }
        for word in ["nothing", "consent:marketing", "consent:x:email", "consent:marketing:fax"] {
            assert_eq!(Target::of_word(word), None, "{word}");
        }
    }

    #[test]
    fn choices_that_cannot_be_carried_out_are_told() {
        let choices = |columns: &[Target], mode| Choices { columns: columns.to_vec(), mode, ..Choices::default() };
        let (name, phone) = (Target::Field(Field::FirstName), Target::Field(Field::Phone));
        assert_eq!(choices(&[name.clone(), phone.clone()], Mode::Upsert).problems(&[]), []);
        assert_eq!(choices(&[name.clone(), Target::Labels, Target::Labels], Mode::Create).problems(&[]), []);
        let wrong = |columns: &[Target], mode| choices(columns, mode).problems(&[]).remove(0);
        assert_eq!(wrong(&[phone.clone(), phone.clone()], Mode::Create).0, Some(1));
        assert_eq!(wrong(&[Target::Attribute("x".into()), phone.clone()], Mode::Create).0, Some(0));
        assert!(wrong(&[Target::Labels], Mode::Create).1.contains("a name, a phone number"));
        assert!(wrong(&[name.clone()], Mode::Update).1.contains("found by their phone"));
        assert!(wrong(&[name, Target::FullName, phone], Mode::Create).1.contains("either"));
    }
}
