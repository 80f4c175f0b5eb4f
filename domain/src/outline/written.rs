//! What the machine remembers of what it wrote.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Kept beside a text and handed in again with it. Without it everything in the text counts as a person's.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Written {
    /// By the id of the entry.
    pub(super) entries: BTreeMap<String, Was>,
    /// The slots whose headings it wrote.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) headings: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Was {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) slot: Option<String>,
    pub(super) text: String,
    /// A person changed or removed it: it is theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) taken: bool,
}

impl Written {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.headings.is_empty()
    }

    /// How many of its entries people made their own.
    pub fn taken(&self) -> usize {
        self.entries.values().filter(|was| was.taken).count()
    }
}
