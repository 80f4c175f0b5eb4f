//! What people ask of rollouts, as orders; pages, REST and the command line all make the same.

use crate::{Command, Control, dispatch::StartRollout, world::Choice};
use domain::{
    Refusal,
    digest::Digest,
    environment::EnvironmentId,
    release::{ReleaseId, Version},
    rollout::{self, PlannedStep, RolloutId, Verb},
};

impl Control {
    /// `version` shall go into `place`. Also says which id the rollout will have.
    pub fn promotion(
        &self,
        place: EnvironmentId,
        version: Version,
        choice: Choice,
        digest: Option<Digest>,
        reason: String,
    ) -> (RolloutId, Command) {
        let id = RolloutId(self.secrets().fresh_id());
        let speed = self.machines().speed;
        (id, Command::StartRollout(Box::new(StartRollout { place, id, version, choice, digest, reason, speed })))
    }

    /// Back to `to`, or to what ran before. Which rollout does it is said by [`Control::leading_back`] afterwards.
    pub fn way_back(&self, place: EnvironmentId, to: Option<Version>, reason: String) -> Command {
        let driver = self.world().connection(&place).map(|c| c.driver.clone()).unwrap_or_default();
        let id = RolloutId(self.secrets().fresh_id());
        Command::Rollout(place, rollout::Command::RollBack { id, to, driver, reason })
    }

    pub fn steer(&self, id: RolloutId, verb: Verb, reason: String) -> Result<Command, Refusal> {
        let place = self.place_of(id)?;
        Ok(Command::Rollout(place, rollout::Command::Steer { id, verb, reason }))
    }

    pub fn resolve(&self, id: RolloutId, step: u32, happened: bool, reason: String) -> Result<Command, Refusal> {
        let place = self.place_of(id)?;
        Ok(Command::Rollout(place, rollout::Command::Resolve { id, step, happened, reason }))
    }

    /// The rollout by which `place` goes back, once that was asked for.
    pub fn leading_back(&self, place: &EnvironmentId) -> Option<RolloutId> {
        self.world().leading_back(place)
    }

    /// What would happen.
    pub fn preview(
        &self,
        place: &EnvironmentId,
        version: &Version,
        choice: &Choice,
    ) -> Result<Vec<PlannedStep>, Refusal> {
        let world = self.world();
        let id = ReleaseId { product: place.product.clone(), version: version.clone() };
        let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release {id}")))?;
        world.prospect(release, place, choice, self.machines().speed).map(|prospect| prospect.steps)
    }

    fn place_of(&self, id: RolloutId) -> Result<EnvironmentId, Refusal> {
        let world = self.world();
        world
            .rollout(id)
            .map(|rollout| rollout.place.clone())
            .ok_or_else(|| Refusal::not_found("deployment of this id"))
    }
}
