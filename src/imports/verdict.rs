//! What a row says, and what shall become of it: rules without a database.

use super::choices::{Choices, Field, MatchBy, Mode, Target};
use super::draft::{Draft, slot};
use super::record::{Known, Person};
use super::rows::{Problems, WHOLE};
use crate::customers::attributes::Definition;
use crate::customers::data::{self, CustomerData, Typed};
use crate::customers::erased;
use crate::customers::model::CustomerId;
use crate::kit::form::Errors;
use crate::kit::phone::Region;
use std::collections::HashMap;
use uuid::Uuid;

/// By what rows are read.
pub struct Rules {
    pub choices: Choices,
    /// Columns of the heading.
    pub width: usize,
    pub definitions: Vec<Definition>,
    /// By their names in small letters.
    pub labels: HashMap<String, Uuid>,
}

/// Consent that a row tells of: purpose, channel, and whether it was given.
pub type Consent = (&'static str, &'static str, bool);

/// What becomes of a row.
#[derive(Debug)]
pub enum Verdict {
    Create(Box<CustomerData>),
    /// With what changes in the record, if anything.
    Update(CustomerId, Option<Box<CustomerData>>),
    Leave(CustomerId),
    Refuse(Problems),
}

/// Labels and consents that a customer gets with a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Extras {
    pub labels: Vec<Uuid>,
    pub consents: Vec<Consent>,
}

impl Rules {
    pub(super) fn region(&self) -> Option<Region> {
        self.choices.region.as_deref().and_then(Region::of)
    }

    /// By what customers are found that rows may change.
    pub fn found_by(&self) -> Option<MatchBy> {
        (self.choices.mode != Mode::Create).then_some(self.choices.match_by)
    }

    /// What becomes of a row, given who is known.
    pub fn judge(&self, mut draft: Draft, known: &Known) -> (Verdict, Extras) {
        let (verdict, extras) = match self.find(&draft, known) {
            Err((field, why)) => {
                draft.problems.entry(self.place(field)).or_insert(why);
                (Verdict::Refuse(Problems::new()), Extras::default())
            }
            Ok(None) => self.judge_new(&mut draft, known),
            Ok(Some(person)) => self.judge_known(&mut draft, known, person),
        };
        match draft.problems.is_empty() {
            true => (verdict, extras),
            false => (Verdict::Refuse(draft.problems), Extras::default()),
        }
    }

