//! How the read model follows events: the aggregates evolve, then the indexes over them are corrected.

use super::{Entry, Reported, World};
use domain::{
    Class, Refusal, Timestamp, automation,
    dora::import,
    environment,
    gate::{self, Awaited},
    journal::{Envelope, Fact, Seq, Stream},
    known_issue,
    person::{self, Person, PersonId},
    playbook, product,
    release::{self, Release},
    rollout::{self, Rollout},
    slug::ProductSlug,
    window,
};
use std::sync::Arc;

impl World {
    /// Takes in the next event; one that is already in it is passed over, a gap is refused.
    pub fn apply(&mut self, envelope: &Envelope) -> Result<(), Refusal> {
        if envelope.seq <= self.seq {
            return Ok(());
        }
        if envelope.seq != self.seq + 1 {
            let why = format!("Event {} came after event {}: events are missing.", envelope.seq, self.seq);
            return Err(Refusal::new(Class::Unavailable, why));
        }
        let at = envelope.at;
        match (&envelope.stream, &envelope.fact) {
            (Stream::Product(slug), Fact::Product(event)) => {
                let before = self.products.get(slug).map(AsRef::as_ref);
                let product = product::evolve(slug, before, event, at)?;
                self.products.insert(slug.clone(), Arc::new(product));
                self.renew_calendar(slug);
            }
            (Stream::Release(id), Fact::Release(event)) => {
                let before = self.releases.get(id).cloned();
                let release =
                    release::evolve(id, before.as_ref().map(|e| e.release.clone()), event, envelope.actor, at)?;
                self.put_release(before.as_deref(), release, envelope.seq);
            }
            (Stream::Person(id), Fact::Person(event)) => {
                let before = self.people.get(id).map(|p| Person::clone(p));
                let person = person::evolve(*id, before, event, at)?;
                self.put_person(person);
            }
            (Stream::Playbook(name), Fact::Playbook(event)) => {
                let before = self.playbooks.get(name).map(|p| playbook::Published::clone(p)).unwrap_or_default();
                self.playbooks.insert(name.clone(), Arc::new(playbook::evolve(before, event, envelope.actor, at)?));
            }
            (Stream::Environment(id), Fact::Rollout(event)) => {
                let before = self.rollouts.get(&event.id()).map(|r| Rollout::clone(r));
                let rollout = rollout::evolve(id, before, event, envelope.actor, at)?;
                let environment = self.environments.get(id).map(|e| environment::Environment::clone(e));
                let environment = environment::follow(environment, event, &rollout, envelope.actor, at);
                self.environments.insert(id.clone(), Arc::new(environment));
                if let rollout::Event::Started { .. } = event {
                    self.rollouts_of.insert((id.product.clone(), envelope.seq), rollout.id);
                }
                self.put_rollout(rollout);
                if matters(event) {
                    self.await_people_of(&id.product);
                }
            }
            (Stream::Automation(reach), Fact::Automation(event)) => match automation::evolve(event, envelope.actor, at)
            {
                Some(stopped) => drop(self.stopped.insert(reach.clone(), Arc::new(stopped))),
                None => drop(self.stopped.remove(reach)),
            },
            (Stream::Environment(id), Fact::Environment(event)) => {
                let before = self.environments.get(id).map(|e| environment::Environment::clone(e));
                let environment = environment::evolve(id, before, event, envelope.actor, at);
                self.environments.insert(id.clone(), Arc::new(environment));
                if let environment::Event::Deployed { version, outcome, .. } = event {
                    let (product, env) = (id.product.clone(), id.env.clone());
                    let (version, outcome) = (version.clone(), *outcome);
                    self.put_reported(Reported { product, seq: envelope.seq, env, version, outcome, at });
                }
                self.await_people_of(&id.product);
            }
            (Stream::Import(id), Fact::Import(event)) => {
                let past = import::evolve(*id, self.import(*id).cloned(), event, envelope.actor, at)?;
                self.put_import(past, envelope.seq);
            }
            (Stream::Calendar(reach), Fact::Calendar(event)) => {
                let before = self.windows.get(reach).map(|w| window::Windows::clone(w)).unwrap_or_default();
                self.put_windows(reach, window::evolve(before, event, envelope.actor, at)?);
            }
            (Stream::KnownIssue(product, id), Fact::KnownIssue(event)) => {
                let key = (product.clone(), *id);
                let before = self.known_issues.get(&key).map(|issue| known_issue::KnownIssue::clone(issue));
                let issue = known_issue::evolve(*id, before, event, envelope.actor, at)?;
                self.known_issues.insert(key, Arc::new(issue));
            }
            (stream, fact) => {
                let why = format!("Event {} of kind {} stands in stream {stream}.", envelope.seq, fact.kind());
                return Err(Refusal::new(Class::Unavailable, why));
            }
        }
        self.versions.insert(envelope.stream.clone(), envelope.version);
        self.seq = envelope.seq;
        Ok(())
    }

