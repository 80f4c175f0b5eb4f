//! What will happen: the steps of a rollout, worked out before it starts.

use super::{Abilities, Action, ActionKind};
use crate::{
    Refusal,
    playbook::{Inconclusive, Judging, Percent, Span, Strategy, StrategyKind},
};
use serde::{Deserialize, Serialize};

/// One step as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    #[serde(flatten)]
    pub action: Action,
    pub name: String,
    /// In seconds; a step at work for longer is stuck. Nothing for watching.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// What follows when a watch cannot be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience: Option<Patience>,
}

/// For how many seconds a watch is extended, and what follows then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patience {
    pub seconds: u32,
    pub then: Inconclusive,
}

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub strategy: &'a Strategy,
    /// The first share of a canary, when somebody chose one.
    pub initial_traffic: Option<Percent>,
    /// Something runs there now. Without, there is nothing to compare with and nothing to go back to.
    pub beside: bool,
    pub abilities: &'a Abilities,
    /// How many instances there are, for rolling.
    pub instances: u32,
    /// How long everything is watched once all traffic has moved.
    pub validation: Option<Span>,
    pub judging: &'a Judging,
    /// Lengths of time are divided by it; 1 but in a demonstration.
    pub speed: u32,
}

/// The way in.
pub fn plan(wish: &Wish<'_>) -> Result<Vec<PlannedStep>, Refusal> {
    let kind = wish.strategy.kind;
    possible(wish)?;
    let mut steps = Steps { abilities: wish.abilities, patience: patience(wish), all: Vec::new() };
    let bakes = bakes(wish);
    if kind == StrategyKind::Rolling && wish.beside && wish.abilities.can(ActionKind::Replace) {
        replace(&mut steps, wish);
    } else if wish.beside && wish.abilities.deploys_in_place() {
        steps.add(Action::Deploy, "Replace what runs by the new version; traffic moves with it");
        steps.add(Action::Verify, "Check the new version");
    } else {
        let name = if wish.beside { "Start the new version beside what runs" } else { "Start the new version" };
        steps.add(Action::Deploy, name);
        // Where nothing runs yet, nothing answers before it has traffic.
        if wish.beside {
            steps.add(Action::Verify, "Check the new version before it has traffic");
        }
        if kind == StrategyKind::Canary && wish.beside {
            shares(&mut steps, wish)?;
        }
        if let Some(validation) = wish.validation.filter(|_| bakes) {
            let share = Percent::of(BAKED);
            steps.add(Action::Weight { share }, format!("Send {share} of the traffic to the new version"));
            let name = format!("Watch the new version for {validation} beside the old one");
            steps.watch(Some(seconds(validation, wish.speed)), name);
        }
    }
    if wish.abilities.can(ActionKind::Promote) {
        let name = match kind {
            _ if wish.abilities.deploys_in_place() => "Make sure that all instances run the new version",
            StrategyKind::BlueGreen => "Switch all traffic; keep the old version for the way back",
            _ => "Give all traffic to the new version",
        };
        steps.add(Action::Promote, name);
    } else if wish.abilities.can(ActionKind::Weight) {
        steps.add(Action::Weight { share: Percent::whole() }, "Give all traffic to the new version");
    }
    if !wish.beside {
        steps.add(Action::Verify, "Check the new version");
    }
    if let Some(validation) = wish.validation.filter(|_| !bakes) {
        steps.watch(Some(seconds(validation, wish.speed)), format!("Watch the new version for {validation}"));
    }
    if wish.beside {
        steps.add(Action::Retire, "End the old version");
    }
    Ok(steps.all)
}

/// The way back, from wherever it is taken.
pub fn way_back() -> Vec<PlannedStep> {
    let step = |action: Action, name: &str| PlannedStep {
        action,
        name: name.to_owned(),
        limit: limit(action),
        patience: None,
    };
    vec![
        step(Action::RollBack, "Give all traffic back and end the other version"),
        step(Action::Verify, "Check what runs now"),
    ]
}

