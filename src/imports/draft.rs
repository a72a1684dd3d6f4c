//! What a row says: its cells as a record, labels and consents.

use super::choices::{self, Field, Target};
use super::rows::{Problems, WHOLE};
use super::verdict::{Consent, Rules};
use crate::customers::data::{self, CustomerData, Typed};
use crate::kit::email::Email;
use crate::kit::form::Errors;
use crate::kit::phone::Phone;
use uuid::Uuid;

/// What a row says.
#[derive(Debug, Default)]
pub struct Draft {
    pub number: i64,
    pub(super) typed: Typed,
    /// Columns that hold something.
    pub(super) filled: Vec<usize>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub external_id: Option<String>,
    pub labels: Vec<Uuid>,
    pub consents: Vec<Consent>,
    pub problems: Problems,
    /// What it would be as a new customer.
    pub(super) fresh: Option<Result<CustomerData, Errors>>,
}

impl Rules {
    /// Reads a row's cells.
    pub fn read(&self, number: i64, cells: &[&str]) -> Draft {
        let mut draft = Draft { number, ..Draft::default() };
        if cells.iter().skip(self.width).any(|cell| !cell.is_empty()) {
            let why = format!(
                "This row has {} cells, and the heading {}. Perhaps one of them holds the character that separates cells.",
                cells.len(),
                self.width
            );
            draft.problems.insert(WHOLE.into(), why);
        }
        for (index, target) in self.choices.columns.iter().enumerate() {
            let cell = without_escape(cells.get(index).copied().unwrap_or_default().trim());
            if cell.is_empty() || *target == Target::Ignore {
                continue;
            }
            draft.filled.push(index);
            if let Err(why) = self.put(&mut draft, target, cell) {
                draft.problems.insert(index.to_string(), why);
            }
        }
        draft.labels.extend(self.choices.label);
        draft.labels.sort_unstable();
        draft.labels.dedup();
        self.name_keys(&mut draft);
        draft
    }

    fn put(&self, draft: &mut Draft, target: &Target, cell: &str) -> Result<(), String> {
        if cell.contains('\u{FFFD}') {
            return Err("This contains characters that cannot be read. Write them anew.".into());
        }
        if cell.starts_with('=') {
            return Err("This is a formula, and not what comes of it. Write the value.".into());
        }
        let text = cell.to_owned();
        match target {
            Target::Ignore => {}
            Target::Field(Field::CustomerType) => {
                let kind = choices::customer_type(cell);
                draft.typed.customer_type = kind.map_or(text, |kind| kind.word().to_owned());
            }
            Target::Field(field) => *slot(&mut draft.typed, *field) = text,
            Target::FullName => (draft.typed.first_name, draft.typed.last_name) = split_name(cell),
            Target::Labels => return self.put_labels(draft, cell),
            Target::Attribute(key) => drop(draft.typed.attributes.insert(key.clone(), text)),
            Target::Consent(purpose, channel) => {
                let given = consent(cell).ok_or("Write yes or no.")?;
                draft.consents.push((purpose, channel, given));
            }
        }
        Ok(())
    }

    fn put_labels(&self, draft: &mut Draft, cell: &str) -> Result<(), String> {
        let by = if cell.contains(';') { ';' } else { ',' };
        for name in cell.split(by).map(str::trim).filter(|name| !name.is_empty()) {
            match self.labels.get(&name.to_lowercase()) {
                Some(label) => draft.labels.push(*label),
                None => return Err(format!("There is no label “{}”.", shortened(name))),
            }
        }
        Ok(())
    }

    /// Phone, email and external id in the form in which they are compared.
    fn name_keys(&self, draft: &mut Draft) {
        let fresh = data::read(&draft.typed, self.region(), &self.definitions);
        match &fresh {
            Ok(data) => {
                draft.phone = data.phone.as_ref().map(|phone| phone.digits().to_owned());
                draft.email = data.email.as_ref().map(|email| email.as_str().to_owned());
                draft.external_id = data.external_id.clone();
            }
            Err(_) => {
                let typed = &draft.typed;
                draft.phone = Phone::parse(&typed.phone, self.region()).ok().map(Phone::into_digits);
                draft.email = Email::parse(&typed.email).ok().map(Email::into_string);
                draft.external_id = Some(typed.external_id.clone()).filter(|id| !id.is_empty() && id.len() <= 255);
            }
        }
        draft.fresh = Some(fresh);
    }
}

pub(super) fn slot(typed: &mut Typed, field: Field) -> &mut String {
    match field {
        Field::FirstName => &mut typed.first_name,
        Field::LastName => &mut typed.last_name,
        Field::Phone => &mut typed.phone,
        Field::Email => &mut typed.email,
        Field::Company => &mut typed.company,
        Field::Note => &mut typed.note,
        Field::CustomerType => &mut typed.customer_type,
        Field::Locale => &mut typed.locale,
        Field::TimeZone => &mut typed.time_zone,
        Field::ExternalId => &mut typed.external_id,
    }
}

/// Spreadsheets mark text that looks like a formula by an apostrophe, and so do our own exports.
fn without_escape(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest.trim(),
        _ => cell,
    }
}

/// First and last name: "Ana Maria de Souza", or "Souza, Ana".
pub(super) fn split_name(name: &str) -> (String, String) {
    if let Some((last, first)) = name.split_once(',') {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some(at) = words.len().checked_sub(1).filter(|at| *at > 0) else {
        return (name.trim().to_owned(), String::new());
    };
    let is_particle = |word: &&str| word.chars().all(char::is_lowercase);
    let particles = words[1..at].iter().rev().take_while(|word| is_particle(word)).count();
    (words[..at - particles].join(" "), words[at - particles..].join(" "))
}

fn consent(cell: &str) -> Option<bool> {
    match super::guess::folded(cell).as_str() {
        "yes" | "y" | "true" | "1" | "x" | "given" | "opt in" | "optin" | "subscribed" | "ja" | "oui" | "si"
        | "sim" | "tak" => Some(true),
        "no" | "n" | "false" | "0" | "withdrawn" | "opt out" | "optout" | "unsubscribed" | "nein" | "non" | "nao"
        | "nee" | "nie" => Some(false),
        _ => None,
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(60).collect()
}
