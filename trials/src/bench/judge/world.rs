//! Made-up traffic: what two arms do minute by minute, well or with a fault.

use anyhow::Context as _;
use domain::judge::{Arm, Bounds, Histogram};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rand_distr::{Binomial, Distribution as _, Gamma, Poisson};

/// Upper bounds of the buckets, in milliseconds.
pub const BOUNDS: [f64; 15] =
    [5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 400.0, 500.0, 750.0, 1_000.0, 2_500.0, 10_000.0];
/// Failed requests of a healthy arm.
const ERRORS: f64 = 0.001;
/// Latencies are lognormal around this median, in milliseconds.
const MEDIAN: f64 = 80.0;
const SPREAD: f64 = 0.6;
/// How uneven bursty errors are: the rate of a minute is gamma distributed with this shape.
const BURSTS: f64 = 2.0;
/// Both arms fail alike in these minutes.
const INCIDENT: std::ops::Range<i32> = 100..120;

/// What is the matter, or is not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Story {
    Well,
    Bursts,
    SharedIncident,
    /// Errors grow fivefold on both arms, traffic falls to a third and comes back.
    Night,
    /// So much of the canary's requests fail beside the usual ones.
    Errors(f64),
    /// The canary takes so many times as long.
    Slower(f64),
    /// So much of the canary's traffic does not arrive.
    Lost(f64),
}

impl Story {
    pub const ALL: [Self; 12] = [
        Self::Well,
        Self::Bursts,
        Self::SharedIncident,
        Self::Night,
        Self::Errors(0.000_5),
        Self::Slower(1.05),
        Self::Errors(0.005),
        Self::Errors(0.02),
        Self::Errors(0.05),
        Self::Slower(1.5),
        Self::Slower(3.0),
        Self::Lost(0.6),
    ];

    /// A judge that rolls this back does harm itself.
    pub fn is_harmless(self) -> bool {
        match self {
            Self::Well | Self::Bursts | Self::SharedIncident | Self::Night => true,
            Self::Errors(more) => more < 0.001,
            Self::Slower(times) => times < 1.1,
            Self::Lost(_) => false,
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::Well => "nothing is the matter".to_owned(),
            Self::Bursts => "bursty errors on both arms".to_owned(),
            Self::SharedIncident => "an incident on both arms, 5 % for 20 min".to_owned(),
            Self::Night => "night: a third of the traffic, errors fivefold".to_owned(),
            Self::Errors(more) => format!("+{} pp errors", more * 100.0),
            Self::Slower(times) => format!("latency × {times}"),
            Self::Lost(part) => format!("{} % of the throughput lost", part * 100.0),
        }
    }

    fn errors(self, minute: i32, canary: bool) -> f64 {
        match self {
            Self::SharedIncident if INCIDENT.contains(&minute) => 0.05,
            Self::Night => ERRORS * (1.0 + 4.0 * night(minute)),
            Self::Errors(more) if canary => ERRORS + more,
            _ => ERRORS,
        }
    }
}

/// 0 by day, 1 in the middle of the night.
fn night(minute: i32) -> f64 {
    (f64::from(minute.max(0)) / 240.0 * std::f64::consts::PI).sin()
}

/// What both arms did in a minute.
#[derive(Debug, Clone)]
pub struct Minute {
    pub stable: Arm,
    pub canary: Arm,
}

pub struct World {
    story: Story,
    per_minute: f64,
    bounds: Bounds,
    /// The chance of each bucket given that it was none before, for the stable arm and for the canary.
    buckets: [Vec<f64>; 2],
    dice: StdRng,
}

impl World {
    pub fn new(story: Story, per_minute: f64, seed: u64) -> anyhow::Result<Self> {
        let bounds = Bounds::new(BOUNDS.to_vec()).map_err(|why| anyhow::anyhow!("{why}"))?;
        let slower = if let Story::Slower(times) = story { times } else { 1.0 };
        let buckets = [chances(1.0), chances(slower)];
        Ok(Self { story, per_minute, bounds, buckets, dice: StdRng::seed_from_u64(seed) })
    }

    /// The next minute; before 0 the canary is not there.
    pub fn minute(&mut self, minute: i32, share: f64) -> anyhow::Result<Minute> {
        let rate = match self.story {
            Story::Night => self.per_minute * (1.0 - 2.0 / 3.0 * night(minute)),
            _ => self.per_minute,
        };
        let all = whole(Poisson::new(rate)?.sample(&mut self.dice));
        let mut canary = self.of(all, share)?;
        let stable = all - canary;
        if let Story::Lost(part) = self.story {
            canary = self.of(canary, 1.0 - part)?;
        }
        Ok(Minute { stable: self.arm(stable, minute, false)?, canary: self.arm(canary, minute, true)? })
    }

    fn arm(&mut self, requests: u64, minute: i32, canary: bool) -> anyhow::Result<Arm> {
        let mut rate = self.story.errors(minute, canary);
        if self.story == Story::Bursts {
            rate = (rate * Gamma::new(BURSTS, 1.0 / BURSTS)?.sample(&mut self.dice)).min(1.0);
        }
        let errors = self.of(requests, rate)?;
        let mut left = requests;
        let mut counts = Vec::with_capacity(BOUNDS.len() + 1);
        for place in 0..BOUNDS.len() {
            let chance = self.buckets[usize::from(canary)][place];
            let here = self.of(left, chance)?;
            counts.push(number(here));
            left -= here;
        }
        counts.push(number(left));
        let latency = Histogram::from_buckets(self.bounds.clone(), counts).ok();
        Arm::new(number(requests), number(errors), latency).ok().context("an arm that cannot be")
    }

    fn of(&mut self, all: u64, chance: f64) -> anyhow::Result<u64> {
        if all == 0 || chance <= 0.0 {
            return Ok(0);
        }
        if chance >= 1.0 {
            return Ok(all);
        }
        if all == 1 {
            return Ok(u64::from(self.dice.random_bool(chance)));
        }
        Ok(Binomial::new(all, chance)?.sample(&mut self.dice))
    }
}

fn chances(slower: f64) -> Vec<f64> {
    let below = |bound: f64| normal(((bound / (MEDIAN * slower)).ln()) / SPREAD);
    let mut before = 0.0;
    BOUNDS
        .iter()
        .map(|bound| {
            let here = below(*bound);
            let chance = ((here - before) / (1.0_f64 - before).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            before = here;
            chance
        })
        .collect()
}

/// The normal distribution, by Abramowitz and Stegun 26.2.17: to 7.5e-8.
pub fn normal(x: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * x.abs());
    let tail = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429]
        .iter()
        .rev()
        .fold(0.0, |sum, factor| (sum + factor) * t)
        * (-x * x / 2.0).exp()
        / (2.0 * std::f64::consts::PI).sqrt();
    if x < 0.0 { tail } else { 1.0 - tail }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of requests")]
fn whole(x: f64) -> u64 {
    x as u64
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
pub fn number(n: u64) -> f64 {
    n as f64
}
