//! Rules for every text file: size, names, spaces, unfinished work, paths of one machine.

use super::Text;

pub type Problem = (usize, String);

const LONGEST: usize = 400;
const CODE: &[&str] = &["rs", "css", "js", "mjs", "html", "sh"];
/// What people write here; recorded data stays as it was recorded.
const WRITTEN: &[&str] = &["rs", "css", "js", "mjs", "html", "sh", "md", "toml"];
const EMPTY_WORDS: &[&str] = &["utils", "util", "common", "helpers", "helper", "misc"];
/// Put together here, so that this file does not find itself.
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const MACHINE: &[&str] = &[concat!("/ro", "ot"), concat!("/wo", "rk"), concat!("/ho", "me")];

/// A room is named by its noun.
pub fn bad_name(path: &str) -> Option<String> {
    let stems = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    let empty = stems.into_iter().find(|stem| EMPTY_WORDS.contains(stem))?;
    Some(format!("`{empty}` says nothing: name the file by what it is about"))
}

pub fn problems(file: &Text) -> Vec<Problem> {
    let mut found = Vec::new();
    let lines = file.body.lines().count();
    if lines > LONGEST && file.has_ending(CODE) && !file.is_test() {
        found.push((lines, format!("longer than {LONGEST} lines: split it by purpose")));
    }
    for (at, line) in file.body.lines().enumerate() {
        if line.ends_with([' ', '\t']) {
            found.push((at + 1, "ends with a space".into()));
        }
        if let Some(word) = UNFINISHED.iter().find(|word| has_word(line, word)).filter(|_| !is_lock(file)) {
            found.push((at + 1, format!("{word}: finish it, or open an issue")));
        }
        if let Some(path) = MACHINE.iter().find(|path| has_path(line, path)) {
            found.push((at + 1, format!("`{path}` is a path of one machine")));
        }
    }
    if file.has_ending(WRITTEN) && !file.body.is_empty() && !file.body.ends_with('\n') {
        found.push((lines, "does not end with a line break".into()));
    }
    found
}

/// Hashes in lock files may spell anything.
fn is_lock(file: &Text) -> bool {
    file.name().contains("lock")
}

fn has_word(line: &str, word: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !before.ends_with(inside) && !after.starts_with(inside)
    })
}

/// The start of an absolute path, not a part of a longer one or of an address.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + path.len()..]);
        let starts = before.is_empty() || before.ends_with([' ', '\t', '"', '\'', '`', '(', '=', ':', '<', ',']);
        let ends = after.is_empty() || after.starts_with(['/', ' ', '"', '\'', '`', ')', ',', ':', ';']);
        starts && ends
    })
}
