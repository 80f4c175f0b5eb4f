//! A Rollout as its controller describes it, and what is still to be done for a task.

use domain::{playbook::Percent, rollout::Action};
use kube::api::DynamicObject;
use serde::Deserialize;
use serde_json::{Value, json};

/// What the driver reads of a Rollout.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Rollout {
    #[serde(skip)]
    generation: i64,
    spec: Spec,
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    paused: bool,
    strategy: Strategy,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Strategy {
    canary: Option<Canary>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Canary {
    steps: Vec<Step>,
}

/// A step sets a weight, or stops, or does something else that is not to be left out.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Step {
    set_weight: Option<u8>,
    pause: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    phase: String,
    message: String,
    observed_generation: String,
    current_pod_hash: String,
    #[serde(rename = "stableRS")]
    stable_rs: String,
    current_step_index: Option<usize>,
    pause_conditions: Vec<Value>,
    controller_pause: bool,
    abort: bool,
    promote_full: bool,
    canary: CanaryStatus,
    blue_green: BlueGreen,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CanaryStatus {
    weights: Option<Weights>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Weights {
    canary: Weight,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Weight {
    weight: u8,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BlueGreen {
    active_selector: String,
}

/// What is to be done next so that a task comes to its end.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Next {
    /// The new version's share of traffic.
    Done(Percent),
    Wait(String),
    /// The status to write, so that the controller goes on.
    Push(Value),
    Never(String),
}

enum Stand {
    Moving(String),
    Paused,
    Healthy,
    Degraded(String),
}

impl Rollout {
    pub(super) fn of(object: &DynamicObject) -> Self {
        let read = serde_json::from_value(object.data.clone()).unwrap_or_default();
        Self { generation: object.metadata.generation.unwrap_or_default(), ..read }
    }

    /// The template is the stable one: no update is under way.
    pub(super) fn whole(&self) -> bool {
        !self.status.stable_rs.is_empty() && self.status.stable_rs == self.status.current_pod_hash
    }

    /// An update is under way and has not been broken off.
    pub(super) fn can_abort(&self) -> bool {
        self.seen() && !self.whole() && !self.status.stable_rs.is_empty() && !self.status.abort
    }

    /// The weight of the template's version: read back where a router keeps it, else that of the steps gone through.
    pub(super) fn weight(&self) -> u8 {
        if self.whole() {
            100
        } else if self.status.abort {
            0
        } else if let Some(weights) = &self.status.canary.weights {
            weights.canary.weight
        } else {
            self.set_weight()
        }
    }

    /// The share of the instances with this template hash.
    pub(super) fn share_of(&self, hash: &str) -> Percent {
        let active = &self.status.blue_green.active_selector;
        if !active.is_empty() {
            return if hash == active { Percent::whole() } else { Percent::nothing() };
        }
        if hash == self.status.current_pod_hash {
            Percent::of(self.weight())
        } else if hash == self.status.stable_rs {
            Percent::of(100 - self.weight().min(100))
        } else {
            Percent::nothing()
        }
    }

    /// The weight at which a new version first stops; none when it does not stop at all.
    pub(super) fn first_stop(&self) -> Option<u8> {
        let steps = self.steps();
        let stop = steps.iter().position(|step| step.pause.is_some())?;
        Some(steps[..stop].iter().rev().find_map(|step| step.set_weight).unwrap_or_default())
    }

    /// The task's image is in the template and its mark on the object: what is left to do?
    pub(super) fn next(&self, action: Action) -> Next {
        let stand = match self.stand() {
            Stand::Degraded(why) => return Next::Never(format!("The Rollout is degraded: {why}")),
            stand => stand,
        };
        match action {
            Action::Deploy => match stand {
                Stand::Moving(said) => Next::Wait(said),
                _ => Next::Done(Percent::of(self.weight())),
            },
            Action::Weight { share } => self.next_weight(share, stand),
            Action::Promote => self.to_full(stand, Percent::whole()),
            _ => self.to_full(stand, Percent::nothing()),
        }
    }

    fn to_full(&self, stand: Stand, share: Percent) -> Next {
        match stand {
            Stand::Healthy if self.whole() => Next::Done(share),
            Stand::Moving(said) if !self.seen() || self.whole() || self.status.promote_full => Next::Wait(said),
            _ if self.whole() || self.status.promote_full => Next::Wait("The Rollout goes to full.".to_owned()),
            _ => Next::Push(json!({ "promoteFull": true })),
        }
    }

    fn next_weight(&self, share: Percent, stand: Stand) -> Next {
        let now = Percent::of(self.weight());
        match stand {
            Stand::Moving(said) => Next::Wait(said),
            _ if now == share => Next::Done(share),
            _ if now > share => Next::Never(format!(
                "The version has {now} already, and a Rollout goes forward only: {share} cannot be set."
            )),
            _ if self.spec.paused => {
                Next::Never("The Rollout was paused by hand. Whoever paused it resumes it.".to_owned())
            }
            _ => self.step_towards(share),
        }
    }

    /// Resuming goes on to the next stop by itself. A stop in between is passed over, but nothing that looks or does is.
    fn step_towards(&self, share: Percent) -> Next {
        let steps = self.steps();
        let here = self.status.current_step_index.unwrap_or_default();
        let ahead = steps.iter().enumerate().skip(here + 1);
        let Some((target, _)) = ahead.clone().find(|(_, step)| step.set_weight.map(Percent::of) == Some(share)) else {
            let weights: Vec<String> =
                ahead.filter_map(|(_, step)| step.set_weight).map(|weight| format!("{weight} %")).collect();
            return Next::Never(format!(
                "No step ahead sets {share}; ahead are: {}. The phases of the playbook and the steps of the Rollout must be the same.",
                if weights.is_empty() { "none".to_owned() } else { weights.join(", ") }
            ));
        };
        let between = &steps[here + 1..target];
        if between.iter().all(|step| step.pause.is_none()) {
            return Next::Push(json!({ "pauseConditions": null }));
        }
        if between.iter().all(|step| step.pause.is_some() || step.set_weight.is_some()) {
            return Next::Push(json!({ "pauseConditions": null, "currentStepIndex": target }));
        }
        Next::Never(format!(
            "On the way to {share} stand stops and other steps, such as an analysis, which would be left out."
        ))
    }

    fn stand(&self) -> Stand {
        let status = &self.status;
        if !self.seen() {
            return Stand::Moving("The controller has not looked at the change yet.".to_owned());
        }
        // Pause conditions are cleared by who resumes; the controller's own word follows.
        if status.controller_pause && status.pause_conditions.is_empty() {
            return Stand::Moving("The Rollout resumes.".to_owned());
        }
        match status.phase.as_str() {
            "Healthy" => Stand::Healthy,
            "Paused" => Stand::Paused,
            "Degraded" => Stand::Degraded(status.message.clone()),
            _ if status.message.is_empty() => Stand::Moving("The Rollout is at work.".to_owned()),
            _ => Stand::Moving(format!("The Rollout is at work: {}", status.message)),
        }
    }

    /// The controller has seen the last change of the spec.
    fn seen(&self) -> bool {
        self.status.observed_generation.parse::<i64>().is_ok_and(|seen| seen >= self.generation)
    }

    fn set_weight(&self) -> u8 {
        let steps = self.steps();
        match self.status.current_step_index {
            Some(here) if here < steps.len() => {
                steps[..=here].iter().rev().find_map(|step| step.set_weight).unwrap_or_default()
            }
            _ => 100,
        }
    }

    fn steps(&self) -> &[Step] {
        self.spec.strategy.canary.as_ref().map(|canary| canary.steps.as_slice()).unwrap_or_default()
    }
}
