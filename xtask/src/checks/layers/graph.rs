//! What depends on what, as `cargo tree` prints it.

use std::collections::{BTreeMap, BTreeSet};

use super::{WASM, rules};
use crate::shell::{self, Outcome};

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub name: String,
    pub features: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Graph {
    /// Each room with the rooms its manifest names, for any target and for tests too.
    pub rooms: BTreeMap<String, BTreeSet<String>>,
    /// All that stands below a room in a build of that room alone: (room, in the browser).
    pub below: BTreeMap<(String, bool), BTreeSet<Package>>,
}

impl Graph {
    pub fn below(&self, room: &str, browser: bool) -> &BTreeSet<Package> {
        static NOTHING: BTreeSet<Package> = BTreeSet::new();
        self.below.get(&(room.to_owned(), browser)).unwrap_or(&NOTHING)
    }

    pub fn size(&self) -> usize {
        self.below.values().map(BTreeSet::len).sum()
    }
}

pub fn read() -> Outcome<Graph> {
    let names: BTreeSet<String> =
        packages(&tree(&["--workspace", "--depth", "0"])?).into_iter().map(|p| p.name).collect();
    let mut graph = Graph::default();
    for room in &names {
        let direct = tree(&["--package", room, "--depth", "1", "--target", "all", "--edges", "normal,build,dev"])?;
        let known = packages(&direct).into_iter().map(|package| package.name);
        graph.rooms.insert(room.clone(), known.filter(|name| name != room && names.contains(name)).collect());
    }
    for rule in rules::NEVER.iter().filter(|rule| names.contains(rule.room)) {
        // Macros run in the compiler: what they need is not in the result.
        let mut words = vec!["--package", rule.room, "--edges", "normal,no-proc-macro"];
        if rule.browser {
            words.extend(["--target", WASM]);
        }
        graph.below.insert((rule.room.to_owned(), rule.browser), packages(&tree(&words)?));
    }
    Ok(graph)
}

fn tree(words: &[&str]) -> Outcome<String> {
    shell::output(shell::cargo(["tree", "--prefix", "none", "--format", "{p}|{f}"]).args(words))
}

/// Lines like `chrono v0.4.45|alloc,serde` and `domain v0.1.0 (folder)| (*)`.
pub fn packages(text: &str) -> BTreeSet<Package> {
    let lines = text.lines().filter_map(|line| line.split_once('|'));
    lines
        .filter_map(|(package, features)| {
            let name = package.split_whitespace().next()?.to_owned();
            let features = features.trim_end_matches("(*)").trim();
            Some(Package { name, features: features.split(',').map(str::to_owned).collect() })
        })
        .collect()
}
