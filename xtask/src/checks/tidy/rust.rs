//! Rules for Rust files beyond what the compiler and clippy say.

use super::Text;
use super::text::Problem;

/// Put together here, so that this file does not find itself.
const LEFT_BEHIND: &[&str] = &[concat!("dbg", "!("), concat!("todo", "!("), concat!("unimplemented", "!(")];
const ALLOW: &[&str] = &[concat!("#[", "allow("), concat!("#![", "allow(")];

pub fn problems(file: &Text) -> Vec<Problem> {
    let mut found = Vec::new();
    if !file.has_ending(&["rs"]) {
        return found;
    }
    if !file.body.starts_with("//!") && !only_lists(&file.body) {
        found.push((1, "starts without a `//!` line that says what the file is for".into()));
    }
    for (at, line) in file.body.lines().map(str::trim_start).enumerate().filter(|(_, line)| !line.starts_with("//")) {
        if let Some(word) = LEFT_BEHIND.iter().find(|word| line.contains(*word)) {
            found.push((at + 1, format!("`{word}…)` was left behind")));
        }
        if ALLOW.iter().any(|attribute| line.starts_with(attribute)) {
            found.push((at + 1, "use `#[expect(…, reason = …)]`: it says why, and when it is over".into()));
        }
        if line.starts_with("#[expect(") && line.ends_with(")]") && !line.contains("reason") {
            found.push((at + 1, "this `expect` gives no reason".into()));
        }
    }
    found
}

/// A file of module and use lines alone explains itself.
fn only_lists(body: &str) -> bool {
    let mut lines = body.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("#["));
    lines.all(|line| {
        let line = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        (line.starts_with("mod ") || line.starts_with("use ")) && line.ends_with(';')
    })
}
