//! Links between the documents lead somewhere.

use std::collections::BTreeSet;

use super::Text;
use super::text::Problem;

/// Where a mention of `docs/….md` is a promise to the reader.
const MENTIONS: &[&str] = &["rs", "md", "toml", "mjs", "css", "html"];

pub fn problems(file: &Text, paths: &BTreeSet<String>) -> Vec<Problem> {
    let mut found = Vec::new();
    for (at, line) in file.body.lines().enumerate() {
        let links = if file.has_ending(&["md"]) { links(line) } else { Vec::new() };
        let mentions = if file.has_ending(MENTIONS) && !file.is_test() { mentions(line) } else { Vec::new() };
        let broken = links.into_iter().filter(|link| !leads_somewhere(&file.path, link, paths));
        let missing = mentions.into_iter().filter(|target| !paths.contains(*target));
        let mut dead: Vec<&str> = broken.chain(missing).collect();
        dead.dedup();
        found.extend(dead.into_iter().map(|target| (at + 1, format!("`{target}` does not exist"))));
    }
    found
}

/// The targets of `[text](target)` that are files of this checkout.
fn links(line: &str) -> Vec<&str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ', '#']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).collect()
}

/// Documents named by their path from the root, in prose or in a comment.
fn mentions(line: &str) -> Vec<&str> {
    let starts = line
        .match_indices("docs/")
        .filter(|(at, _)| !line[..*at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.')));
    let part_of_path = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    starts
        .filter_map(|(at, _)| line[at..].split(|c| !part_of_path(c)).next())
        .map(|path| path.trim_end_matches('.'))
        .filter(|path| path.strip_suffix(".md").is_some_and(|rest| !rest.ends_with('/')))
        .collect()
}

fn leads_somewhere(from: &str, link: &str, paths: &BTreeSet<String>) -> bool {
    let mut place: Vec<&str> = if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    place.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                place.pop();
            }
            part => place.push(part),
        }
    }
    let target = place.join("/");
    let folder = format!("{target}/");
    target.is_empty() || paths.contains(&target) || paths.iter().any(|path| path.starts_with(&folder))
}
