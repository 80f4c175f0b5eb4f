//! What differs between two revisions, by noun: a gate came, a role went, a threshold has another limit.

use super::Playbook;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    Added,
    Removed,
    Changed,
}

impl Became {
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// One noun that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// As the section is called in the text: `gate`.
    pub section: String,
    /// Which one: `ci_checks`; empty for what stands once.
    pub name: String,
    pub became: Became,
    /// How it changed; nothing for what came or went.
    pub details: Vec<Detail>,
}

/// One key that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// `needs`, or the way to something further inside: `item tests › proof`.
    pub key: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

impl Difference {
    /// `gate ci_checks`.
    pub fn noun(&self) -> String {
        let section = self.section.replace('_', " ");
        if self.name.is_empty() { section } else { format!("{section} {}", self.name) }
    }
}

/// Everything that differs, section by section.
pub fn differences(before: &Playbook, after: &Playbook) -> Vec<Difference> {
    let (before, after) = (object(before), object(after));
    let mut sections: Vec<&String> = before.keys().chain(after.keys()).collect();
    sections.sort();
    sections.dedup();
    sections.into_iter().flat_map(|key| in_section(key, before.get(key), after.get(key))).collect()
}

/// What differs between two lists of a section.
pub(crate) fn between<T: Serialize>(section: &str, before: &[T], after: &[T]) -> Vec<Difference> {
    let list = |all: &[T]| all.iter().filter_map(|one| serde_json::to_value(one).ok()).collect::<Vec<_>>();
    in_list(section, &list(before), &list(after))
}

fn object(playbook: &Playbook) -> Map<String, Value> {
    match serde_json::to_value(playbook) {
        Ok(Value::Object(all)) => all,
        _ => Map::new(),
    }
}

fn in_section(section: &str, before: Option<&Value>, after: Option<&Value>) -> Vec<Difference> {
    let (before, after) = (before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null));
    match (before, after) {
        _ if before == after => Vec::new(),
        (Value::Array(old), Value::Array(new)) => in_list(section, old, new),
        _ => {
            let (section, name) = (section.to_owned(), String::new());
            let became = became(shown(before).is_some(), shown(after).is_some());
            let mut details = Vec::new();
            if became == Became::Changed {
                compare("", before, after, &mut details);
            }
            vec![Difference { section, name, became, details }]
        }
    }
}

fn became(before: bool, after: bool) -> Became {
    match (before, after) {
        (false, true) => Became::Added,
        (true, false) => Became::Removed,
        _ => Became::Changed,
    }
}

fn in_list(section: &str, old: &[Value], new: &[Value]) -> Vec<Difference> {
    let mut all = Vec::new();
    for (name, before, after) in paired(old, new) {
        let mut details = Vec::new();
        if let (Some(before), Some(after)) = (before, after) {
            compare("", before, after, &mut details);
            if details.is_empty() {
                continue;
            }
        }
        let became = became(before.is_some(), after.is_some());
        all.push(Difference { section: section.to_owned(), name, became, details });
    }
    all
}

/// The entries of two lists that are the same thing: by what names them, else by their place.
fn paired<'a>(old: &'a [Value], new: &'a [Value]) -> Vec<(String, Option<&'a Value>, Option<&'a Value>)> {
    let by_name = names(old).zip(names(new));
    let (was, is) = by_name.unwrap_or_else(|| (places(old.len()), places(new.len())));
    let find = |names: &[String], all: &'a [Value], name: &String| {
        names.iter().position(|known| known == name).and_then(|at| all.get(at))
    };
    let mut pairs: Vec<_> =
        was.iter().map(|name| (name.clone(), find(&was, old, name), find(&is, new, name))).collect();
    let came = is.iter().filter(|name| !was.contains(name));
    pairs.extend(came.map(|name| (name.clone(), None, find(&is, new, name))));
    pairs
}

/// What names each entry; none unless all have one, each its own.
fn names(list: &[Value]) -> Option<Vec<String>> {
    const KEYS: [&str; 8] = ["id", "name", "role", "channel", "path", "level", "step", "title"];
    let key = KEYS.into_iter().find(|key| list.iter().all(|one| one.get(key).is_some_and(Value::is_string)))?;
    let names: Vec<String> = list.iter().filter_map(|one| one.get(key)?.as_str()).map(str::to_owned).collect();
    let mut once = names.clone();
    once.sort();
    once.dedup();
    (once.len() == names.len()).then_some(names)
}

fn places(count: usize) -> Vec<String> {
    (1..=count).map(|n| n.to_string()).collect()
}

fn compare(key: &str, before: &Value, after: &Value, details: &mut Vec<Detail>) {
    let inside = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key} › {name}") };
    match (before, after) {
        _ if before == after => {}
        (Value::Object(old), Value::Object(new)) if old.len() > 1 || new.len() > 1 => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for name in keys {
                let (old, new) = (old.get(name).unwrap_or(&Value::Null), new.get(name).unwrap_or(&Value::Null));
                compare(&inside(name), old, new, details);
            }
        }
        (Value::Array(old), Value::Array(new)) if old.iter().chain(new).all(Value::is_object) => {
            for (name, before, after) in paired(old, new) {
                let key = format!("{key} {name}");
                compare(&key, before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null), details);
            }
        }
        _ => {
            // What is left out of the text because it goes without saying.
            let usual = || (key == "count" || key.ends_with("› count")).then(|| "1".to_owned());
            let (before, after) = (shown(before).or_else(usual), shown(after).or_else(usual));
            details.push(Detail { key: key.to_owned(), before, after });
        }
    }
}

/// A value in one line; nothing for what might as well not be there.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some("yes".to_owned()),
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().filter_map(shown).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        Value::Object(all) => {
            let all: Vec<String> =
                all.iter().filter_map(|(key, value)| shown(value).map(|value| format!("{key}: {value}"))).collect();
            (!all.is_empty()).then(|| all.join("; "))
        }
    }
}
