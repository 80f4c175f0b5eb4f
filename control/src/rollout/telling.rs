//! What the other side tells without having been asked.

use super::{
    engine,
    step::{key, report_of_answer},
};
use crate::{Control, driver::Told};
use domain::{Refusal, environment::EnvironmentId};

impl Control {
    /// Believed only when the environment's driver knows who tells it. The same news twice is told once; what comes too late
    /// changes nothing.
    pub async fn told(&self, place: &EnvironmentId, told: &Told<'_>) -> Result<(), Refusal> {
        let news = self.driver(place).await?.told(told)?;
        let world = self.world();
        let unknown = || Refusal::not_found(format!("task with the key {} under way in {place}", news.key));
        let rollout = world.environment(place).and_then(|here| world.rollout(here.lock?)).ok_or_else(unknown)?;
        let mut steps = (1..).zip(&rollout.steps);
        let (number, step) =
            steps.find(|(number, step)| key(rollout.id, *number, step) == news.key).ok_or_else(unknown)?;
        if let Some(report) = report_of_answer(number, step, news.state.clone()) {
            engine::record(self, place.clone(), rollout.id, report).await;
        }
        Ok(())
    }
}
