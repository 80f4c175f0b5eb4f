//! What a product is now.

use crate::{
    Timestamp,
    playbook::Revision,
    slug::{PlaybookName, ProductSlug},
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub slug: ProductSlug,
    pub name: String,
    pub playbook: PlaybookName,
    pub playbook_revision: Revision,
    pub repository: Option<String>,
    pub created_at: Timestamp,
}
