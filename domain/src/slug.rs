//! Short lower-case names used in addresses: products, environments, roles, playbooks, release types.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// Why a text is not a usable name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{found}” is not a name: use 1 to 40 of a–z, 0–9, “-” and “_”, beginning with a letter or digit")]
pub struct NotASlug {
    pub found: String,
}

fn check(text: &str) -> Result<(), NotASlug> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let sound = (1..=40).contains(&text.len())
        && text.starts_with(letter)
        && text.chars().all(|c| letter(c) || c == '-' || c == '_');
    if sound { Ok(()) } else { Err(NotASlug { found: text.chars().take(60).collect() }) }
}

/// Declares a checked name type over [`check`], so that names of different nouns never mix. Its text is shared: names
/// are copied far more often than made.
macro_rules! slug {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = NotASlug;
            fn from_str(text: &str) -> Result<Self, NotASlug> {
                check(text).map(|()| Self(text.into()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = NotASlug;
            fn try_from(text: String) -> Result<Self, NotASlug> {
                check(&text).map(|()| Self(text.into()))
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                (*name.0).to_owned()
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug!(
    /// A product, as it stands in addresses: `shop`.
    ProductSlug
);
slug!(
    /// An environment of a playbook: `production`.
    EnvName
);
slug!(
    /// A role named by a playbook: `product_manager`.
    RoleId
);
slug!(
    /// A playbook: `orca`.
    PlaybookName
);
slug!(
    /// A release type of a playbook: `minor`, `hotfix`.
    TypeId
);

slug!(
    /// A rule of a calendar: `friday_train`, or the id that a window made through REST got.
    RuleId
);
slug!(
    /// A duty that rotates: `release_captain`.
    RotationId
);

impl EnvName {
    /// Every playbook has it.
    pub fn production() -> Self {
        Self("production".into())
    }

    pub fn is_production(&self) -> bool {
        &*self.0 == "production"
    }
}

impl RoleId {
    /// The one role that exists outside of playbooks.
    pub fn administrator() -> Self {
        Self("administrator".into())
    }

    /// `product_manager` → `product manager`, for sentences.
    pub fn words(&self) -> String {
        self.0.replace(['_', '-'], " ")
    }
}
