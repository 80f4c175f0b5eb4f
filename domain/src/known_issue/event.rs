//! What can have happened to a known issue.

use super::Details;
use crate::{release::Version, slug::ProductSlug};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Reported {
        product: ProductSlug,
        details: Box<Details>,
    },
    /// All of it, as it is from now on.
    Edited {
        details: Box<Details>,
    },
    Fixed {
        version: Version,
    },
    Closed {
        reason: String,
    },
    Reopened {
        reason: String,
    },
}
