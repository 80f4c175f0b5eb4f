//! Dependencies that a commit raises, as bots and people write it: “bump serde from 1.0.1 to 1.0.2”.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A dependency that comes in another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependency {
    pub name: String,
    /// Not every message says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
}

/// Where a message stops being one and becomes an attached changelog.
const MOST_LINES: usize = 400;

/// Words that stand beside the name and are not part of it.
const BESIDE: [&str; 17] = [
    "dependency",
    "requirement",
    "requirements",
    "rust",
    "crate",
    "module",
    "go",
    "npm",
    "action",
    "github",
    "docker",
    "tag",
    "image",
    "helm",
    "release",
    "digest",
    "package",
];

/// What a message raises. The description is its first line without type and scope; `of_dependencies`: its scope or
/// type says that it is about nothing else.
pub(super) fn raised(description: &str, below: &str, of_dependencies: bool) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut add = |new: Dependency| match found.iter_mut().find(|old| old.name == new.name) {
        Some(old) if old.from.is_none() => old.from = new.from,
        Some(_) => {}
        None => found.push(new),
    };
    if let Some(one) = sentence(description).or_else(|| without_from(description, of_dependencies)) {
        add(one);
    }
    for line in below.lines().take(MOST_LINES) {
        let line = line.trim_start_matches([' ', '-', '*']);
        if let Some(one) = if line.starts_with('|') { row(line) } else { sentence(line) } {
            add(one);
        }
    }
    found
}

/// What is behind a verb that raises: “bump ”, “updates ”.
fn verb(line: &str) -> Option<&str> {
    let (word, rest) = line.split_once(' ')?;
    let verbs = ["bump", "bumps", "update", "updates", "upgrade", "upgrades"];
    verbs.iter().any(|verb| verb.eq_ignore_ascii_case(word)).then_some(rest)
}

/// “Bumps [serde](address) from 1.0.1 to 1.0.2.”
fn sentence(line: &str) -> Option<Dependency> {
    let (name, versions) = verb(line)?.split_once(" from ")?;
    let (from, to) = versions.split_once(" to ")?;
    Some(Dependency { name: named(name)?, from: Some(version(from)?), to: version(to.split_whitespace().next()?)? })
}

/// “update dependency lodash to v4.17.21”
fn without_from(line: &str, of_dependencies: bool) -> Option<Dependency> {
    let (name, to) = verb(line)?.split_once(" to ")?;
    let says_so = name.split(' ').any(|word| matches!(word, "dependency" | "crate" | "module" | "action" | "docker"));
    if !says_so && !of_dependencies {
        return None;
    }
    Some(Dependency { name: named(name)?, from: None, to: version(to.split_whitespace().next()?)? })
}

/// “| [serde](address) | dependencies | `1.0.1` -> `1.0.2` |”
fn row(line: &str) -> Option<Dependency> {
    let mut cells = line.trim_matches('|').split('|').map(str::trim);
    let name = cells.next()?;
    let (from, to) = cells.find_map(|cell| cell.split_once("->").or_else(|| cell.split_once('→')))?;
    Some(Dependency { name: named(name)?, from: Some(version(from)?), to: version(to)? })
}

fn named(text: &str) -> Option<String> {
    let linked = text.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(name, _)| name);
    let words = linked.unwrap_or(text).split_whitespace().map(|word| word.trim_matches('`'));
    let mut words = words.filter(|word| !BESIDE.contains(&word.to_ascii_lowercase().as_str()));
    // More than one word is a sentence about something else.
    let (name, None) = (words.next()?, words.next()) else { return None };
    (!name.is_empty() && name.len() <= 200).then(|| name.to_owned())
}

fn version(text: &str) -> Option<String> {
    let text = text.trim().trim_matches(['`', '[', '*', ' ']);
    let text = text.split([']', '`', ' ']).next()?.trim_end_matches(['.', ',', ';', ')']);
    let digits = text.trim_start_matches(['v', 'V', '^', '~', '=', '>', '<']);
    let sound = digits.starts_with(|c: char| c.is_ascii_digit()) || super::commit::is_sha(digits);
    (sound && text.len() <= 80).then(|| text.to_owned())
}

/// One line for each dependency: from where it was before all of them to where it is after. `each` goes from old to new.
pub(super) fn joined<'a>(each: impl Iterator<Item = &'a Dependency>) -> Vec<Dependency> {
    let mut whole: BTreeMap<&str, Dependency> = BTreeMap::new();
    for step in each {
        whole.entry(&step.name).and_modify(|all| all.to.clone_from(&step.to)).or_insert_with(|| step.clone());
    }
    whole.into_values().filter(|all| all.from.as_ref() != Some(&all.to)).collect()
}
