//! Questions to the read model.

use super::World;
use domain::{
    Timestamp,
    access::{Actor, Authority},
    environment::{Environment, EnvironmentId},
    journal::{Seq, Stream},
    person::{Grant, Nature, Person, PersonId},
    playbook::{Consequence, GateId, Playbook, Published, Revision, consequence},
    product::Product,
    release::{Release, ReleaseId, State, Version},
    slug::{EnvName, PlaybookName, ProductSlug, RoleId},
};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, LazyLock};

/// A release with the place of its last change in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub release: Release,
    pub changed: Seq,
}

impl World {
    pub fn version(&self, stream: &Stream) -> u64 {
        self.versions.get(stream).copied().unwrap_or(0)
    }

    pub fn product(&self, slug: &ProductSlug) -> Option<&Arc<Product>> {
        self.products.get(slug)
    }

    pub fn products(&self) -> impl Iterator<Item = &Arc<Product>> {
        self.products.values()
    }

    pub fn release(&self, id: &ReleaseId) -> Option<&Release> {
        self.releases.get(id).map(|entry| &entry.release)
    }

    pub fn release_count(&self) -> usize {
        self.releases.len()
    }

    /// The releases of a product, the highest version first.
    pub fn releases_of(&self, product: &ProductSlug) -> impl Iterator<Item = &Release> {
        self.entries_of(product).map(|entry| &entry.release)
    }

    pub(super) fn entries_of(&self, product: &ProductSlug) -> impl Iterator<Item = &Arc<Entry>> {
        let at = |version: &LazyLock<Version>| ReleaseId { product: product.clone(), version: Version::clone(version) };
        self.releases.range(at(&LOWEST)..=at(&HIGHEST)).rev().map(|(_, entry)| entry)
    }

    /// All releases, the last changed first, beginning before `before`.
    pub fn by_change(&self, before: Option<Seq>) -> impl Iterator<Item = (Seq, &Release)> {
        let end = before.unwrap_or(Seq::MAX);
        self.by_change.range(..end).rev().map(|(seq, entry)| (*seq, &entry.release))
    }

    /// Releases with an unfilled place for `role`, the longest waiting first.
    pub fn waiting_for(&self, role: &RoleId) -> impl Iterator<Item = (Timestamp, &Release)> {
        self.waiting
            .get(role)
            .into_iter()
            .flat_map(|set| set.iter())
            .map(|((since, _), entry)| (*since, &entry.release))
    }

    /// Gates whose question `role` may answer, with the release, the longest waiting first.
    pub fn signing_for(&self, role: &RoleId) -> impl Iterator<Item = (Timestamp, &Release, &GateId, &EnvName)> {
        self.signing
            .get(role)
            .into_iter()
            .flat_map(|set| set.iter())
            .filter_map(|(since, id, gate, env)| self.release(id).map(|release| (*since, release, gate, env)))
    }

    /// The greatest version of a product that was not cancelled.
    pub fn highest(&self, product: &ProductSlug) -> Option<&Version> {
        self.releases_of(product).find(|r| r.state() != State::Cancelled).map(|r| &r.id.version)
    }

    pub fn person(&self, id: PersonId) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    pub fn people(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.values()
    }

    pub fn playbook(&self, name: &PlaybookName) -> Option<&Arc<Published>> {
        self.playbooks.get(name)
    }

    pub fn playbooks(&self) -> impl Iterator<Item = (&PlaybookName, &Arc<Published>)> {
        self.playbooks.iter()
    }

    pub fn playbook_at(&self, name: &PlaybookName, revision: Revision) -> Option<&Playbook> {
        self.playbooks.get(name).and_then(|published| published.at(revision))
    }

    /// The playbook that a product follows now.
    pub fn playbook_of(&self, product: &Product) -> Option<&Playbook> {
        self.playbook_at(&product.playbook, product.playbook_revision)
    }

    /// The open releases that follow a playbook, whichever revision of it, by product and version.
    pub fn open_on<'a>(&'a self, playbook: &'a PlaybookName) -> impl Iterator<Item = &'a Release> {
        let releases = self.releases.values().map(|entry| &entry.release);
        releases.filter(move |release| &release.contents.playbook == playbook && release.is_open())
    }

    /// What would change for each open release of a playbook if it moved to `draft`.
    pub fn consequences(&self, playbook: &PlaybookName, draft: &Playbook) -> Vec<Consequence> {
        let told = |release: &Release| {
            let now = self.playbook_at(playbook, release.contents.playbook_revision)?;
            Some(consequence(release, now, draft))
        };
        self.open_on(playbook).filter_map(told).collect()
    }

    /// What a person holds, in their own right or for someone absent.
    pub fn grants(&self, person: PersonId, now: Timestamp) -> impl Iterator<Item = &Grant> {
        let own = self.people.get(&person).into_iter().flat_map(|p| p.grants.iter());
        let absent = self.absent.get(&person).into_iter().flatten().filter_map(|other| self.people.get(other));
        let lent = absent.flat_map(|p| p.stand_ins.iter());
        own.chain(lent.filter(move |s| s.substitute == person && s.covers(now)).map(|s| &s.grant))
    }

    /// What `actor` may do on `product`, or on the whole installation.
    pub fn authority(&self, actor: Actor, product: Option<&ProductSlug>, now: Timestamp) -> Authority {
        let Some(id) = actor.person() else { return Authority::system() };
        let Some(person) = self.people.get(&id) else { return Authority::none(actor) };
        let rules = match product {
            None => None,
            Some(slug) => {
                let Some(product) = self.products.get(slug) else { return Authority::none(actor) };
                self.playbook_of(product).map(|playbook| (slug, playbook))
            }
        };
        let absent =
            self.absent.get(&id).into_iter().flatten().filter_map(|other| self.people.get(other)).map(AsRef::as_ref);
        Authority::of(actor, person, rules, absent, now)
    }

    pub fn environment(&self, id: &EnvironmentId) -> Option<&Environment> {
        self.environments.get(id).map(AsRef::as_ref)
    }

    /// True once there is a human being to sign in.
    pub fn anybody(&self) -> bool {
        self.people.values().any(|p| p.nature == Nature::Human)
    }

    /// True when nobody but `person` could administer.
    pub fn is_last_administrator(&self, person: PersonId) -> bool {
        !self.people.values().any(|p| p.id != person && p.is_administrator())
    }
}

/// Below every version.
static LOWEST: LazyLock<Version> =
    LazyLock::new(|| "0.0.0-0".parse().unwrap_or_else(|_| unreachable!("a literal version")));

/// Above every version: this many digits cannot be written.
static HIGHEST: LazyLock<Version> = LazyLock::new(|| {
    let mut version = LOWEST.clone();
    (version.0.major, version.0.minor, version.0.patch) = (u64::MAX, u64::MAX, u64::MAX);
    version
});
