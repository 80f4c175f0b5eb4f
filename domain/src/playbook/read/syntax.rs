//! Errors of TOML itself, with the key that was being written.

use super::Fault;

/// More than these help nobody.
const MOST: usize = 100;

/// Errors this close together may be echoes of one slip …
const NEAR: usize = 6;
/// … and are taken for that when there are more than so many in a row.
const ECHOES: usize = 4;

/// The parser's errors as faults, and the line from which on what it read instead is not to be trusted.
pub(in crate::playbook) fn syntax_faults(text: &str, errors: &[toml::de::Error]) -> (Vec<Fault>, Option<usize>) {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let line_of = |error: &toml::de::Error| {
        let offset = error.span().map_or(text.len(), |span| span.start.min(text.len()));
        starts.partition_point(|start| *start <= offset)
    };
    // One slip often makes the parser stumble several times on a line; the first says it best.
    let mut stumbles: Vec<(usize, &str)> = Vec::new();
    for error in errors {
        let line = line_of(error);
        if stumbles.last().is_none_or(|(last, _)| *last != line) {
            stumbles.push((line, error.message()));
        }
    }
    // A key that stands twice leaves the rest readable.
    let first = stumbles.iter().find(|(_, why)| !why.starts_with("duplicate key"));
    let doubtful = first.map(|(line, _)| doubtful_from(text, *line));
    let mut kept: Vec<&(usize, &str)> = Vec::new();
    for row in stumbles.chunk_by(|a, b| b.0.abs_diff(a.0) <= NEAR) {
        if row.len() > ECHOES {
            // What follows a bracket that is never closed cannot be told apart from its echoes.
            kept.extend(row.first());
            break;
        }
        kept.extend(row);
    }
    let fault = |(line, why): &(usize, &str)| {
        Fault::new(*line, key_on(text, *line), format!("is not TOML: {why}")).found(shown_line(text, *line))
    };
    (kept.into_iter().take(MOST).map(fault).collect(), doubtful)
}

/// A bracket that is never closed swallows headers until the parser stumbles, so the table before counts as well.
fn doubtful_from(text: &str, line: usize) -> usize {
    let headers = text.lines().take(line).enumerate().filter(|(_, written)| written.starts_with('['));
    let mut last_two = (0, 0);
    for (index, _) in headers {
        last_two = (last_two.1, index);
    }
    last_two.0 + 1
}

fn shown_line(text: &str, line: usize) -> String {
    let written = text.lines().nth(line - 1).unwrap_or("").trim();
    if written.is_empty() {
        "nothing".to_owned()
    } else {
        format!("“{}”", written.chars().take(60).collect::<String>())
    }
}

/// The table and key that `line` belongs to, as far as it can be told without a parser.
fn key_on(text: &str, line: usize) -> String {
    let mut table = String::new();
    let mut key = String::new();
    for written in text.lines().take(line) {
        let written = written.trim();
        if written.starts_with('[') {
            table =
                written.chars().filter(|c| !matches!(c, '[' | ']' | ' ')).take_while(|c| *c != '#').take(80).collect();
            key.clear();
        } else if let Some((before, _)) = written.split_once('=') {
            key = before.trim().chars().take(80).collect();
        } else if !written.is_empty() && !written.starts_with('#') && key.is_empty() {
            key = written.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(80).collect();
        }
    }
    match (table.is_empty(), key.is_empty()) {
        (true, true) => "playbook".to_owned(),
        (true, false) => key,
        (false, true) => table,
        (false, false) => format!("{table}.{key}"),
    }
}
