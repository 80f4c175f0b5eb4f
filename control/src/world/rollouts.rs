//! Questions about rollouts, and the plan of one that could start.

use super::World;
use crate::monitor::compares;
use domain::{
    Class, Refusal, Timestamp,
    automation::Stopped,
    environment::{Connection, Environment, EnvironmentId},
    gate,
    journal::Seq,
    person::Reach,
    playbook::{self, Playbook, RollbackMode, Span, Strategy, StrategyId},
    release::{self, Release, Version},
    rollout::{PlannedStep, Rollout, RolloutId, State, Wish, plan},
    slug::{EnvName, ProductSlug},
};
use std::sync::Arc;

/// How a release would go into an environment, before anybody has started it.
#[derive(Debug, Clone)]
pub struct Prospect {
    pub strategy: StrategyId,
    pub steps: Vec<PlannedStep>,
    /// It would go back by itself when a step fails or a judge says so.
    pub automatic: bool,
    pub driver: String,
    /// What the new version answers is compared with what the old one does.
    pub monitored: bool,
    pub from: Option<Version>,
}

/// What somebody wants to start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    pub strategy: Option<StrategyId>,
    pub initial_traffic: Option<playbook::Percent>,
}

/// Instances, where nobody has said how many there are.
const INSTANCES: u32 = 4;

impl World {
    pub fn rollout(&self, id: RolloutId) -> Option<&Rollout> {
        self.rollouts.get(&id).map(AsRef::as_ref)
    }

    pub(crate) fn shared_rollout(&self, id: RolloutId) -> Option<Arc<Rollout>> {
        self.rollouts.get(&id).cloned()
    }

    pub(crate) fn shared_environment(&self, id: &EnvironmentId) -> Option<Arc<Environment>> {
        self.environments.get(id).cloned()
    }

    /// The rollout by which `place` goes back, once that was asked for.
    pub fn leading_back(&self, place: &EnvironmentId) -> Option<RolloutId> {
        let environment = self.environment(place)?;
        environment.lock.or_else(|| environment.rollouts.last().copied())
    }

    /// The rollouts of a product that began before `before` in the record, the newest first.
    pub fn rollouts_of(&self, product: &ProductSlug, before: Option<Seq>) -> impl Iterator<Item = (Seq, &Rollout)> {
        let from = (product.clone(), 0);
        let to = (product.clone(), before.unwrap_or(Seq::MAX));
        self.rollouts_of.range(from..to).rev().filter_map(|((_, seq), id)| Some((*seq, self.rollout(*id)?)))
    }

    /// All that are neither live nor given up, in no order that means anything.
    pub fn under_way(&self) -> impl Iterator<Item = &Rollout> {
        self.under_way.iter().filter_map(|id| self.rollout(*id))
    }

    /// The newest rollout of a version in an environment.
    pub fn rollout_to(&self, place: &EnvironmentId, version: &Version) -> Option<&Rollout> {
        let ids = &self.environment(place)?.rollouts;
        ids.iter().rev().filter_map(|id| self.rollout(*id)).find(|rollout| &rollout.version == version)
    }

    /// As people see it: what was live before is superseded.
    pub fn rollout_state(&self, rollout: &Rollout) -> State {
        let state = rollout.state();
        let replaced = || self.environment(&rollout.place).is_some_and(|e| e.live != Some(rollout.id));
        if state == State::Live && replaced() { State::Superseded } else { state }
    }

    /// As people see it: approvals say how far it has come until production does. It ships from the start of its rollout
    /// there until the last watch is over, whatever has all traffic by then.
    pub fn release_state(&self, release: &Release) -> release::State {
        let version = &release.id.version;
        let place = EnvironmentId { product: release.id.product.clone(), env: EnvName::production() };
        let Some(production) = self.environment(&place) else { return release.state() };
        let coming = production.lock.and_then(|id| self.rollout(id)).filter(|rollout| !rollout.goes_back());
        if coming.is_some_and(|rollout| &rollout.version == version) {
            return release::State::Shipping;
        }
        if production.running().is_some_and(|run| &run.version == version) {
            return release::State::Live;
        }
        let own = release.state();
        let ran = own != release::State::Cancelled && production.runs_of(version).next().is_some();
        if ran { release::State::Superseded } else { own }
    }

    /// Why all automation is stopped for a product, if it is.
    pub fn stopped(&self, product: &ProductSlug) -> Option<&Stopped> {
        let own = self.stopped.get(&Reach::Product(product.clone()));
        self.stopped.get(&Reach::Everywhere).or(own).map(AsRef::as_ref)
    }

    pub fn stopped_at(&self, reach: &Reach) -> Option<&Stopped> {
        self.stopped.get(reach).map(AsRef::as_ref)
    }

