//! Forms: what the browser sent, kept as typed, with one message per rejected field.
//!
//! A value that PostgreSQL could not hold (NUL) or that is no text (bad UTF-8) is cleaned and its field marked, so that
//! the form comes back like any other rejected one instead of failing as a whole.

use super::body;
use super::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// Bytes of an urlencoded form; the longest message (65,536 characters) fits even when every one is escaped.
pub const LIMIT: usize = 1024 * 1024;

/// Messages by field name. `of("name")` is what a template shows beside the field.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Errors(BTreeMap<String, String>);

impl Errors {
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// The first message for a field stays.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.entry(field.to_owned()).or_insert_with(|| message.into());
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// (field, message) in the fields' alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }
}

/// A form that keeps its own messages. Its fields are the names the browser sends; missing ones are empty.
pub trait Typed: DeserializeOwned + Default + 'static {
    fn errors(&mut self) -> &mut Errors;
}

/// Extracts a [`Typed`] form.
pub struct Form<T>(pub T);

impl<T: Typed> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let payload = payload.take();
        Box::pin(async move { parse(&body::read(payload, LIMIT).await?).map(Form) })
    }
}

/// Decodes an urlencoded body.
///
/// # Errors
/// `Invalid` when a field comes twice or does not fit its type.
pub fn parse<T: Typed>(body: &[u8]) -> Result<T> {
    let mut errors = Errors::default();
    let mut fields = BTreeMap::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = decode_pair(pair, &mut errors);
        if fields.insert(name.clone(), value).is_some() {
            return Err(Error::Invalid(format!("The field {name} came twice.")));
        }
    }
    fields.remove("csrf_token");
    let clean = serde_urlencoded::to_string(&fields).map_err(Error::unexpected)?;
    let mut form: T = serde_urlencoded::from_str(&clean).map_err(|cause| Error::Invalid(format!("{cause}.")))?;
    *form.errors() = errors;
    Ok(form)
}

fn decode_pair(pair: &[u8], errors: &mut Errors) -> (String, String) {
    let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
        Some(at) => (&pair[..at], &pair[at + 1..]),
        None => (pair, &[][..]),
    };
    let name = clean(unescape(name)).0;
    let (value, is_whole) = clean(unescape(value));
    if !is_whole {
        errors.add(&name, "This contains characters that cannot be stored. Please check what is left.");
    }
    (name, value)
}

/// The text without what cannot be stored, and whether nothing had to go.
fn clean(bytes: Vec<u8>) -> (String, bool) {
    let (text, is_utf8) = match String::from_utf8(bytes) {
        Ok(text) => (text, true),
        Err(bad) => (String::from_utf8_lossy(bad.as_bytes()).replace('\u{FFFD}', ""), false),
    };
    match text.contains('\0') {
        true => (text.replace('\0', ""), false),
        false => (text, is_utf8),
    }
}

fn unescape(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&spaced).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct Name {
        name: String,
        #[serde(skip)]
        errors: Errors,
    }

    impl Typed for Name {
        fn errors(&mut self) -> &mut Errors {
            &mut self.errors
        }
    }

    #[test]
    fn what_was_typed_arrives() {
        let form: Name = parse("name=J%C3%BCrgen+%26+Co&csrf_token=x".as_bytes()).unwrap();
        assert_eq!(form.name, "Jürgen & Co");
        assert!(form.errors.is_empty());
    }

    #[test]
    fn nul_and_bad_utf8_are_taken_out_and_their_field_is_marked() {
        for body in ["name=a%00b", "name=a%ffb"] {
            let form: Name = parse(body.as_bytes()).unwrap();
            assert_eq!(form.name, "ab");
            assert!(form.errors.of("name").is_some());
        }
    }

    #[test]
    fn a_field_that_comes_twice_is_refused() {
        assert!(matches!(parse::<Name>(b"name=a&name=b"), Err(Error::Invalid(_))));
    }

    #[test]
    fn stray_percent_signs_are_text() {
        assert_eq!(parse::<Name>(b"name=100%&x=%zz").unwrap().name, "100%");
    }
}
