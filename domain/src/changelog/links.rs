//! The addresses at the end of a changelog: what each version differs by from the one before.

use super::document::definition;
use crate::{
    outline::{Lines, newline},
    playbook::{Template, Variable},
    release::Version,
};

/// Where the repository is seen, and how its tags are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// `https://github.com/acme/shop`
    pub repository: String,
    /// `v{{version}}` unless the playbook says otherwise.
    pub tag: Option<Template>,
}

impl Links {
    /// The definitions with those of `version`. `others` are all versions that the changelog has. What a person wrote
    /// for the version stays.
    pub(super) fn with(&self, old: &str, version: &Version, others: &[&Version], newest_first: bool) -> String {
        let end = newline(old);
        let earlier = others.iter().copied().filter(|other| *other < version).max();
        let address = match earlier {
            Some(earlier) => self.compare(&self.tag(earlier), &self.tag(version)),
            None => self.first(&self.tag(version)),
        };
        let unreleased = self.compare(&self.tag(version), "HEAD");
        let mut lines: Vec<String> = Lines::of(old).map(|(line, _)| line.to_owned()).collect();
        if let Some(last) = lines.last_mut().filter(|line| !line.ends_with('\n')) {
            last.push_str(end);
        }
        let label =
            |line: &str, wanted: &str| definition(line).is_some_and(|(label, _)| label.eq_ignore_ascii_case(wanted));
        let at = lines.iter().position(|line| label(line, "unreleased"));
        let next = if let Some(at) = at {
            let by_machine = definition(&lines[at]).is_some_and(|(_, was)| self.is_open(was));
            if by_machine {
                let head = lines[at].split("]:").next().unwrap_or_default();
                lines[at] = format!("{head}]: {unreleased}{end}");
            }
            at + 1
        } else {
            lines.insert(0, format!("[Unreleased]: {unreleased}{end}"));
            1
        };
        let name = version.to_string();
        if !lines.iter().any(|line| label(line, &name)) {
            let at = if newest_first { next } else { lines.len() };
            lines.insert(at, format!("[{name}]: {address}{end}"));
        }
        lines.concat()
    }

    fn tag(&self, version: &Version) -> String {
        match &self.tag {
            Some(template) => template.filled(|variable| (variable == Variable::Version).then(|| version.to_string())),
            None => format!("v{version}"),
        }
    }

    fn base(&self) -> String {
        let base = self.repository.trim_end_matches('/').trim_end_matches(".git");
        // GitLab keeps its own pages apart from folders of that name.
        let host = base.split('/').nth(2).unwrap_or_default();
        if host.split('.').any(|part| part == "gitlab") { format!("{base}/-") } else { base.to_owned() }
    }

    fn compare(&self, from: &str, to: &str) -> String {
        format!("{}/compare/{from}...{to}", self.base())
    }

    fn first(&self, tag: &str) -> String {
        let base = self.base();
        if base.ends_with("/-") { format!("{base}/tags/{tag}") } else { format!("{base}/releases/tag/{tag}") }
    }

    /// Whether this is what the machine writes for what is not released yet.
    fn is_open(&self, address: &str) -> bool {
        address.starts_with(&format!("{}/compare/", self.base())) && address.ends_with("...HEAD")
    }
}
