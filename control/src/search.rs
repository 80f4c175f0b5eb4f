//! The index behind every search: in memory, brought up to the world that is asked about, never stored.

use crate::{Control, World, control::write};
use domain::{
    journal::Seq,
    known_issue::{KnownIssue, KnownIssueId},
    search::{Field, Found, Index},
    slug::ProductSlug,
};
use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    KnownIssue(ProductSlug, KnownIssueId),
}

#[derive(Debug, Default)]
pub(crate) struct Kept(RwLock<Indexed>);

#[derive(Debug, Default)]
struct Indexed {
    /// Where the record stood that it follows.
    seq: Seq,
    index: Index<Key>,
    /// What each text was made of.
    issues: BTreeMap<Key, Arc<KnownIssue>>,
}

impl Indexed {
    /// Takes in what differs.
    fn follow(&mut self, world: &World) {
        for issue in world.known_issues() {
            let key = Key::KnownIssue(issue.product.clone(), issue.id);
            if self.issues.get(&key).is_some_and(|known| Arc::ptr_eq(known, issue)) {
                continue;
            }
            self.index.put(key.clone(), &fields(issue));
            self.issues.insert(key, issue.clone());
        }
        self.seq = world.seq;
    }
}

/// What is called by a word is what people look for first, then what helps.
fn fields(issue: &KnownIssue) -> [Field<'_>; 4] {
    let details = &issue.details;
    let field = |text, weight| Field { text, weight };
    [
        field(details.title.as_str(), 4.0),
        field(details.description.as_str(), 1.0),
        field(details.workaround.as_deref().unwrap_or_default(), 1.5),
        field(details.tracking.as_deref().unwrap_or_default(), 0.5),
    ]
}

impl Control {
    /// What holds the words, of what fits, the best first.
    pub(crate) fn find(&self, world: &World, words: &str, fits: impl Fn(&Key) -> bool) -> Vec<Found<Key>> {
        let kept = &self.kept_index().0;
        {
            let indexed = kept.read().unwrap_or_else(PoisonError::into_inner);
            if indexed.seq >= world.seq {
                return indexed.index.find(words, fits);
            }
        }
        let mut indexed = write(kept);
        if indexed.seq < world.seq {
            indexed.follow(world);
        }
        indexed.index.find(words, fits)
    }
}
