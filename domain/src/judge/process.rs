//! The judge of one rollout: its state, and what one window does to it.

use serde::{Deserialize, Deserializer, Serialize};

use super::errors::ErrorEvidence;
use super::history::History;
use super::latency::LatencyEvidence;
use super::mixture::Opening;
use super::phase::Phase;
use super::promotion::Promotion;
use super::settings::Settings;
use super::share::Share;
use super::tally::Tally;
use super::throughput::ThroughputEvidence;
use super::verdict::{Metric, Standing, Verdict};
use super::window::{Arm, Reading, Window, WindowLength};

/// The judge of one rollout. Small, and stored whole: what is read back goes on exactly where it stopped.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Judge(pub(super) State);

/// Everything the judge remembers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub settings: Settings,
    pub phase: Phase,
    pub elapsed_seconds: u64,
    pub silent_seconds: u64,
    pub errors: ErrorEvidence,
    pub latency: Option<LatencyEvidence>,
    pub throughput: ThroughputEvidence,
    pub promotion: Promotion,
    pub tally: Tally,
}

/// What a window has to say.
#[derive(Debug, Clone, Copy)]
enum Heard<'a> {
    Both { stable: &'a Arm, canary: &'a Arm },
    Alone { canary: &'a Arm },
    Nothing,
}

/// What does not count yet.
#[derive(Debug, Clone, Copy)]
struct Early {
    /// Latency, because the version warms up.
    warming: bool,
    /// Throughput, because traffic is not split as it will be.
    unsplit: bool,
}

impl Judge {
    /// Begins a rollout whose first phase gives the canary this share.
    pub fn new(settings: Settings, history: &History, share: Share) -> Self {
        let latency = LatencyEvidence::new(history);
        let tally = Tally::new(latency.iter().flat_map(LatencyEvidence::places));
        Self(State {
            settings,
            phase: Phase::new(share, Opening::Rollout),
            elapsed_seconds: 0,
            silent_seconds: 0,
            errors: ErrorEvidence::new(history),
            latency,
            throughput: ThroughputEvidence::new(),
            promotion: Promotion::default(),
            tally,
        })
    }

    /// Begins the next phase: promotion evidence starts again, evidence of harm goes on.
    pub fn start_phase(&mut self, share: Share) {
        let opening = match self.0.phase.opening {
            Opening::Rollout => Opening::Rollout,
            Opening::Phase | Opening::Nothing => Opening::Phase,
        };
        self.0.phase = Phase::new(share, opening);
        self.0.promotion = Promotion::default();
    }

    /// The share that the canary has in this phase.
    pub fn share(&self) -> Share {
        self.0.phase.share
    }

    /// False when stable's history held no latencies worth watching; then only errors and throughput are judged,
    /// and promotion is refused unless the playbook mutes latency.
    pub fn judges_latency(&self) -> bool {
        self.0.latency.is_some()
    }

    /// Weighs one window and says where the rollout stands. A window without an answer must be passed in too.
    pub fn observe(&mut self, window: &Window) -> Verdict {
        self.weigh(window, false)
    }

    /// Weighs a window in which the share changed: how many requests came on either side says nothing then.
    pub fn observe_moving(&mut self, window: &Window) -> Verdict {
        self.weigh(window, true)
    }

    fn weigh(&mut self, window: &Window, moving: bool) -> Verdict {
        let state = &mut self.0;
        let (length, opening) = (window.length, state.phase.open());
        let seconds = u64::from(length.seconds());
        let warming = state.elapsed_seconds < u64::from(state.settings.warm_up_seconds);
        state.elapsed_seconds = state.elapsed_seconds.saturating_add(seconds);
        let heard = hear(window, state.phase.share);
        match heard {
            Heard::Both { stable, canary } => {
                if !moving {
                    state.phase.count(length, stable.requests(), canary.requests());
                }
                let unsplit = moving || warming;
                state.weigh(stable, canary, opening, length, Early { warming, unsplit });
            }
            Heard::Alone { canary } => state.weigh_alone(canary, opening, length),
            Heard::Nothing => state.pass(opening, length),
        }
        let measured = !matches!(heard, Heard::Nothing);
        state.silent_seconds = if measured { 0 } else { state.silent_seconds.saturating_add(seconds) };
        state.verdict(measured)
    }

