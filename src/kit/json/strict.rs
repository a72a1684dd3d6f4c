//! JSON text as a value, refusing what serde_json lets through: doubled members, NUL, depth; and saying where it is.

use super::escaped;
use crate::kit::error::Result;
use crate::kit::problem::{BLANK, Problem};
use actix_web::http::StatusCode;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;
use std::fmt;

/// No resource nests deeper than half of this.
const DEPTH: usize = 16;

/// How serde_json complains of a surrogate without its other half.
const HALVES: [&str; 2] = ["surrogate", "end of hex escape"];

/// # Errors
/// 400 for what is no JSON, 422 with a pointer for what cannot be stored.
pub(super) fn read(body: &[u8]) -> Result<Value> {
    let not_json =
        |words: String| Problem::new(StatusCode::BAD_REQUEST, BLANK, format!("The body is no JSON: {words}."));
    let text = std::str::from_utf8(body).map_err(|_| not_json("it is not written in UTF-8".into()))?;
    let place = RefCell::new(Place::default());
    let mut source = serde_json::Deserializer::from_str(text);
    let read = Strict { place: &place, depth: 0 }.deserialize(&mut source);
    let read = read.and_then(|value| source.end().map(|()| value));
    read.map_err(|error| {
        let place = place.take();
        let pointer = format!("#{}", place.path.iter().map(|key| format!("/{}", escaped(key))).collect::<String>());
        let words = error.to_string();
        match place.refusal {
            Some(refusal) => Problem::refused(pointer, refusal).into(),
            None if HALVES.iter().any(|half| words.contains(half)) => {
                Problem::refused(pointer, "This contains half of a character, which cannot be stored.").into()
            }
            None => not_json(words).into(),
        }
    })
}

/// Where the reader is, and what it refused there.
#[derive(Default)]
struct Place {
    path: Vec<String>,
    refusal: Option<&'static str>,
}

struct Strict<'a> {
    place: &'a RefCell<Place>,
    depth: usize,
}

impl Strict<'_> {
    fn refuse<E: serde::de::Error>(&self, words: &'static str) -> E {
        self.place.borrow_mut().refusal = Some(words);
        E::custom(words)
    }

    fn deeper<E: serde::de::Error>(&self, key: String) -> Result<Strict<'_>, E> {
        self.place.borrow_mut().path.push(key);
        match self.depth < DEPTH {
            true => Ok(Strict { place: self.place, depth: self.depth + 1 }),
            false => Err(self.refuse("This is nested too deeply.")),
        }
    }

    /// Only after success: a failure leaves the path standing where it happened.
    fn back(&self) {
        self.place.borrow_mut().path.pop();
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number that is none"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        match text.contains('\0') {
            true => Err(self.refuse("This contains a NUL character, which cannot be stored.")),
            false => Ok(text.into()),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        loop {
            let inner = self.deeper(values.len().to_string())?;
            match seq.next_element_seed(inner)? {
                Some(value) => values.push(value),
                None => break,
            }
            self.back();
        }
        self.back();
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            let inner = self.deeper(key.clone())?;
            if values.contains_key(&key) {
                return Err(self.refuse("This member came twice."));
            }
            if key.contains('\0') {
                return Err(A::Error::custom("a name with a NUL character"));
            }
            let value = map.next_value_seed(inner)?;
            values.insert(key, value);
            self.back();
        }
        Ok(Value::Object(values))
    }
}
