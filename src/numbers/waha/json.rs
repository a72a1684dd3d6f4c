//! Lenient reading of what gateways send: a number may be a string, an id an object, and anything may be missing.

use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// From here on a number is taken for milliseconds (as seconds it would be the year 5138).
const MILLISECONDS_FROM: f64 = 1e11;

/// A text that is there and not empty; numbers are written out.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An id: a text, or whatsapp-web.js's object with `_serialized`, or its key with `remote` and `id`.
pub fn id(value: &Value) -> Option<String> {
    text(value).or_else(|| text(&value["_serialized"]))
}

/// A number, a number in a string, or protobuf's `{low, high}`.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        Value::Object(long) => {
            let (low, high) = (long.get("low")?.as_i64()?, long.get("high").and_then(Value::as_i64).unwrap_or(0));
            Some((low & 0xffff_ffff) as f64 + high as f64 * 4_294_967_296.0)
        }
        _ => None,
    }
}

pub fn integer(value: &Value) -> Option<i64> {
    number(value).map(|number| number as i64)
}

pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A moment in seconds, whole or fractional, or in milliseconds. Zero and less means "not known".
pub fn moment(value: &Value) -> Option<DateTime<Utc>> {
    let number = number(value).filter(|number| *number > 0.0)?;
    let milliseconds = if number >= MILLISECONDS_FROM { number } else { number * 1000.0 };
    DateTime::from_timestamp_millis(milliseconds.round() as i64)
}

pub fn texts(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect()
}

/// The entries of a list; anything else is an empty one.
pub fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn moments_come_in_many_spellings() {
        let expected = DateTime::from_timestamp(1_795_227_388, 0);
        let long = json!({"low": 1_795_227_388_i64, "high": 0, "unsigned": true});

        for value in [json!(1_795_227_388), json!("1795227388"), json!(1_795_227_388_000_i64), long] {
            assert_eq!(moment(&value), expected, "{value}");
        }
        assert_eq!(moment(&json!(1_795_227_388.25)).map(|at| at.timestamp_subsec_millis()), Some(250));
        for value in [json!(null), json!(0), json!("soon"), json!(-5), json!(1e300)] {
            assert_eq!(moment(&value), None, "{value}");
        }
    }

    #[test]
    fn ids_and_texts_come_as_objects_numbers_or_not_at_all() {
        assert_eq!(id(&json!({"_serialized": "true_1@c.us_A"})).as_deref(), Some("true_1@c.us_A"));
        assert_eq!(text(&json!(7)).as_deref(), Some("7"));
        assert_eq!(text(&json!("")), None);
        assert_eq!(flag(&json!("true")), Some(true));
        assert_eq!(texts(&json!({"a": "b", "c": 1, "d": {}})).len(), 2);
    }
}
