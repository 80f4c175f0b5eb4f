//! The read model as bytes: a cache that shortens the start, thrown away whenever the code that made it differs.

use super::{Entry, Reported, World};
use domain::{
    automation::Stopped,
    dora::import::Past,
    environment::Environment,
    journal::{Seq, Stream},
    known_issue::KnownIssue,
    person::{Person, Reach},
    playbook::Published,
    product::Product,
    rollout::Rollout,
    slug::PlaybookName,
    window::Windows,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Differs whenever the sources of `domain` or of this folder differ; worked out when this is built.
pub const FINGERPRINT: &str = env!("PILOTHOUSE_SCHEMA_FINGERPRINT");

#[derive(Debug, Serialize, Deserialize)]
pub struct Snapshot {
    seq: Seq,
    products: Vec<Product>,
    releases: Vec<Entry>,
    people: Vec<Person>,
    playbooks: Vec<(PlaybookName, Published)>,
    environments: Vec<Environment>,
    windows: Vec<(Reach, Windows)>,
    versions: Vec<(Stream, u64)>,
    /// Each with the place of its start in the record.
    rollouts: Vec<(Seq, Rollout)>,
    stopped: Vec<(Reach, Stopped)>,
    known_issues: Vec<KnownIssue>,
    reported: Vec<Reported>,
    imports: Vec<(Seq, Past)>,
}

impl From<&World> for Snapshot {
    fn from(world: &World) -> Self {
        Self {
            seq: world.seq,
            products: world.products.values().map(|p| Product::clone(p)).collect(),
            releases: world.releases.values().map(|e| Entry::clone(e)).collect(),
            people: world.people.values().map(|p| Person::clone(p)).collect(),
            playbooks: world.playbooks.iter().map(|(n, p)| (n.clone(), Published::clone(p))).collect(),
            environments: world.environments.values().map(|e| Environment::clone(e)).collect(),
            windows: world.windows.iter().map(|(r, w)| (r.clone(), Windows::clone(w))).collect(),
            versions: world.versions.iter().map(|(s, v)| (s.clone(), *v)).collect(),
            rollouts: world
                .rollouts_of
                .iter()
                .filter_map(|((_, seq), id)| Some((*seq, Rollout::clone(world.rollouts.get(id)?))))
                .collect(),
            stopped: world.stopped.iter().map(|(r, s)| (r.clone(), Stopped::clone(s))).collect(),
            known_issues: world.known_issues.values().map(|i| KnownIssue::clone(i)).collect(),
            reported: world.reported.values().map(|r| Reported::clone(r)).collect(),
            imports: world.imports.iter().map(|(seq, past)| (*seq, Past::clone(past))).collect(),
        }
    }
}

impl From<Snapshot> for World {
    fn from(snapshot: Snapshot) -> Self {
        let mut world = World { seq: snapshot.seq, ..World::default() };
        world.products = snapshot.products.into_iter().map(|p| (p.slug.clone(), Arc::new(p))).collect();
        world.playbooks = snapshot.playbooks.into_iter().map(|(n, p)| (n, Arc::new(p))).collect();
        world.environments = snapshot.environments.into_iter().map(|e| (e.id.clone(), Arc::new(e))).collect();
        world.windows = snapshot.windows.into_iter().map(|(r, w)| (r, Arc::new(w))).collect();
        world.versions = snapshot.versions.into_iter().collect();
        world.stopped = snapshot.stopped.into_iter().map(|(r, s)| (r, Arc::new(s))).collect();
        let issues = snapshot.known_issues.into_iter();
        world.known_issues = issues.map(|i| ((i.product.clone(), i.id), Arc::new(i))).collect();
        snapshot.reported.into_iter().for_each(|reported| world.put_reported(reported));
        snapshot.imports.into_iter().for_each(|(seq, past)| world.put_import(past, seq));
        for (seq, rollout) in snapshot.rollouts {
            world.rollouts_of.insert((rollout.place.product.clone(), seq), rollout.id);
            world.put_rollout(rollout);
        }
        snapshot.people.into_iter().for_each(|p| world.put_person(p));
        snapshot.releases.into_iter().for_each(|e| world.put_release(None, e.release, e.changed));
        world.renew_calendars();
        world
    }
}

impl World {
    pub fn to_snapshot(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Snapshot::from(self))
    }

    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice::<Snapshot>(bytes).map(Self::from)
    }
}