    pub(super) fn put_rollout(&mut self, rollout: Rollout) {
        if rollout.is_over() {
            self.under_way.remove(&rollout.id);
        } else {
            self.under_way.insert(rollout.id);
        }
        self.rollouts.insert(rollout.id, Arc::new(rollout));
    }

    pub(super) fn put_release(&mut self, before: Option<&Entry>, release: Release, changed: Seq) {
        if let Some(before) = before {
            self.by_change.remove(&before.changed);
        }
        let entry = Arc::new(Entry { release, changed });
        self.by_change.insert(changed, entry.clone());
        self.await_people(&entry);
        self.releases.insert(entry.release.id.clone(), entry);
    }

    /// Notes whose word a release waits for, and since when.
    fn await_people(&mut self, entry: &Arc<Entry>) {
        let release = &entry.release;
        let id = &release.id;
        if let Some((since, all)) = self.awaited.remove(id) {
            for Awaited { role, gate } in all {
                match gate {
                    None => drop(self.waiting.get_mut(&role).map(|set| set.remove(&(since, id.clone())))),
                    Some((gate, env)) => {
                        drop(self.signing.get_mut(&role).map(|set| set.remove(&(since, id.clone(), gate, env))));
                    }
                }
            }
        }
        let since = asked_at(release);
        let today = self.today(&id.product, since);
        let all = self.in_scene(release, &today, gate::awaited).unwrap_or_default();
        if all.is_empty() {
            return;
        }
        for Awaited { role, gate } in all.clone() {
            match gate {
                None => drop(self.waiting.entry(role).or_default().insert((since, id.clone()), entry.clone())),
                Some((gate, env)) => {
                    self.signing.entry(role).or_default().insert((since, id.clone(), gate, env));
                }
            }
        }
        self.awaited.insert(id.clone(), (since, all));
    }

    /// Where releases go next follows from what runs where.
    fn await_people_of(&mut self, product: &ProductSlug) {
        let open: Vec<Arc<Entry>> = self.entries_of(product).filter(|entry| entry.release.is_open()).cloned().collect();
        for entry in &open {
            self.await_people(entry);
        }
    }

    pub(super) fn put_person(&mut self, person: Person) {
        let id: PersonId = person.id;
        if let Some(before) = self.people.get(&id) {
            for stand_in in &before.stand_ins {
                if let Some(set) = self.absent.get_mut(&stand_in.substitute) {
                    set.remove(&id);
                }
            }
        }
        for stand_in in &person.stand_ins {
            self.absent.entry(stand_in.substitute).or_default().insert(id);
        }
        self.people.insert(id, Arc::new(person));
    }
}

/// Where releases go next follows from what runs where, which few events change.
fn matters(event: &rollout::Event) -> bool {
    use rollout::Event::{Ended, Resolved, Started, StepEnded, TurnedBack};
    matches!(event, Started { .. } | StepEnded { .. } | Resolved { .. } | TurnedBack { .. } | Ended { .. })
}

/// Since when people are waited for: since they were asked, or since what they are asked about last changed.
fn asked_at(release: &Release) -> Timestamp {
    release.asked_at.max(release.edited_at).unwrap_or(release.created_at)
}
