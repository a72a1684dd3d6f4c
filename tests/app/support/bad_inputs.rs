//! What people, programs and attackers have sent to others: tests/data/bad-inputs.json.

use serde_json::{Value, json};

/// One of tests/data/bad-inputs.json.
pub struct Input {
    pub id: String,
    pub field: String,
    pub text: String,
}

pub fn inputs() -> Vec<Input> {
    let list: Value = serde_json::from_str(include_str!("../../data/bad-inputs.json")).unwrap();
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let input = |item: &Value| Input { id: text(item, "id"), field: text(item, "field"), text: text(item, "input") };
    let inputs: Vec<Input> = list.as_array().unwrap().iter().map(input).collect();
    assert!(inputs.len() > 100);
    inputs
}

impl Input {
    /// As something to write into a field; None for those that are a whole body or an exchange of several.
    pub fn value(&self) -> Option<String> {
        match self.text.strip_prefix('@') {
            None => Some(self.text.clone()),
            Some(rest) => {
                let (count, text) = rest.strip_prefix("repeat:")?.split_once(':')?;
                Some(text.repeat(count.parse().ok()?))
            }
        }
    }

    /// As a whole body with its content type.
    pub fn body(&self) -> Option<(Vec<u8>, String)> {
        let json = || "application/json".to_owned();
        let (kind, rest) = self.text.strip_prefix('@')?.split_once(':')?;
        match kind {
            "json" => Some((rest.as_bytes().to_vec(), json())),
            "hex" => Some((hex::decode(rest).unwrap(), json())),
            "form" => Some((rest.as_bytes().to_vec(), "application/x-www-form-urlencoded".into())),
            "ct" => Some((b"{}".to_vec(), rest.to_owned())),
            "gen" => match self.id.as_str() {
                "json-depth-500k" => Some(("[".repeat(500_000).into_bytes(), json())),
                "json-huge" => Some((json!({ "name": "x".repeat(2_200_000) }).to_string().into_bytes(), json())),
                _ => None,
            },
            _ => None,
        }
    }
}
