//! Known issues as people ask for them: by product, version, audience, severity, state and words.

use crate::{Control, Sight, search::Key};
use domain::{
    known_issue::{KnownIssue, KnownIssueId, State},
    playbook::Audience,
    release::Version,
    slug::{ProductSlug, TypeId},
};
use std::{cmp::Reverse, sync::Arc};

/// What is asked for; what is left out does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// All that the person sees when left out.
    pub product: Option<ProductSlug>,
    /// One that has it.
    pub version: Option<Version>,
    pub audience: Option<Audience>,
    pub severity: Option<TypeId>,
    pub state: Option<State>,
    pub words: String,
}

impl Wanted {
    fn fits(&self, issue: &KnownIssue) -> bool {
        self.product.as_ref().is_none_or(|product| product == &issue.product)
            && self.version.as_ref().is_none_or(|version| issue.affects(version))
            && self.audience.is_none_or(|audience| issue.is_for(audience))
            && self.severity.as_ref().is_none_or(|severity| severity == &issue.details.severity)
            && self.state.is_none_or(|state| state == issue.state())
    }
}

impl Control {
    /// Those that fit and that this person sees: the best first when words are asked for, otherwise open ones before
    /// others, the gravest first and of those the last changed.
    pub fn known_issues(&self, sight: &Sight, wanted: &Wanted) -> Vec<Arc<KnownIssue>> {
        let world = &sight.world;
        let seen = |issue: &KnownIssue| wanted.fits(issue) && sight.sees(&issue.product);
        if !wanted.words.trim().is_empty() {
            let issue = |key: &Key| match key {
                Key::KnownIssue(product, id) => world.known_issue(product, *id),
            };
            let found = self.find(world, &wanted.words, |key| issue(key).is_some_and(|issue| seen(issue)));
            return found.iter().filter_map(|found| issue(&found.key).cloned()).collect();
        }
        let mut all: Vec<Arc<KnownIssue>> = match &wanted.product {
            Some(product) => world.known_issues_of(product).filter(|issue| seen(issue)).cloned().collect(),
            None => world.known_issues().filter(|issue| seen(issue)).cloned().collect(),
        };
        let order = |i: &KnownIssue| (i.state() as u8, i.details.severity.clone(), Reverse(i.changed_at), i.id);
        all.sort_by_cached_key(|issue| order(issue));
        all
    }

    pub fn fresh_known_issue_id(&self) -> KnownIssueId {
        KnownIssueId(self.secrets().fresh_id())
    }
}