    /// ln E, all metrics combined, as of the last window.
    pub fn log_e(&self) -> f64 {
        self.0.standing(true).log_e()
    }
}

/// A query that failed, or a series that is missing, on either arm takes both out; so does silence on both.
fn hear(window: &Window, share: Share) -> Heard<'_> {
    match (&window.stable, &window.canary) {
        (_, Reading::Counts(canary)) if share.is_all() && canary.requests() > 0.0 => Heard::Alone { canary },
        (Reading::Counts(stable), Reading::Counts(canary))
            if !share.is_all() && stable.requests() + canary.requests() > 0.0 =>
        {
            Heard::Both { stable, canary }
        }
        _ => Heard::Nothing,
    }
}

impl State {
    fn weigh(&mut self, stable: &Arm, canary: &Arm, opening: Opening, length: WindowLength, early: Early) {
        self.tally.failures.add(canary.failures(), stable.failures());
        self.promotion.errors += self.errors.harmless(stable, canary);
        self.errors.weigh(stable, canary, opening, length);
        self.errors.learn(stable, length);
        if early.unsplit {
            self.throughput.pass(opening, length);
        } else {
            self.throughput.weigh(stable, canary, self.phase.share, opening, length);
        }
        let Some(latency) = &mut self.latency else { return };
        let Some(pair) = latency.pair(stable, canary) else {
            return latency.pass(opening, length);
        };
        if early.warming {
            latency.pass(opening, length);
        } else {
            for slow in &mut self.tally.slow {
                let (canary, stable) = pair.exposures(slow.place);
                slow.arms.add(canary, stable);
            }
            self.promotion.latency += latency.harmless(pair);
            latency.weigh(pair, opening, length);
        }
        latency.learn(pair, length);
    }

    fn weigh_alone(&mut self, canary: &Arm, opening: Opening, length: WindowLength) {
        self.phase.count(length, 0.0, canary.requests());
        self.tally.add_alone(canary);
        self.errors.weigh_alone(canary, opening, length);
        self.pass_all_but_errors(opening, length);
    }

    fn pass(&mut self, opening: Opening, length: WindowLength) {
        self.errors.pass(opening, length);
        self.pass_all_but_errors(opening, length);
    }

    fn pass_all_but_errors(&mut self, opening: Opening, length: WindowLength) {
        self.throughput.pass(opening, length);
        if let Some(latency) = &mut self.latency {
            latency.pass(opening, length);
        }
    }

    /// What is known now; without latencies their evidence is 1.
    pub fn standing(&self, measured: bool) -> Standing<'_> {
        let latency = self.latency.as_ref().map_or(0.0, LatencyEvidence::log_value);
        Standing {
            settings: &self.settings,
            logs: [self.errors.log_value(), latency, self.throughput.log_value()],
            promotion: self.promotion,
            canary_errors: self.tally.failures.canary.bad,
            measured,
            control: !self.phase.share.is_all(),
        }
    }

    fn verdict(&self, measured: bool) -> Verdict {
        let standing = self.standing(measured);
        let [errors, latency, throughput] = standing.logs;
        Verdict {
            decision: standing.decision(),
            log_e: standing.log_e(),
            errors,
            latency,
            throughput,
            leading: standing.leading(),
            promotion_errors: self.promotion.errors,
            promotion_latency: self.promotion.latency,
            elapsed_seconds: self.elapsed_seconds,
            silent_seconds: self.silent_seconds,
            split_off: self.split_off(&standing),
        }
    }

    /// True when traffic is not split as configured: plainly so in this phase, or because throughput is what is suspected.
    pub fn split_off(&self, standing: &Standing<'_>) -> bool {
        let suspected = standing.leading() == Metric::Throughput && standing.is_suspected();
        suspected || self.phase.split_off()
    }

    fn is_sound(&self) -> bool {
        self.phase.is_sound()
            && self.errors.is_sound()
            && self.latency.as_ref().is_none_or(LatencyEvidence::is_sound)
            && self.throughput.is_sound()
            && self.promotion.is_sound()
            && self.tally.is_sound()
    }
}

impl<'de> Deserialize<'de> for Judge {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let state = State::deserialize(from)?;
        if state.is_sound() {
            return Ok(Self(state));
        }
        Err(serde::de::Error::custom("the stored judge holds values that no rollout can lead to"))
    }
}