    /// Everywhere that automation is stopped.
    pub fn all_stopped(&self) -> impl Iterator<Item = (&Reach, &Stopped)> {
        self.stopped.iter().map(|(reach, stopped)| (reach, stopped.as_ref()))
    }

    /// Every environment that anything was recorded of.
    pub fn environments(&self) -> impl Iterator<Item = &Environment> {
        self.environments.values().map(AsRef::as_ref)
    }

    /// What will happen if `release` is promoted to `place` now, whatever gates say. `speed` divides lengths of time.
    pub fn prospect(
        &self,
        release: &Release,
        place: &EnvironmentId,
        choice: &Choice,
        speed: u32,
    ) -> Result<Prospect, Refusal> {
        let contents = &release.contents;
        let playbook = self
            .playbook_at(&contents.playbook, contents.playbook_revision)
            .ok_or_else(|| Refusal::not_found(format!("playbook {}", contents.playbook)))?;
        let strategy = strategy(playbook, release, place, choice)?;
        let environment = self.environment(place);
        let connection = environment.and_then(|e| e.connection.as_ref()).ok_or_else(|| no_driver(place))?;
        let from = environment.and_then(Environment::running).map(|run| run.version.clone());
        let wish = Wish {
            strategy,
            initial_traffic: choice.initial_traffic.or_else(|| planned_traffic(release)),
            beside: from.is_some(),
            abilities: &connection.abilities,
            instances: connection.instances.unwrap_or(INSTANCES),
            validation: validation(playbook, place),
            judging: &playbook.judging,
            speed,
        };
        let mode = playbook.environments.iter().find(|e| e.name == place.env).and_then(|e| e.rollback);
        Ok(Prospect {
            strategy: strategy.id.clone(),
            steps: plan(&wish)?,
            automatic: mode != Some(RollbackMode::ManualDecision),
            driver: connection.driver.clone(),
            monitored: environment.is_some_and(compares),
            from,
        })
    }

    /// The gates before `place` that are not met now, as ids and as a sentence.
    pub fn gates_unmet(&self, release: &Release, place: &EnvironmentId, now: Timestamp) -> Vec<gate::Status> {
        let today = self.today(&place.product, now);
        self.in_scene(release, &today, |scene| gate::unmet(scene, &place.env)).unwrap_or_default()
    }

    pub fn connection(&self, place: &EnvironmentId) -> Option<&Connection> {
        self.environment(place)?.connection.as_ref()
    }
}

/// Chosen now, planned with the release, or the playbook's for its type; offered in this environment.
fn strategy<'a>(
    playbook: &'a Playbook,
    release: &Release,
    place: &EnvironmentId,
    choice: &Choice,
) -> Result<&'a Strategy, Refusal> {
    let env = playbook.environments.iter().find(|e| e.name == place.env);
    let offered =
        |strategy: &&Strategy| env.is_none_or(|env| env.strategies.is_empty() || env.strategies.contains(&strategy.id));
    let planned = release.contents.plan.get("strategy").and_then(|v| v.as_str());
    let named = choice.strategy.as_ref().map(StrategyId::as_str).or(planned);
    if let Some(named) = named {
        return playbook.strategies.iter().filter(offered).find(|s| s.id.as_str() == named).ok_or_else(|| {
            let known: Vec<&str> = playbook.strategies.iter().filter(offered).map(|s| s.id.as_str()).collect();
            Refusal::invalid("strategy", format!("“{named}”"), format!("one of {}", known.join(", ")))
        });
    }
    let kind = playbook.types.iter().find(|kind| kind.id == release.contents.kind);
    kind.and_then(|kind| playbook.strategy_for(kind))
        .filter(|strategy| offered(strategy))
        .or_else(|| playbook.strategies.iter().find(offered))
        .ok_or_else(|| Refusal::invalid("strategy", "nothing", "a strategy that the playbook offers here"))
}

fn planned_traffic(release: &Release) -> Option<playbook::Percent> {
    let plan = &release.contents.plan;
    let number = plan.get("initial_traffic")?.as_u64()?;
    u8::try_from(number).ok().map(playbook::Percent::of)
}

/// Production is watched for as long as the playbook says.
fn validation(playbook: &Playbook, place: &EnvironmentId) -> Option<Span> {
    playbook.watch.as_ref().filter(|_| place.env.is_production()).map(|watch| watch.lasting)
}

pub(crate) fn no_driver(place: &EnvironmentId) -> Refusal {
    Refusal {
        who_can_help: Some("An administrator, in the settings of the product,".to_owned()),
        ..Refusal::new(Class::Blocked, format!("Nothing is connected that could move versions in {place}."))
    }
}
