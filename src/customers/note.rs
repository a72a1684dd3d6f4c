//! The note on a customer and the values of sensitive fields: sealed at rest. A note is found by its words all the same,
//! by keyed hashes of them and of their beginnings.

use super::attributes::Values;
use super::changes::Record;
use super::model::CustomerId;
use crate::kit::error::Result;
use crate::kit::vault::{Vault, place};
use std::collections::BTreeSet;

/// Characters of a note.
pub const MOST: usize = 10_000;
/// Beginnings of words are found from this length on.
const SHORTEST: usize = 3;
/// Longer words are found by their first letters.
const LONGEST: usize = 16;
/// Hashes that a note has at most: enough for 10,000 characters of prose.
const MOST_WORDS: usize = 20_000;

pub fn seal(vault: &Vault, customer: CustomerId, note: &str) -> Vec<u8> {
    vault.seal(&place("customers.sealed_note", customer), note.as_bytes())
}

/// # Errors
/// `Unexpected` when it was sealed with another key or for another customer.
pub fn open(vault: &Vault, customer: CustomerId, sealed: &[u8]) -> Result<String> {
    let note = vault.open(&place("customers.sealed_note", customer), sealed)?;
    Ok(String::from_utf8_lossy(note.expose()).into_owned())
}

/// What is sealed in a record, opened.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    pub note: Option<String>,
    /// Values of the sensitive fields.
    pub sensitive: Values,
}

impl Opened {
    /// # Errors
    /// As [`open`].
    pub fn of(vault: &Vault, record: &Record) -> Result<Self> {
        Ok(Self { note: record.note(vault)?, sensitive: record.sensitive(vault)? })
    }
}

/// None when there is nothing to seal.
pub fn seal_values(vault: &Vault, customer: CustomerId, values: &Values) -> Result<Option<Vec<u8>>> {
    if values.is_empty() {
        return Ok(None);
    }
    let plain = serde_json::to_vec(values)?;
    Ok(Some(vault.seal(&place("customers.sealed_attributes", customer), &plain)))
}

/// # Errors
/// As [`open`].
pub fn open_values(vault: &Vault, customer: CustomerId, sealed: Option<&[u8]>) -> Result<Values> {
    let Some(sealed) = sealed else { return Ok(Values::new()) };
    let plain = vault.open(&place("customers.sealed_attributes", customer), sealed)?;
    Ok(serde_json::from_slice(plain.expose())?)
}

/// What `customers.note_words` holds for a note, in order.
pub fn words(vault: &Vault, note: &str) -> Vec<i64> {
    let mut beginnings = BTreeSet::new();
    for word in split(note) {
        let letters: Vec<char> = word.chars().take(LONGEST).collect();
        beginnings.insert(letters.iter().collect::<String>());
        beginnings.extend((SHORTEST..letters.len()).map(|length| letters[..length].iter().collect()));
        if beginnings.len() >= MOST_WORDS {
            break;
        }
    }
    let hashes: BTreeSet<i64> = beginnings.iter().map(|word| vault.word("customers.note", word)).collect();
    hashes.into_iter().collect()
}

/// What a note must hold all of to be found by `typed`; empty when it names no word.
pub fn wanted(vault: &Vault, typed: &str) -> Vec<i64> {
    split(typed).map(|word| vault.word("customers.note", &word.chars().take(LONGEST).collect::<String>())).collect()
}

fn split(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::vault::random_token;

    #[test]
    fn a_note_opens_for_its_customer_only() {
        let (vault, ana, ben) = (Vault::new(&random_token()).unwrap(), CustomerId::new(), CustomerId::new());
        let sealed = seal(&vault, ana, "likes tea");
        assert_eq!(open(&vault, ana, &sealed).unwrap(), "likes tea");
        assert!(open(&vault, ben, &sealed).is_err());
    }

    #[test]
    fn a_note_is_found_by_words_and_their_beginnings_in_any_script() {
        let vault = Vault::new(&random_token()).unwrap();
        let words = words(&vault, "Prefers Earl-Grey; звонить утром 東京");
        let found = |typed: &str| wanted(&vault, typed).iter().all(|word| words.contains(word));
        for typed in ["prefers", "PREF", "grey earl", "звони", "東京", "pre утром"] {
            assert!(found(typed), "{typed}");
        }
        for typed in ["pr", "refers", "coffee", "grey coffee"] {
            assert!(!found(typed), "{typed}");
        }
    }
}