    /// Whom the row is about, among those there are.
    fn find<'a>(&self, draft: &Draft, known: &'a Known) -> Result<Option<&'a Person>, (Field, String)> {
        if self.choices.mode == Mode::Create {
            return Ok(None);
        }
        let field = self.choices.match_by.field();
        let (value, found) = match self.choices.match_by {
            MatchBy::Phone => (&draft.phone, draft.phone.as_ref().and_then(|phone| known.by_phone.get(phone))),
            MatchBy::Email => (&draft.email, draft.email.as_ref().and_then(|email| known.by_email.get(email))),
            MatchBy::ExternalId => (&draft.external_id, draft.external_id.as_ref().and_then(|id| known.by_id.get(id))),
        };
        if value.is_none() {
            let is_empty = self.choices.column_of(field).is_none_or(|column| !draft.filled.contains(&column));
            return match is_empty {
                true => Err((field, "Customers are found by this, and it is empty.".into())),
                // What is wrong with it is told like in any other row.
                false => Ok(None),
            };
        }
        match found.and_then(|id| known.people.get(id)) {
            Some(person) if person.record.restricted_at.is_some() => {
                Err((field, "The data of this customer is restricted, so it cannot be changed.".into()))
            }
            Some(person) => Ok(Some(person)),
            None if self.choices.mode == Mode::Update => Err((field, "There is no such customer.".into())),
            None => Ok(None),
        }
    }

    fn judge_new(&self, draft: &mut Draft, known: &Known) -> (Verdict, Extras) {
        self.tell_taken(draft, known, None);
        self.tell_erased(draft, known);
        let extras =
            Extras { labels: std::mem::take(&mut draft.labels), consents: std::mem::take(&mut draft.consents) };
        match draft.fresh.take() {
            Some(Ok(data)) => (Verdict::Create(Box::new(data)), extras),
            Some(Err(errors)) => {
                self.tell(draft, &errors);
                (Verdict::Refuse(Problems::new()), extras)
            }
            None => (Verdict::Refuse(Problems::new()), extras),
        }
    }

    fn judge_known(&self, draft: &mut Draft, known: &Known, person: &Person) -> (Verdict, Extras) {
        let id = person.record.id;
        self.tell_taken(draft, known, Some(id));
        let labels = draft.labels.iter().filter(|label| !person.labels.contains(label)).copied().collect();
        let is_news = |(purpose, channel, given): &&Consent| person.consents.get(&(*purpose, *channel)) != Some(given);
        let extras = Extras { labels, consents: draft.consents.iter().filter(is_news).copied().collect() };
        let merged = self.merged(draft, &person.typed);
        if merged == person.typed {
            let verdict = if extras == Extras::default() { Verdict::Leave(id) } else { Verdict::Update(id, None) };
            return (verdict, extras);
        }
        match data::read(&merged, self.region(), &self.definitions) {
            Ok(mut data) => {
                // Values of fields that are gone stay where they are.
                let is_gone = |key: &str| !self.definitions.iter().any(|definition| definition.key == key);
                data.attributes.extend(person.record.values().into_iter().filter(|(key, _)| is_gone(key)));
                data.sensitive.extend(person.sensitive.clone().into_iter().filter(|(key, _)| is_gone(key)));
                (Verdict::Update(id, Some(Box::new(data))), extras)
            }
            Err(errors) => {
                self.tell(draft, &errors);
                (Verdict::Refuse(Problems::new()), extras)
            }
        }
    }

    /// The record as it is, with what the row says.
    fn merged(&self, draft: &Draft, record: &Typed) -> Typed {
        let (mut merged, mut said) = (record.clone(), draft.typed.clone());
        // In the form in which they are kept, so that only what differs is a change.
        said.phone = draft.phone.as_ref().map_or(said.phone, |digits| format!("+{digits}"));
        said.email = draft.email.clone().unwrap_or(said.email);
        for (index, target) in self.choices.columns.iter().enumerate() {
            if !draft.filled.contains(&index) && !self.choices.clears_empty {
                continue;
            }
            match target {
                Target::Field(field) => *slot(&mut merged, *field) = std::mem::take(slot(&mut said, *field)),
                Target::FullName => {
                    merged.first_name = std::mem::take(&mut said.first_name);
                    merged.last_name = std::mem::take(&mut said.last_name);
                }
                Target::Attribute(key) => self.merge_value(&mut merged, key, said.attributes.remove(key)),
                Target::Ignore | Target::Labels | Target::Consent(..) => {}
            }
        }
        merged
    }

    /// As [`Definition::parse`] would keep it: "Yes" is no change of "yes".
    fn merge_value(&self, merged: &mut Typed, key: &str, said: Option<String>) {
        let definition = self.definitions.iter().find(|definition| definition.key == key);
        let kept = |text: String| match definition.map(|definition| definition.parse(&text)) {
            Some(Ok(Some(value))) => crate::customers::attributes::typed(&value),
            _ => text,
        };
        match said {
            Some(text) => drop(merged.attributes.insert(key.to_owned(), kept(text))),
            None => drop(merged.attributes.remove(key)),
        }
    }

    /// Addresses that are somebody else's.
    fn tell_taken(&self, draft: &mut Draft, known: &Known, own: Option<CustomerId>) {
        let held = [
            (Field::Phone, draft.phone.as_ref().and_then(|phone| known.by_phone.get(phone))),
            (Field::Email, draft.email.as_ref().and_then(|email| known.by_email.get(email))),
            (Field::ExternalId, draft.external_id.as_ref().and_then(|id| known.by_id.get(id))),
        ];
        for (field, holder) in held {
            if holder.is_some_and(|holder| Some(*holder) != own) {
                let what = field.label().to_lowercase();
                let who = if own.is_some() { "Another" } else { "A" };
                let why = format!("{who} customer has this {what} already.");
                draft.problems.entry(self.place(field)).or_insert(why);
            }
        }
    }

    /// Addresses of somebody who asked to be erased.
    fn tell_erased(&self, draft: &mut Draft, known: &Known) {
        let named =
            [(Field::Phone, &draft.phone), (Field::Email, &draft.email), (Field::ExternalId, &draft.external_id)];
        let is_barred = |value: &Option<String>| value.as_ref().is_some_and(|value| known.erased.contains(value));
        let barred = named.into_iter().find(|(_, value)| is_barred(value)).map(|(field, _)| field);
        if let Some(field) = barred {
            draft.problems.entry(self.place(field)).or_insert_with(|| erased::BARRED.into());
        }
    }

    /// That another row of the file has named the same before.
    pub fn tell_twice(&self, draft: &mut Draft, field: Field, first: i64) {
        let why = format!("Row {first} has the same {} already.", field.label().to_lowercase());
        draft.problems.entry(self.place(field)).or_insert(why);
    }

    /// The rules' messages, beside the columns that they are about.
    fn tell(&self, draft: &mut Draft, errors: &Errors) {
        for (name, why) in errors.iter() {
            let place = match name.strip_prefix("attributes.") {
                Some(key) => self.column(&Target::Attribute(key.to_owned())),
                None => Field::of_word(name).map(|field| self.place(field)),
            };
            draft.problems.entry(place.unwrap_or_else(|| WHOLE.into())).or_insert_with(|| why.to_owned());
        }
    }

    /// Where a message about a field stands; names may be in one column.
    pub fn place(&self, field: Field) -> String {
        let whole = || match field {
            Field::FirstName | Field::LastName => self.column(&Target::FullName),
            _ => None,
        };
        self.column(&Target::Field(field)).or_else(whole).unwrap_or_else(|| WHOLE.into())
    }

    fn column(&self, target: &Target) -> Option<String> {
        self.choices.columns.iter().position(|column| column == target).map(|index| index.to_string())
    }
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
