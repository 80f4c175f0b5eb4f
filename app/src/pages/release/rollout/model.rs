//! How a release gets into each environment of its playbook: what runs there, what would happen, what is in the way.

use crate::asking::Asking;
use control::{World, world::Choice};
use domain::{
    Refusal, Timestamp,
    access::{Authority, Permission},
    automation::Stopped,
    digest::Digest,
    environment::{Drift, Environment, EnvironmentId, Held, Run},
    gate,
    playbook::{Playbook, Strategy},
    release::{Release, ReleaseId, Version},
    rollout::{PlannedStep, Rollout},
    slug::EnvName,
};

#[derive(Debug, Clone)]
pub struct Stages {
    pub id: ReleaseId,
    pub digest: Digest,
    /// It may still go somewhere.
    pub open: bool,
    pub may_promote: bool,
    pub administers: bool,
    /// The environment that it goes to next.
    pub next: Option<EnvName>,
    pub stopped: Option<Stopped>,
    pub places: Vec<Place>,
    pub now: Timestamp,
}

/// One environment, as this release sees it.
#[derive(Debug, Clone)]
pub struct Place {
    pub id: EnvironmentId,
    pub purpose: String,
    pub driver: Option<String>,
    pub running: Option<Run>,
    /// Versions that ran there, the newest first, without the one that runs.
    pub earlier: Vec<Version>,
    pub under_way: Option<Rollout>,
    pub hold: Option<Held>,
    pub drift: Option<Drift>,
    /// Gates that are not met, as title and why.
    pub unmet: Vec<(String, String)>,
    pub offers: Vec<Offer>,
}

/// A strategy that the playbook offers here, with what would happen.
#[derive(Debug, Clone)]
pub struct Offer {
    pub strategy: Strategy,
    pub chosen: bool,
    pub plan: Result<Vec<PlannedStep>, Refusal>,
}

impl Stages {
    pub fn of(asking: &Asking, id: &ReleaseId) -> Result<Self, Refusal> {
        let (_, by) = asking.seen(&id.product)?;
        let world = asking.control.world();
        let release = world.release(id).ok_or_else(|| Refusal::not_found(format!("release “{id}”")))?;
        let contents = &release.contents;
        let playbook = world
            .playbook_at(&contents.playbook, contents.playbook_revision)
            .ok_or_else(|| Refusal::not_found("playbook revision of this release"))?;
        let now = asking.control.now();
        let today = world.today(&id.product, now);
        let places = playbook.environments.iter().map(|env| {
            let place = EnvironmentId { product: id.product.clone(), env: env.name.clone() };
            Place::of(asking, &world, release, playbook, place, env.purpose.clone(), &by, now)
        });
        Ok(Self {
            places: places.collect(),
            digest: release.digest.clone(),
            open: release.is_open(),
            may_promote: by.may(Permission::Promote),
            administers: by.may(Permission::Administer),
            next: world.in_scene(release, &today, |scene| gate::next_environment(scene).cloned()).flatten(),
            stopped: world.stopped(&id.product).cloned(),
            now,
            id: id.clone(),
        })
    }
}

impl Place {
    #[expect(clippy::too_many_arguments, reason = "all that one environment follows from")]
    fn of(
        asking: &Asking,
        world: &World,
        release: &Release,
        playbook: &Playbook,
        place: EnvironmentId,
        purpose: String,
        by: &Authority,
        now: Timestamp,
    ) -> Self {
        let environment = world.environment(&place);
        let running = environment.and_then(Environment::running).cloned();
        let under_way = environment.and_then(|e| e.lock).and_then(|id| world.rollout(id)).cloned();
        let runs_here = running.as_ref().is_some_and(|run| run.version == release.id.version);
        // Only for those who could start it: plans and gates cost more than all the rest.
        let asks = by.may(Permission::Promote) && release.is_open() && !runs_here && under_way.is_none();
        let (unmet, offers) = if asks {
            let unmet = world.gates_unmet(release, &place, now).into_iter().map(|status| (status.title, status.why));
            (unmet.collect(), offers(asking, release, playbook, &place))
        } else {
            (Vec::new(), Vec::new())
        };
        let mut earlier: Vec<Version> = Vec::new();
        for run in environment.iter().flat_map(|e| e.runs.iter().rev()) {
            if running.as_ref().is_none_or(|now| now.version != run.version) && !earlier.contains(&run.version) {
                earlier.push(run.version.clone());
            }
        }
        Self {
            purpose,
            driver: environment.and_then(|e| e.connection.as_ref()).map(|connection| connection.driver.clone()),
            running,
            earlier,
            under_way,
            hold: environment.and_then(|e| e.hold.clone()),
            drift: environment.and_then(|e| e.drift.clone()),
            unmet,
            offers,
            id: place,
        }
    }

    /// This version runs there, or is on its way there.
    pub fn holds(&self, version: &Version) -> bool {
        self.running.as_ref().is_some_and(|run| &run.version == version)
    }
}

fn offers(asking: &Asking, release: &Release, playbook: &Playbook, place: &EnvironmentId) -> Vec<Offer> {
    let env = playbook.environments.iter().find(|env| env.name == place.env);
    let may =
        |strategy: &&Strategy| env.is_none_or(|env| env.strategies.is_empty() || env.strategies.contains(&strategy.id));
    let world = asking.control.world();
    let usual = world.prospect(release, place, &Choice::default(), 1).ok().map(|prospect| prospect.strategy);
    let mut offers: Vec<Offer> = playbook
        .strategies
        .iter()
        .filter(may)
        .map(|strategy| {
            let choice = Choice { strategy: Some(strategy.id.clone()), initial_traffic: None };
            Offer {
                chosen: usual.as_ref() == Some(&strategy.id),
                plan: asking.control.preview(place, &release.id.version, &choice),
                strategy: strategy.clone(),
            }
        })
        .collect();
    // The usual one may be beyond what the driver can do; then the first that it can.
    if !offers.iter().any(|offer| offer.chosen && offer.plan.is_ok()) {
        let first = offers.iter().position(|offer| offer.plan.is_ok());
        for (n, offer) in offers.iter_mut().enumerate() {
            offer.chosen = first == Some(n);
        }
    }
    offers
}
