//! What can be asked concerning a known issue.

use super::Affected;
use crate::{playbook::Audience, release::Version};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Report(Box<Report>),
    /// What is left out stays as it is.
    Edit(Box<Edit>),
    /// It is mended in this version; a fix carried back to an older line is a second one.
    Fix {
        version: Version,
    },
    /// Not to be shown any more, without a fix.
    Close {
        reason: String,
    },
    /// The fix did not hold, or it was closed by mistake.
    Reopen {
        reason: String,
    },
}

/// A new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub title: String,
    pub description: String,
    pub workaround: Option<String>,
    pub affected: Affected,
    pub severity: String,
    pub tracking: Option<String>,
    pub audience: Vec<Audience>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    pub title: Option<String>,
    pub description: Option<String>,
    /// Empty takes it out.
    pub workaround: Option<String>,
    pub affected: Option<Affected>,
    pub severity: Option<String>,
    /// Empty takes it out.
    pub tracking: Option<String>,
    pub audience: Option<Vec<Audience>>,
}
