//! Holds every answer of the API against the program's own description of it, whichever test asked. Of files just the kind.

use actix_web::http::header::HeaderMap;
use actix_web::http::{Method, StatusCode};
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};
use switchboard::openapi;

/// With objects closed: a member that is not described is a fault.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document: Value = serde_json::from_str(openapi::text()).unwrap();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    schemas.values_mut().for_each(close);
    document
});

fn close(schema: &mut Value) {
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = json!(false);
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(close),
        Value::Array(values) => values.iter_mut().for_each(close),
        _ => {}
    }
}

/// `pattern` is the route's, with the names of its ids.
pub fn check(method: &Method, pattern: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
    let at = format!("{method} {pattern} answered {status}: {}", String::from_utf8_lossy(body));
    let operation = &DOCUMENT["paths"][pattern][method.as_str().to_lowercase()];
    if operation.is_null() {
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{at}");
        return;
    }
    let described = resolved(&operation["responses"][status.as_str()]);
    assert!(described.is_object(), "{at}, which is not described");
    let kind = headers.get("content-type").map_or("", |kind| kind.to_str().unwrap());
    let Some(content) = described["content"].as_object() else {
        assert!(body.is_empty(), "{at}, and no body is described");
        return;
    };
    assert!(content.contains_key(kind), "{at}, as {kind}");
    if !kind.ends_with("json") {
        return;
    }
    let faults = faults(&content[kind]["schema"], &serde_json::from_slice(body).unwrap());
    assert!(faults.is_empty(), "{at}: {faults:#?}");
}

fn resolved(response: &Value) -> &Value {
    match response["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(&reference[1..]).unwrap(),
        None => response,
    }
}

/// A validator is made once per schema: making one takes longer than most requests.
fn faults(schema: &Value, instance: &Value) -> Vec<String> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap();
    let validator = known.entry(schema.to_string()).or_insert_with(|| Arc::new(validator(schema))).clone();
    drop(known);
    validator.iter_errors(instance).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

fn validator(schema: &Value) -> Validator {
    let mut schema = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema] });
    schema["components"] = DOCUMENT["components"].clone();
    jsonschema::validator_for(&schema).unwrap()
}
