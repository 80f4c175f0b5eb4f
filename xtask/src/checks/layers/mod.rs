//! The layers: which room may know which, and what must never stand below a room.

mod graph;
mod rules;
#[cfg(test)]
mod tests;

use graph::Graph;

use crate::shell::{self, Outcome};

const WASM: &str = "wasm32-unknown-unknown";

pub fn check() -> Outcome {
    let graph = graph::read()?;
    let broken = violations(&graph);
    if broken.is_empty() {
        shell::note(format!("{} rooms, {} dependencies looked at", graph.rooms.len(), graph.size()));
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

fn violations(graph: &Graph) -> Vec<String> {
    let mut broken = Vec::new();
    for (room, known) in &graph.rooms {
        match rules::EDGES.iter().find(|(name, _)| name == room) {
            None => broken.push(format!("{room} is a new room: say in rules.rs which rooms it may know")),
            Some((_, allowed)) => {
                broken.extend(known.iter().filter(|other| !allowed.contains(&other.as_str())).map(|other| {
                    format!("{room} must not depend on {other}; of the rooms it may know: {}", listed(allowed))
                }));
            }
        }
    }
    for rule in rules::NEVER {
        for package in graph.below(rule.room, rule.browser).iter().filter(|package| rule.forbids(package)) {
            let side = if rule.browser { " in the browser" } else { "" };
            broken.push(format!("{} must not know {}{side}: {}", rule.room, package.name, rule.because));
        }
    }
    broken
}

fn listed(rooms: &[&str]) -> String {
    if rooms.is_empty() { "none".into() } else { rooms.join(", ") }
}
