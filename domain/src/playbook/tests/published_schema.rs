//! The published schema is the one that the model gives, and the five bundled playbooks keep it.

use super::{BUNDLED, text};
use crate::playbook::schema;
use serde_json::Value;

const PUBLISHED: &str = include_str!("../../../../playbooks/schema.json");

fn written() -> String {
    let mut text = serde_json::to_string_pretty(&schema()).expect("schema");
    text.push('\n');
    text
}

#[test]
fn the_published_schema_is_the_models() {
    assert!(PUBLISHED == written(), "playbooks/schema.json is out of date: run this test's neighbour that writes it");
}

/// `cargo test -p domain write_the_schema -- --ignored`
#[test]
#[ignore = "writes playbooks/schema.json"]
fn write_the_schema() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../playbooks/schema.json"), written()).expect("written");
}

/// The keywords the schema uses, patterns aside.
fn keeps(value: &Value, schema: &Value, root: &Value, at: &str, broken: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.strip_prefix("#/$defs/").expect("local");
        keeps(value, &root["$defs"][name], root, at, broken);
    }
    if let Some(shapes) = schema["oneOf"].as_array() {
        let fitting = |shape: &&Value| {
            let mut faults = Vec::new();
            keeps(value, shape, root, at, &mut faults);
            faults.is_empty()
        };
        if shapes.iter().filter(fitting).count() != 1 {
            broken.push(format!("{at}: fits not just one shape"));
        }
    }
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::Null => "null",
    };
    if schema["type"].as_str().is_some_and(|wanted| wanted != kind) {
        broken.push(format!("{at}: {kind} where {} is wanted", schema["type"]));
        return;
    }
    let listed = |words: &Value| words.as_array().is_none_or(|words| words.contains(value));
    if !listed(&schema["enum"]) || schema.get("const").is_some_and(|one| one != value) {
        broken.push(format!("{at}: {value} is not listed"));
    }
    for (index, one) in value.as_array().into_iter().flatten().enumerate() {
        keeps(one, &schema["items"], root, &format!("{at}[{index}]"), broken);
    }
    if let (Some(fields), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for (key, inner) in fields {
            match properties.get(key) {
                Some(schema) => keeps(inner, schema, root, &format!("{at}.{key}"), broken),
                None => broken.push(format!("{at}.{key}: not known")),
            }
        }
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(key) {
                broken.push(format!("{at}.{key}: missing"));
            }
        }
    }
}

/// TOML as JSON; dates become text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(yes) => yes.into(),
        toml::Value::Datetime(when) => when.to_string().into(),
        toml::Value::Array(all) => all.into_iter().map(json).collect(),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(key, inner)| (key, json(inner))).collect()),
    }
}

fn faults(text: &str) -> Vec<String> {
    let schema = schema();
    let table: toml::Table = text.parse().expect("TOML");
    let mut broken = Vec::new();
    keeps(&json(toml::Value::Table(table)), &schema, &schema, "", &mut broken);
    broken
}

#[test]
fn the_bundled_playbooks_keep_the_schema_and_broken_ones_do_not() {
    for (name, text) in BUNDLED {
        assert_eq!(faults(text), Vec::<String>::new(), "{name}");
    }
    for (from, to) in [
        ("bump = \"minor\"", "bump = \"minr\""),
        ("title = \"Weekly trains\"", "titel = \"Weekly trains\""),
        ("needs = \"type_approvals\"", "needs = \"approvals\""),
        ("poll = \"30 s\"", "poll = 30"),
    ] {
        assert!(!faults(&text("orca").replacen(from, to, 1)).is_empty(), "{to} keeps the schema");
    }
}

#[test]
fn every_part_of_the_schema_is_there_and_explained() {
    let schema = schema();
    let parts = schema["$defs"].as_object().expect("parts");
    assert!(parts.len() > 90, "{}", parts.len());
    for (name, part) in parts {
        assert!(part["description"].as_str().is_some_and(|text| !text.trim().is_empty()), "{name} is not explained");
    }
}