/// Nothing is started that could not be taken back or that the driver cannot do.
fn possible(wish: &Wish<'_>) -> Result<(), Refusal> {
    let can = |kind| wish.abilities.can(kind);
    if wish.beside && !can(ActionKind::RollBack) {
        return Err(Refusal::invalid(
            "env",
            "an environment whose driver cannot roll back",
            "one whose driver can; its settings say how",
        ));
    }
    if !can(ActionKind::Deploy) && !can(ActionKind::Promote) && !can(ActionKind::Replace) {
        return Err(Refusal::invalid(
            "env",
            "an environment whose driver can neither deploy nor promote",
            "one whose driver can; its settings say how",
        ));
    }
    let lacking = match wish.strategy.kind {
        StrategyKind::Canary if wish.beside && !can(ActionKind::Weight) => Some("set a share of traffic"),
        StrategyKind::BlueGreen if wish.beside && (!can(ActionKind::Promote) || wish.abilities.in_place) => {
            Some("switch traffic at once")
        }
        _ => None,
    };
    match lacking {
        None => Ok(()),
        Some(what) => Err(Refusal::invalid(
            "strategy",
            format!("“{}”", wish.strategy.id),
            format!("a strategy that this environment's driver can carry out; it cannot {what}"),
        )),
    }
}

struct Steps<'a> {
    abilities: &'a Abilities,
    patience: Option<Patience>,
    all: Vec<PlannedStep>,
}

impl Steps<'_> {
    /// Left out where the driver has no such step of its own.
    fn add(&mut self, action: Action, name: impl Into<String>) {
        if self.abilities.can(action.kind()) {
            self.all.push(PlannedStep { action, name: name.into(), limit: limit(action), patience: None });
        }
    }

    fn watch(&mut self, seconds: Option<u32>, name: String) {
        let patience = self.patience;
        self.all.push(PlannedStep { action: Action::Watch { seconds }, name, limit: None, patience });
    }
}

/// Of a hundred requests, so many go to a version that bakes.
const BAKED: u8 = 95;

/// At the end the old version keeps a part of the traffic, so that there is something to compare with.
fn bakes(wish: &Wish<'_>) -> bool {
    let can = |kind| wish.abilities.can(kind);
    let canary = wish.strategy.kind == StrategyKind::Canary && wish.beside;
    wish.judging.bake && canary && can(ActionKind::Weight) && can(ActionKind::Promote)
}

fn patience(wish: &Wish<'_>) -> Option<Patience> {
    let longest = wish.judging.longest_pause?;
    Some(Patience { seconds: seconds(longest, wish.speed), then: wish.judging.when_inconclusive })
}

/// A few instances at a time.
fn replace(steps: &mut Steps<'_>, wish: &Wish<'_>) {
    let all = wish.instances.max(1);
    let batch = u32::from(wish.strategy.batch.unwrap_or(1)).clamp(1, all);
    let mut done = 0;
    while done < all {
        done = (done + batch).min(all);
        let share = u8::try_from(done * 100 / all).map_or_else(|_| Percent::whole(), Percent::of);
        let name = format!("Replace instances: {done} of {all} run the new version");
        steps.add(Action::Replace { share }, name);
    }
    steps.add(Action::Verify, "Check the new version");
}

/// A growing share of traffic, each watched before the next.
fn shares(steps: &mut Steps<'_>, wish: &Wish<'_>) -> Result<(), Refusal> {
    let phases = &wish.strategy.phases;
    let first = match wish.initial_traffic {
        Some(share) => Some(initial(wish.strategy, share)?),
        None => None,
    };
    let hold_of_first = phases.first().and_then(|phase| phase.hold);
    let chosen = first.map(|share| (share, hold_of_first));
    let rest = phases.iter().filter(|phase| first.is_none_or(|share| phase.weight > share));
    for (share, hold) in chosen.into_iter().chain(rest.map(|phase| (phase.weight, phase.hold))) {
        if share == Percent::whole() {
            continue;
        }
        steps.add(Action::Weight { share }, format!("Send {share} of the traffic to the new version"));
        let name = match hold {
            Some(hold) => format!("Watch at {share} for {hold}"),
            None => format!("Watch at {share} until it is judged"),
        };
        steps.watch(hold.map(|hold| seconds(hold, wish.speed)), name);
    }
    Ok(())
}

fn initial(strategy: &Strategy, share: Percent) -> Result<Percent, Refusal> {
    let (from, to) = match &strategy.start {
        Some(range) => (range.from, range.to),
        None => (Percent::of(1), Percent::of(50)),
    };
    if share < from || share > to {
        return Err(Refusal::invalid("initial_traffic", share.to_string(), format!("{from} to {to}")));
    }
    Ok(share)
}

fn seconds(span: Span, speed: u32) -> u32 {
    (span.seconds() / speed.max(1)).max(1)
}

/// How long a step may be at work.
fn limit(action: Action) -> Option<u32> {
    match action.kind() {
        ActionKind::Weight | ActionKind::Promote => Some(120),
        ActionKind::Verify | ActionKind::Retire => Some(300),
        ActionKind::Deploy | ActionKind::Replace | ActionKind::RollBack => Some(900),
        ActionKind::Watch => None,
    }
}
