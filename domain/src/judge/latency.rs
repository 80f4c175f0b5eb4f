//! Evidence that more of the canary's requests are slower than a few well-chosen bounds than a 10 % slower stable would show.

use serde::{Deserialize, Serialize};

use super::evidence::{Boundary, Exposure, log_add, log_e};
use super::exact;
use super::histogram::Histogram;
use super::history::History;
use super::mixture::{LogEs, Mixture, Opening};
use super::tail::{Curve, Tail};
use super::window::{Arm, WindowLength};

/// Tails that are wanted, and how much each counts.
const TARGETS: [(f64, f64); 4] = [(0.30, 0.15), (0.10, 0.25), (0.05, 0.40), (0.01, 0.20)];
/// Tails that are worth watching at all.
const USEFUL: std::ops::RangeInclusive<f64> = 0.002..=0.65;
/// The tail that promotion looks at.
const PROMOTION_TARGET: f64 = 0.05;
/// Slow-down that is tolerated, and the least it is taken for; slow-down that promotion must rule out.
const TOLERATED: f64 = 1.10;
const LEAST_RATIO: f64 = 1.05;
const RULED_OUT: f64 = 1.5;
/// δ of both.
const MARGIN: f64 = 0.002;
/// How many times worse than tolerated each alternative supposes the canary to be.
const FACTORS: LogEs = [1.15, 1.35, 1.7, 2.5, 5.0, 12.0];
/// Highest and lowest alternative: a rate, and a multiple of the boundary.
const CAP: f64 = 0.97;
const FLOOR: f64 = 1.02;
/// Squared coefficient of variation that is always allowed for.
const VARIATION: f64 = 0.09;

/// One bound that is watched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Watched {
    place: usize,
    #[serde(with = "exact")]
    weight: f64,
    mixture: Mixture,
}

/// The running evidence about latency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct LatencyEvidence {
    tail: Tail,
    watched: Vec<Watched>,
    promotion_place: usize,
}

/// The two histograms of a window, both cut at the bounds that are watched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Stable's.
    pub stable: &'a Histogram,
    /// The canary's.
    pub canary: &'a Histogram,
}

impl Pair<'_> {
    /// Requests slower than the bound at a place: canary, stable.
    pub fn exposures(self, place: usize) -> (Exposure, Exposure) {
        let of = |arm: &Histogram| Exposure { requests: arm.total(), bad: arm.above(place) };
        (of(self.canary), of(self.stable))
    }
}

/// What one bound says before a window: stable's tail there, and what is tolerated or to be ruled out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expectation {
    /// S(T).
    pub tail: f64,
    /// The boundary at this bound.
    pub boundary: Boundary,
}

impl LatencyEvidence {
    /// Picks the bounds once, from stable's history; `None` when no bound is worth watching.
    pub fn new(history: &History) -> Option<Self> {
        let tail = Tail::new(history)?;
        // Never the first bound: below it nothing is known about the shape.
        let useful: Vec<(usize, f64)> =
            tail.fractions().enumerate().skip(1).filter(|(_, part)| USEFUL.contains(part)).collect();
        let promotion_place = nearest(&useful, PROMOTION_TARGET)?;
        let mut watched: Vec<Watched> = Vec::new();
        for (target, weight) in TARGETS {
            let place = nearest(&useful, target)?;
            match watched.iter_mut().find(|known| known.place == place) {
                Some(known) => known.weight += weight,
                None => watched.push(Watched { place, weight, mixture: Mixture::new() }),
            }
        }
        Some(Self { tail, watched, promotion_place })
    }

    /// The histograms of a window, when both arms have one that fits.
    pub fn pair<'a>(&self, stable: &'a Arm, canary: &'a Arm) -> Option<Pair<'a>> {
        let (stable, canary) = (stable.latency()?, canary.latency()?);
        (self.tail.fits(stable) && self.tail.fits(canary)).then_some(Pair { stable, canary })
    }

    /// Bets on a window.
    pub fn weigh(&mut self, pair: Pair<'_>, opening: Opening, length: WindowLength) {
        let curve = self.tail.curve();
        for watched in &mut self.watched {
            let Some(expected) = tolerated(&curve, watched.place) else { continue };
            let (canary, stable) = pair.exposures(watched.place);
            let log_es = alternatives(expected)
                .map(|supposed| log_e(canary, stable, supposed, expected.tail, expected.boundary));
            watched.mixture.step(opening, length, eta(canary.requests, expected.tail), &log_es);
        }
    }

