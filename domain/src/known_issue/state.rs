//! What a known issue is now.

use super::{Affected, affected::above};
use crate::{
    Timestamp,
    person::PersonId,
    playbook::Audience,
    release::Version,
    slug::{ProductSlug, TypeId},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};
use uuid::Uuid;

/// A known issue, for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownIssueId(pub Uuid);

impl fmt::Display for KnownIssueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for KnownIssueId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// What people say of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub title: String,
    /// Markdown, as is the workaround.
    pub description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workaround: Option<String>,
    pub affected: Affected,
    /// `sev1` to `sev3`, or one of the playbook's own.
    pub severity: TypeId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<String>,
    /// Who is shown it.
    pub audience: BTreeSet<Audience>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownIssue {
    pub id: KnownIssueId,
    pub product: ProductSlug,
    #[serde(flatten)]
    pub details: Details,
    /// The versions that brought a fix, and when that was said.
    pub fixes: BTreeMap<Version, Timestamp>,
    pub closed: Option<Closed>,
    pub reported_by: Option<PersonId>,
    pub reported_at: Timestamp,
    pub changed_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    pub reason: String,
    pub by: Option<PersonId>,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    Fixed,
    Closed,
}

impl State {
    pub const ALL: [Self; 3] = [Self::Open, Self::Fixed, Self::Closed];

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Fixed => "fixed",
            Self::Closed => "closed",
        }
    }
}

impl KnownIssue {
    pub fn state(&self) -> State {
        match (&self.closed, self.fixes.is_empty()) {
            (Some(_), _) => State::Closed,
            (None, false) => State::Fixed,
            (None, true) => State::Open,
        }
    }

    /// Whether this version has it. A fixed issue still affects the versions before the fix; one that was closed
    /// affects none.
    pub fn affects(&self, version: &Version) -> bool {
        self.closed.is_none() && self.details.affected.holds(version) && !self.is_fixed_in(version)
    }

    /// By the highest fix for every later version, by one for an older line (1.4.3) for that line alone.
    pub fn is_fixed_in(&self, version: &Version) -> bool {
        let same_line = |fix: &Version| (fix.0.major, fix.0.minor) == (version.0.major, version.0.minor);
        let highest = self.fixes.keys().next_back();
        self.fixes.keys().any(|fix| !above(fix, version) && (Some(fix) == highest || same_line(fix)))
    }

    /// Whether it is shown to one of these; what is for everyone, or public, is for all.
    pub fn is_for(&self, audience: Audience) -> bool {
        let shown = &self.details.audience;
        shown.contains(&audience) || shown.contains(&Audience::Everyone) || shown.contains(&Audience::Public)
    }
}

/// The issues that a version still has, `sev1` before `sev2`, older ones before newer ones.
pub fn carried<'a>(issues: impl IntoIterator<Item = &'a KnownIssue>, version: &Version) -> Vec<&'a KnownIssue> {
    let mut open: Vec<_> = issues.into_iter().filter(|issue| issue.affects(version)).collect();
    open.sort_by(|a, b| (&a.details.severity, a.reported_at, a.id).cmp(&(&b.details.severity, b.reported_at, b.id)));
    open
}

/// The issues that exactly this version mends.
pub fn fixed_with<'a>(issues: impl IntoIterator<Item = &'a KnownIssue>, version: &Version) -> Vec<&'a KnownIssue> {
    issues.into_iter().filter(|issue| issue.closed.is_none() && issue.fixes.contains_key(version)).collect()
}
