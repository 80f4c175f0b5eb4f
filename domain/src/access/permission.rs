//! The fixed table of permissions. Roles are data; what they can mean is not.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// Everything that can be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// See a product with its releases.
    View,
    /// Create and edit releases, ask for approval, cancel.
    Author,
    /// Fill an approval slot of a role one holds.
    Approve,
    /// Move a release into an environment, pause, resume, roll back.
    Promote,
    /// Delay a release.
    Hold,
    /// Tick checklist items.
    Tick,
    /// Override a gate in an emergency.
    BreakGlass,
    /// Declare and lead incidents.
    Respond,
    /// People, roles, tokens, products, playbooks.
    Administer,
}

/// A set of permissions.
pub type Permissions = BTreeSet<Permission>;

impl Permission {
    pub const ALL: [Self; 9] = [
        Self::View,
        Self::Author,
        Self::Approve,
        Self::Promote,
        Self::Hold,
        Self::Tick,
        Self::BreakGlass,
        Self::Respond,
        Self::Administer,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Author => "author",
            Self::Approve => "approve",
            Self::Promote => "promote",
            Self::Hold => "hold",
            Self::Tick => "tick",
            Self::BreakGlass => "break_glass",
            Self::Respond => "respond",
            Self::Administer => "administer",
        }
    }

    /// What an administrator may do: everything but approve, and no emergency powers.
    pub fn of_administrator() -> Permissions {
        [Self::View, Self::Author, Self::Promote, Self::Hold, Self::Tick, Self::Respond, Self::Administer].into()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a token is limited to: `*`, one permission, or reading the calendar's feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TokenScope {
    /// All that the person may.
    Everything,
    Only(Permission),
    /// For the address that calendar clients read: it opens the feed and nothing else.
    CalendarFeed,
}

const CALENDAR_FEED: &str = "calendar_feed";

impl TokenScope {
    pub fn covers(self, permission: Permission) -> bool {
        match self {
            Self::Everything => true,
            Self::Only(one) => one == permission,
            Self::CalendarFeed => false,
        }
    }
}

impl FromStr for TokenScope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "*" {
            return Ok(Self::Everything);
        }
        if text == CALENDAR_FEED {
            return Ok(Self::CalendarFeed);
        }
        Permission::ALL.into_iter().find(|p| p.name() == text).map(Self::Only).ok_or_else(|| {
            let names: Vec<_> = Permission::ALL.iter().map(|p| p.name()).collect();
            format!("“{text}” is no scope: use “*” or one of {}", names.join(", "))
        })
    }
}

impl TryFrom<String> for TokenScope {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<TokenScope> for String {
    fn from(scope: TokenScope) -> Self {
        scope.to_string()
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("*"),
            Self::Only(permission) => f.write_str(permission.name()),
            Self::CalendarFeed => f.write_str(CALENDAR_FEED),
        }
    }
}
