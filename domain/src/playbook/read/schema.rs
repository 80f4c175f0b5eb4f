//! The JSON schema, gathered from the same declarations that do the reading.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The named parts of the schema.
#[derive(Debug, Default)]
pub(in crate::playbook) struct Definitions {
    parts: BTreeMap<&'static str, Value>,
}

/// Documentation lines as one sentence.
fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// The schema with a description of where it is used.
pub(in crate::playbook) fn described(lines: &[&str], mut schema: Value) -> Value {
    let about = sentence(lines);
    if let (Value::Object(fields), false) = (&mut schema, about.is_empty()) {
        fields.insert("description".to_owned(), about.into());
    }
    schema
}

impl Definitions {
    pub(in crate::playbook) fn into_parts(self) -> Map<String, Value> {
        self.parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
    }

    fn part(&mut self, name: &'static str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.parts.contains_key(name) {
            self.parts.insert(name, Value::Null);
            let part = make(self);
            self.parts.insert(name, part);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// A table: its keys, their schemas, and whether each is required.
    pub(in crate::playbook) fn record(
        &mut self,
        name: &'static str,
        about: &[&str],
        fields: impl FnOnce(&mut Self) -> Vec<(&'static str, Value, bool)>,
    ) -> Value {
        self.part(name, |definitions| {
            let fields = fields(definitions);
            let required: Vec<_> = fields.iter().filter(|(_, _, required)| *required).map(|(key, ..)| *key).collect();
            let properties: Map<_, _> =
                fields.iter().map(|(key, schema, _)| ((*key).to_owned(), schema.clone())).collect();
            json!({
                "description": sentence(about),
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            })
        })
    }

    /// One of fixed words.
    pub(in crate::playbook) fn words(&mut self, name: &'static str, about: &[&str], words: &[&str]) -> Value {
        self.part(name, |_| json!({ "description": sentence(about), "type": "string", "enum": words }))
    }

    /// One of several shapes; those without a payload are bare words.
    pub(in crate::playbook) fn choice(
        &mut self,
        name: &'static str,
        about: &[&str],
        shapes: impl FnOnce(&mut Self) -> Vec<(&'static str, String, Option<Value>)>,
    ) -> Value {
        self.part(name, |definitions| {
            let shapes = shapes(definitions).into_iter().map(|(word, about, payload)| match payload {
                None => json!({ "description": about.trim(), "type": "string", "const": word }),
                Some(payload) => json!({
                    "description": about.trim(),
                    "type": "object",
                    "properties": { word: payload },
                    "required": [word],
                    "additionalProperties": false,
                }),
            });
            json!({ "description": sentence(about), "oneOf": shapes.collect::<Vec<_>>() })
        })
    }

    /// A text with a written form of its own.
    pub(in crate::playbook) fn written(&mut self, name: &'static str, allowed: &str, pattern: &str) -> Value {
        self.part(name, |_| json!({ "description": format!("Write {allowed}."), "type": "string", "pattern": pattern }))
    }
}
