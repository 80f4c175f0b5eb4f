//! What was found in a history: each commit in exactly one list.

use super::{Dependency, Footer, Issue, Message, Offence, Sha, dependency};
use crate::{Timestamp, playbook::CommitType};
use serde::{Deserialize, Serialize};

/// Where something comes from, and what it touches beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub id: Sha,
    pub author: String,
    /// Others who worked on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_authors: Vec<String>,
    pub committed_at: Timestamp,
    /// The number of the pull request that brought it.
    #[serde(default, rename = "pr", skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<Issue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<Dependency>,
    /// The migrations it touches, by their paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub migrations: Vec<String>,
}

/// A commit that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(flatten)]
    pub origin: Origin,
    #[serde(flatten)]
    pub message: Message,
}

impl Change {
    /// Its type, if it is one of the convention's.
    pub fn known_type(&self) -> Option<CommitType> {
        CommitType::ALL.iter().copied().find(|known| known.name() == self.message.kind)
    }

    pub fn is(&self, known: CommitType) -> bool {
        self.message.kind == known.name()
    }

    pub fn footer(&self, token: &str) -> Option<&Footer> {
        self.message.footers.iter().find(|footer| footer.is(token))
    }
}

/// A commit whose message does not follow the convention. It is in the release all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nonconforming {
    #[serde(flatten)]
    pub origin: Origin,
    /// The first line of its message.
    pub subject: String,
    pub why: Offence,
}

/// A commit that was taken back before anybody got it, or the one that took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    pub id: Sha,
    pub subject: String,
    /// The revert; none if this is it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Sha>,
}

/// What a history holds, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    pub items: Vec<Change>,
    pub nonconforming: Vec<Nonconforming>,
    #[serde(default)]
    pub cancelled: Vec<Cancelled>,
    /// Merges that only joined what is counted already.
    #[serde(default)]
    pub merges: Vec<Sha>,
    /// Picked a second time from a commit that is counted.
    #[serde(default)]
    pub repeated: Vec<Sha>,
}

impl Changes {
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.items.iter().map(|item| &item.origin).chain(self.nonconforming.iter().map(|one| &one.origin))
    }

    /// How many commits there are of every sort.
    pub fn commits(&self) -> usize {
        let counted = self.items.len() + self.nonconforming.len();
        counted + self.cancelled.len() + self.merges.len() + self.repeated.len()
    }

    /// Everybody who wrote a part of it, in the order of the alphabet.
    pub fn authors(&self) -> Vec<&str> {
        let each = self.origins().flat_map(|origin| origin.co_authors.iter().chain([&origin.author]));
        let mut names: Vec<&str> = each.map(String::as_str).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Each dependency once, from where it was to where it is now.
    pub fn dependencies(&self) -> Vec<Dependency> {
        let mut origins: Vec<&Origin> = self.origins().collect();
        origins.sort_by_key(|origin| origin.committed_at);
        dependency::joined(origins.into_iter().flat_map(|origin| &origin.dependencies))
    }

    /// The migrations that the release brings, by their paths.
    pub fn migrations(&self) -> Vec<&str> {
        let mut paths: Vec<&str> = self.origins().flat_map(|o| &o.migrations).map(String::as_str).collect();
        paths.sort_unstable();
        paths.dedup();
        paths
    }
}
