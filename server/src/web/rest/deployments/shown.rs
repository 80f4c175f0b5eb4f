//! A deployment as it is answered.

use super::timing::{Advice, ClockShown};
use control::{Control, Receipt, World};
use domain::{
    Timestamp,
    person::PersonId,
    playbook::{Percent, Playbook},
    release::ReleaseId,
    rollout::{self, Cause, Opinion, Purpose, Rollout, RolloutId, State, StepState},
};
use serde::Serialize;
use serde_json::Number;
use utoipa::ToSchema;

/// A deployment in two words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Brief {
    id: String,
    #[schema(value_type = String)]
    state: State,
    /// `promotion` or `rollback`.
    #[schema(value_type = String)]
    purpose: Purpose,
}

impl Brief {
    pub fn of(rollout: &Rollout, world: &World) -> Self {
        Self { id: rollout.id.to_string(), state: world.rollout_state(rollout), purpose: rollout.purpose }
    }
}

/// A version on its way into an environment, or back.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeploymentShown {
    id: String,
    product: String,
    version: String,
    /// What ran before; where the way back leads.
    previous: Option<String>,
    env: String,
    /// `promotion` or `rollback`.
    #[schema(value_type = String)]
    purpose: Purpose,
    /// None for a rollback.
    strategy: Option<String>,
    driver: String,
    /// `pending`, `running`, `paused`, `judging`, `validating`, `live`, `superseded`, `rolling_back`, `rolled_back`,
    /// `failed` or `parked`.
    #[schema(value_type = String)]
    state: State,
    step: Place,
    weight: Weight,
    /// What a judge last thought: `promote`, `hold` or `roll_back`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    verdict: Option<Opinion>,
    steps: Vec<StepShown>,
    #[serde(skip_serializing_if = "Option::is_none")]
    judgement: Option<Judgement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<ClockShown>,
    #[schema(value_type = String, format = DateTime)]
    started_at: Timestamp,
    started_by: Option<String>,
    started_by_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    reason: String,
    /// It goes back by itself when a step fails or a judge says so.
    automatic: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused: Option<Pause>,
    /// A step waits for a person to say what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    parked: Option<Parked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turned_back: Option<TurnedBack>,
    /// Nothing has moved for ten minutes although something should.
    stuck: bool,
    /// What the playbook advises then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    troubleshooting: Vec<Advice>,
}

/// The step at work or next in line; the last one when it is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct Place {
    n: usize,
    of: usize,
    name: String,
}

