//! The columns in which customers are shown in lists and taken out in files.

use super::attributes::Definition;

/// The name comes first in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    Phone,
    Email,
    Company,
    Labels,
    LastSeen,
    Created,
    State,
    ExternalId,
    Locale,
    TimeZone,
    /// One of the tenant's own fields, by its key.
    Field(String),
}

const OWN: [(Column, &str, &str); 10] = [
    (Column::Phone, "phone", "Phone"),
    (Column::Email, "email", "Email"),
    (Column::Company, "company", "Company"),
    (Column::Labels, "labels", "Labels"),
    (Column::LastSeen, "last_seen", "Last seen"),
    (Column::Created, "created", "Created"),
    (Column::State, "state", "State"),
    (Column::ExternalId, "external_id", "External id"),
    (Column::Locale, "locale", "Language"),
    (Column::TimeZone, "time_zone", "Time zone"),
];
/// Of these, for whoever has chosen none.
const USUAL: usize = 6;
const FIELD: &str = "field.";

impl Column {
    /// In preferences and forms.
    pub fn word(&self) -> String {
        match self {
            Self::Field(key) => format!("{FIELD}{key}"),
            own => OWN.iter().find(|(column, ..)| column == own).map_or("", |(_, word, _)| word).to_owned(),
        }
    }

    pub fn label(&self, definitions: &[Definition]) -> String {
        match self {
            Self::Field(key) => {
                let field = definitions.iter().find(|definition| definition.key == *key);
                field.map_or(key, |definition| &definition.name).clone()
            }
            own => OWN.iter().find(|(column, ..)| column == own).map_or("", |(.., label)| label).to_owned(),
        }
    }
}

/// All that there are: ours, then the tenant's that are not sensitive.
pub fn all(definitions: &[Definition]) -> Vec<Column> {
    let own = OWN.iter().map(|(column, ..)| column.clone());
    let fields = definitions.iter().filter(|definition| !definition.is_sensitive);
    own.chain(fields.map(|definition| Column::Field(definition.key.clone()))).collect()
}

/// The chosen ones in their order; what there is no more is left out.
pub fn chosen(words: Option<&[String]>, definitions: &[Definition]) -> Vec<Column> {
    let mut all = all(definitions);
    match words {
        Some(words) => all.retain(|column| words.contains(&column.word())),
        None => all.truncate(USUAL),
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_columns_that_are_gone_are_left_out() {
        let words = ["state", "phone", "field.gone", "nonsense"].map(str::to_owned);
        assert_eq!(chosen(Some(&words), &[]), [Column::Phone, Column::State]);
        assert_eq!(chosen(Some(&[]), &[]), []);
        assert_eq!(chosen(None, &[]).len(), USUAL);
    }

    #[test]
    fn every_column_has_a_word_and_a_label() {
        for column in all(&[]) {
            assert!(!column.word().is_empty() && !column.label(&[]).is_empty(), "{column:?}");
        }
    }
}
