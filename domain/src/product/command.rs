//! What can be asked concerning a product.

use crate::slug::PlaybookName;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    Create { name: String, playbook: PlaybookName, repository: Option<String> },
}