/// The new version's share of traffic in percent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Weight {
    #[schema(value_type = f64)]
    desired: Number,
    /// As it was last read back; null until it was.
    #[schema(value_type = Option<f64>)]
    actual: Option<Number>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StepShown {
    n: u32,
    /// Under this key the driver knows it.
    key: String,
    action: String,
    name: String,
    /// `planned`, `intended`, `running`, `done`, `failed`, `unknown` or `skipped`.
    #[schema(value_type = String)]
    state: StepState,
    /// The new version's share of traffic once it is done, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    share: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    attempts: u32,
    said: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Part of the way back.
    back: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Judgement {
    #[schema(value_type = String)]
    opinion: Opinion,
    said: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The hash of the samples that it rests on.
    rests_on: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Pause {
    why: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Parked {
    step: Option<u32>,
    why: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TurnedBack {
    /// `person`, `judge` or `step`.
    #[schema(value_type = String)]
    cause: Cause,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    by: Option<String>,
}

impl DeploymentShown {
    /// As it is in `world`.
    pub fn of(rollout: &Rollout, world: &World, control: &Control) -> Self {
        Self::with(rollout, world.rollout_state(rollout), world, control)
    }

    /// As an order left it.
    pub fn after(receipt: &Receipt, control: &Control) -> Option<Self> {
        let (rollout, state) = receipt.rollout.as_ref()?;
        Some(Self::with(rollout, *state, &control.world(), control))
    }

    /// `world` is asked for the playbook alone, which does not change.
    fn with(rollout: &Rollout, state: State, world: &World, control: &Control) -> Self {
        let now = control.now();
        let playbook = playbook_of(rollout, world);
        let stuck = rollout::is_stuck(rollout, now);
        let advice = playbook.filter(|_| stuck).map(|playbook| &playbook.troubleshooting);
        let id = |person: PersonId| person.to_string();
        Self {
            id: rollout.id.to_string(),
            product: rollout.place.product.to_string(),
            version: rollout.version.to_string(),
            previous: rollout.from.as_ref().map(ToString::to_string),
            env: rollout.place.env.to_string(),
            purpose: rollout.purpose,
            strategy: rollout.strategy.as_ref().map(ToString::to_string),
            driver: rollout.driver.clone(),
            state,
            step: Place::of(rollout),
            weight: Weight { desired: percent(rollout.desired()), actual: rollout.actual.map(percent) },
            verdict: rollout.judged.as_ref().map(|judged| judged.opinion),
            steps: (1..).zip(&rollout.steps).map(|(n, step)| StepShown::of(rollout.id, n, step)).collect(),
            judgement: rollout.judged.as_ref().map(|judged| Judgement {
                opinion: judged.opinion,
                said: judged.said.clone(),
                at: judged.at,
                rests_on: judged.rests_on.clone(),
            }),
            clock: ClockShown::of(rollout, playbook, now),
            started_at: rollout.started_at,
            started_by: rollout.started_by.map(id),
            started_by_name: rollout.started_by.map(|person| control.name(person)),
            ended_at: rollout.ended.map(|(_, at)| at),
            reason: rollout.reason.clone(),
            automatic: rollout.automatic,
            paused: rollout.paused.as_ref().map(|stop| Pause {
                why: stop.why.clone(),
                at: stop.at,
                by: stop.by.map(id),
            }),
            parked: rollout.parked.as_ref().map(|stop| Parked {
                step: rollout.current().map(|(n, _)| n),
                why: stop.why.clone(),
                at: stop.at,
            }),
            turned_back: rollout.turned.as_ref().map(|turn| TurnedBack {
                cause: turn.cause,
                reason: turn.reason.clone(),
                at: turn.at,
                by: turn.by.map(id),
            }),
            stuck,
            troubleshooting: advice.into_iter().flatten().map(Advice::from).collect(),
        }
    }
}

impl Place {
    fn of(rollout: &Rollout) -> Self {
        let of = rollout.steps.len();
        let (n, step) = match rollout.current() {
            Some((n, step)) => (usize::try_from(n).unwrap_or(of), Some(step)),
            None => (of, rollout.steps.last()),
        };
        Self { n, of, name: step.map(|step| step.planned.name.clone()).unwrap_or_default() }
    }
}

impl StepShown {
    fn of(id: RolloutId, n: u32, step: &rollout::Step) -> Self {
        let action = step.planned.action;
        Self {
            n,
            key: control::rollout::key(id, n, step).to_string(),
            action: action.kind().to_string(),
            name: step.planned.name.clone(),
            state: step.state,
            share: action.share().map(percent),
            started_at: step.started_at,
            finished_at: step.finished_at,
            attempts: step.attempts,
            said: step.said.clone(),
            url: step.url.clone(),
            back: step.back,
        }
    }
}

/// The revision that it was started with; a rollback follows what the product follows now.
fn playbook_of<'a>(rollout: &Rollout, world: &'a World) -> Option<&'a Playbook> {
    let id = ReleaseId { product: rollout.place.product.clone(), version: rollout.version.clone() };
    let own = || world.playbook_at(&world.release(&id)?.contents.playbook, rollout.revision?);
    own().or_else(|| world.playbook_of(world.product(&rollout.place.product)?))
}

/// As people write it: 5, not 5.0.
pub fn percent(share: Percent) -> Number {
    let thousandths = share.amount().thousandths();
    let broken = || Number::from_f64(f64::from(thousandths) / 1_000.0);
    let whole = || Number::from(thousandths / 1_000);
    if thousandths.is_multiple_of(1_000) { whole() } else { broken().unwrap_or_else(whole) }
}
