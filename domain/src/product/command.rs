//! What can be asked concerning a product.

use crate::{playbook::Revision, slug::PlaybookName};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Create {
        name: String,
        playbook: PlaybookName,
        repository: Option<String>,
    },
    /// New releases use this revision; those that are there stay where they are.
    Follow {
        playbook: PlaybookName,
        revision: Revision,
    },
}

impl Command {
    /// The playbook that it is about.
    pub fn playbook(&self) -> &PlaybookName {
        match self {
            Self::Create { playbook, .. } | Self::Follow { playbook, .. } => playbook,
        }
    }
}
