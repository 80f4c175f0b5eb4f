//! The optional TOML file.

use super::{checks::Fault, nearest::nearest, options::OPTIONS};
use std::{collections::BTreeMap, fs, path::Path};
use toml::{Table, Value};

/// The values of the file as text, each with where it stands.
pub fn read(path: &Path, faults: &mut Vec<Fault>) -> BTreeMap<String, (String, String)> {
    let place = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            faults.push(Fault::new("config", &place, &error.to_string(), "a file that can be read"));
            return BTreeMap::new();
        }
    };
    let table: Table = match toml::from_str(&text) {
        Ok(table) => table,
        Err(error) => {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            faults.push(Fault::new("config", &format!("{place}, line {line}"), error.message(), "TOML"));
            return BTreeMap::new();
        }
    };
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if OPTIONS.iter().all(|o| o.name != key) {
            let known = OPTIONS.iter().map(|o| o.name);
            let allowed = match nearest(&key, known.clone()) {
                Some(near) => format!("one of the known keys; did you mean “{near}”?"),
                None => format!("one of {}", known.collect::<Vec<_>>().join(", ")),
            };
            faults.push(Fault::new(&key, &place, "an unknown key", &allowed));
        } else if let Some(plain) = plain(&value) {
            values.insert(key, (plain, place.clone()));
        } else {
            faults.push(Fault::new(&key, &place, value.type_str(), "a text, number, true, false or a list of texts"));
        }
    }
    values
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(yes) => Some(yes.to_string()),
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(",")),
        Value::Datetime(_) | Value::Table(_) => None,
    }
}
