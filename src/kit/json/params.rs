//! Query parameters of programs: each at most once, none unknown, each refused by its name.

use super::{Error, Problem, Result, typed};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::future::{Ready, ready};

/// Extracts query parameters into a struct of `Option<String>`s, which judges them itself; empty ones count as absent.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(req.query_string()).map(Self))
    }
}

fn parse<T: DeserializeOwned>(query: &str) -> Result<T> {
    let mut values = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decoded(name).ok_or_else(|| refused("?", "A parameter's name is no text."))?;
        let value = decoded(value).ok_or_else(|| refused(&name, "This is no text that could be stored."))?;
        if values.insert(name.clone(), Value::String(value)).is_some() {
            return Err(refused(&name, "This parameter came twice."));
        }
    }
    values.retain(|_, value| value.as_str().is_some_and(|text| !text.is_empty()));
    typed(Value::Object(values))
}

/// The text behind percent signs; None where it is not UTF-8 or holds NUL.
fn decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let text = percent_encoding::percent_decode_str(&spaced).decode_utf8().ok()?.into_owned();
    (!text.contains('\0')).then_some(text)
}

/// 422 for the parameter of that name.
pub fn refused(name: &str, words: &str) -> Error {
    Problem::refused(format!("#/{name}"), words).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Search {
        q: Option<String>,
    }

    #[test]
    fn a_parameter_comes_once_and_is_known() {
        assert_eq!(parse::<Search>("q=a+%C3%BC").unwrap().q.as_deref(), Some("a ü"));
        assert_eq!(parse::<Search>("q=").unwrap().q, None);
        for bad in ["q=a&q=b", "q=%00", "q=%ff", "colour=red"] {
            assert!(matches!(parse::<Search>(bad), Err(Error::Problem(_))), "{bad}");
        }
    }
}
