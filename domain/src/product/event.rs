//! What can have happened to a product.

use crate::{playbook::Revision, slug::PlaybookName};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "snake_case")]
pub enum Event {
    Created {
        name: String,
        playbook: PlaybookName,
        playbook_revision: Revision,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        repository: Option<String>,
    },
    /// From now on new releases use this revision.
    Followed { playbook: PlaybookName, playbook_revision: Revision },
}
