//! What the world keeps for looking back: deployments that were reported from elsewhere, and imports.

use super::World;
use domain::{
    Timestamp,
    dora::import::{ImportId, Past},
    environment::Outcome,
    journal::Seq,
    release::Version,
    slug::{EnvName, ProductSlug},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A deployment by somebody else's hands: only its end is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    pub product: ProductSlug,
    /// Its place in the record.
    pub seq: Seq,
    pub env: EnvName,
    pub version: Version,
    pub outcome: Outcome,
    pub at: Timestamp,
}

impl World {
    /// The deployments of a product that were reported, the oldest first.
    pub fn reported_of(&self, product: &ProductSlug) -> impl Iterator<Item = &Reported> {
        let range = (product.clone(), 0)..=(product.clone(), Seq::MAX);
        self.reported.range(range).map(|(_, reported)| reported.as_ref())
    }

    /// Every import, those undone too, the oldest first.
    pub fn imports(&self) -> impl DoubleEndedIterator<Item = &Past> {
        self.imports.values().map(AsRef::as_ref)
    }

    pub fn import(&self, id: ImportId) -> Option<&Past> {
        self.imports.get(self.import_places.get(&id)?).map(AsRef::as_ref)
    }

    pub(super) fn put_reported(&mut self, reported: Reported) {
        self.reported.insert((reported.product.clone(), reported.seq), Arc::new(reported));
    }

    /// An import keeps the place where it was taken in.
    pub(super) fn put_import(&mut self, past: Past, seq: Seq) {
        let place = *self.import_places.entry(past.id).or_insert(seq);
        self.imports.insert(place, Arc::new(past));
    }
}
