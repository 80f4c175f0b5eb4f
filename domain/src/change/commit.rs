//! A commit as a source hands it over.

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// The name of a commit: hexadecimal digits, whole or shortened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha(Arc<str>);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” names no commit: 7 to 64 hexadecimal digits")]
pub struct NotASha {
    pub found: String,
}

impl Sha {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As much as people write.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }
}

impl FromStr for Sha {
    type Err = NotASha;
    fn from_str(text: &str) -> Result<Self, NotASha> {
        if is_sha(text) {
            Ok(Self(text.to_ascii_lowercase().into()))
        } else {
            Err(NotASha { found: text.chars().take(80).collect() })
        }
    }
}

pub(super) fn is_sha(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

impl TryFrom<String> for Sha {
    type Error = NotASha;
    fn try_from(text: String) -> Result<Self, NotASha> {
        text.parse()
    }
}

impl From<Sha> for String {
    fn from(sha: Sha) -> Self {
        sha.to_string()
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A commit of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub sha: Sha,
    /// The first is the line it stands on, the others are what it joins to it.
    pub parents: Vec<Sha>,
    /// Their name, as the commit has it.
    pub author: String,
    pub committed_at: Timestamp,
    pub message: String,
    /// The paths it touches, where the source says.
    #[serde(default)]
    pub files: Vec<String>,
}