    /// A window that says nothing about latency.
    pub fn pass(&mut self, opening: Opening, length: WindowLength) {
        for watched in &mut self.watched {
            watched.mixture.pass(opening, length);
        }
    }

    /// Evidence of *no* harm in this window, for promotion.
    pub fn harmless(&self, pair: Pair<'_>) -> f64 {
        let Some(expected) = self.ruled_out() else { return 0.0 };
        let (canary, stable) = pair.exposures(self.promotion_place);
        let tempered = eta(canary.requests, expected.tail);
        tempered * log_e(canary, stable, expected.tail, expected.tail, expected.boundary)
    }

    /// Takes stable's window into the baseline; only after the window was judged.
    pub fn learn(&mut self, pair: Pair<'_>, length: WindowLength) {
        self.tail.learn(pair.stable, length);
    }

    /// ln E of the latency: the weighted mean over the watched bounds.
    pub fn log_value(&self) -> f64 {
        let terms = self.watched.iter().map(|watched| watched.weight.ln() + watched.mixture.log_value());
        terms.fold(f64::NEG_INFINITY, log_add)
    }

    /// Place and bound of the watched tail with the most evidence.
    pub fn loudest(&self) -> Option<(usize, f64)> {
        let value = |watched: &Watched| watched.weight.ln() + watched.mixture.log_value();
        let loudest = self.watched.iter().max_by(|a, b| value(a).total_cmp(&value(b)))?;
        Some((loudest.place, self.tail.bound(loudest.place)?))
    }

    /// What is tolerated at a bound.
    pub fn expectation(&self, place: usize) -> Option<Expectation> {
        tolerated(&self.tail.curve(), place)
    }

    /// What promotion must rule out.
    pub fn ruled_out(&self) -> Option<Expectation> {
        let curve = self.tail.curve();
        let ratio = curve.stretch(self.promotion_place, RULED_OUT)?;
        let tail = curve.at_place(self.promotion_place)?;
        Some(Expectation { tail, boundary: Boundary { ratio, margin: MARGIN } })
    }

    /// How many bounds there are; tallies are kept per bound.
    pub fn places(&self) -> impl Iterator<Item = usize> {
        self.watched.iter().map(|watched| watched.place)
    }

    /// The bounds that are watched with their weights, for tests against the reference values.
    #[cfg(test)]
    pub fn picks(&self) -> Vec<(f64, f64)> {
        self.watched.iter().filter_map(|w| Some((self.tail.bound(w.place)?, w.weight))).collect()
    }

    /// True for any state that can come about; a stored one may have been damaged.
    pub fn is_sound(&self) -> bool {
        let known = |place: usize| self.tail.bound(place).is_some();
        let weights: f64 = self.watched.iter().map(|watched| watched.weight).sum();
        self.tail.is_sound()
            && known(self.promotion_place)
            && (weights - 1.0).abs() < 1e-9
            && self
                .watched
                .iter()
                .all(|watched| known(watched.place) && watched.weight > 0.0 && watched.mixture.is_sound())
    }
}

/// η: how much one window may say at a bound.
pub(super) fn eta(canary_requests: f64, tail: f64) -> f64 {
    1.0 / (1.0 + VARIATION * canary_requests * tail)
}

/// The canary tails that the alternatives suppose.
pub(super) fn alternatives(expected: Expectation) -> LogEs {
    let boundary = expected.boundary.at(expected.tail);
    FACTORS.map(|factor| (factor * boundary).min(CAP).max(FLOOR * boundary))
}

fn tolerated(curve: &Curve<'_>, place: usize) -> Option<Expectation> {
    let ratio = curve.stretch(place, TOLERATED)?.max(LEAST_RATIO);
    Some(Expectation { tail: curve.at_place(place)?, boundary: Boundary { ratio, margin: MARGIN } })
}

/// The place whose tail is nearest the target; of two equally near the lower bound.
fn nearest(useful: &[(usize, f64)], target: f64) -> Option<usize> {
    let distance = |part: f64| (part - target).abs();
    useful.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map(|(place, _)| *place)
}
