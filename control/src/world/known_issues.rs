//! Known issues, by product.

use super::World;
use domain::{
    known_issue::{KnownIssue, KnownIssueId},
    slug::ProductSlug,
};
use std::sync::Arc;
use uuid::Uuid;

impl World {
    pub fn known_issue(&self, product: &ProductSlug, id: KnownIssueId) -> Option<&Arc<KnownIssue>> {
        self.known_issues.get(&(product.clone(), id))
    }

    /// Those of a product, in no order that means anything.
    pub fn known_issues_of(&self, product: &ProductSlug) -> impl Iterator<Item = &Arc<KnownIssue>> {
        let at = |id| (product.clone(), KnownIssueId(id));
        self.known_issues.range(at(Uuid::nil())..=at(Uuid::max())).map(|(_, issue)| issue)
    }

    /// All of them.
    pub fn known_issues(&self) -> impl Iterator<Item = &Arc<KnownIssue>> {
        self.known_issues.values()
    }
}
