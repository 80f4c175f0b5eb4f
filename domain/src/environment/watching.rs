//! Which monitor watches an environment, with what settings; secrets stand elsewhere, sealed.

use crate::{Refusal, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An environment has at most one of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watching {
    pub kind: String,
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// The names of the secrets that were set.
    #[serde(default)]
    pub secrets: Vec<String>,
}

/// The kind's name as it is kept; which kinds there are is not for this room to know.
pub(super) fn kind(text: &str) -> Result<String, Refusal> {
    text::required("kind", text, 40)
}
