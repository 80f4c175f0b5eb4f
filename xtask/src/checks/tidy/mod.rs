//! Tidiness: small rules that keep the house easy to walk through.

mod links;
mod rust;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::fs;

use crate::paths;
use crate::shell::{self, Outcome};

/// A text file of the checkout: its path from the root, and what it says.
#[derive(Debug)]
pub struct Text {
    pub path: String,
    pub body: String,
}

impl Text {
    /// The path without folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn has_ending(&self, endings: &[&str]) -> bool {
        self.name().rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Tests may be long: a table of cases is read one case at a time.
    pub fn is_test(&self) -> bool {
        let name = self.name();
        name == "tests.rs" || name.contains(".test.") || self.path.split('/').any(|part| part == "tests")
    }
}

pub fn check() -> Outcome {
    let paths = tracked()?;
    let files: Vec<Text> = paths.iter().filter_map(|path| read(path)).collect();
    let broken = violations(&files, &paths);
    if broken.is_empty() {
        shell::note(format!("{} text files are tidy", files.len()));
        Ok(())
    } else {
        Err(broken.join("\n"))
    }
}

fn violations(files: &[Text], paths: &BTreeSet<String>) -> Vec<String> {
    let mut broken = Vec::new();
    for path in paths {
        broken.extend(text::bad_name(path).map(|why| format!("{path}: {why}")));
    }
    for file in files {
        let lines = text::problems(file).into_iter().chain(rust::problems(file)).chain(links::problems(file, paths));
        broken.extend(lines.map(|(line, why)| format!("{}:{line}: {why}", file.path)));
    }
    broken
}

/// What git knows or would add.
fn tracked() -> Outcome<BTreeSet<String>> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = shell::output(shell::command("git").args(words))?;
    let exists = |path: &&str| !path.is_empty() && paths::root().join(path).is_file();
    Ok(listed.split('\0').filter(exists).map(str::to_owned).collect())
}

/// A file that is no UTF-8 is no text.
fn read(path: &str) -> Option<Text> {
    let body = fs::read_to_string(paths::root().join(path)).ok()?;
    (!body.contains('\0')).then(|| Text { path: path.to_owned(), body })
}
