//! How others decide, from the same minutes: fixed rules, and three tools with the values of their documentation.

use super::world::{BOUNDS, Minute, normal};
use domain::judge::Arm;
use std::collections::VecDeque;

/// Somebody who looks once a minute and may say that it goes back.
pub trait Peer {
    fn rolls_back(&mut self, minute: &Minute) -> bool;
}

/// “Error rate > 1 % for 5 min”, “p95 > 1.5 × stable for 5 min”.
#[derive(Debug, Default)]
pub struct Rules {
    failing: u32,
    slow: u32,
}

impl Peer for Rules {
    fn rolls_back(&mut self, minute: &Minute) -> bool {
        let (canary, stable) = (&minute.canary, &minute.stable);
        let in_a_row = |before: u32, bad: bool| if bad { before + 1 } else { 0 };
        self.failing = in_a_row(self.failing, rate(canary).is_some_and(|rate| rate > 0.01));
        let slow = quantile(canary, 0.95).zip(quantile(stable, 0.95)).is_some_and(|(theirs, ours)| theirs > 1.5 * ours);
        self.slow = in_a_row(self.slow, slow);
        self.failing >= 5 || self.slow >= 5
    }
}

/// Flagger: success rate at least 99 %, p99 at most 500 ms, each minute; five failed checks.
#[derive(Debug, Default)]
pub struct Flagger {
    failed: u32,
}

impl Peer for Flagger {
    fn rolls_back(&mut self, minute: &Minute) -> bool {
        let failing = rate(&minute.canary).is_some_and(|rate| rate > 0.01);
        let slow = quantile(&minute.canary, 0.99).is_some_and(|p99| p99 > 500.0);
        self.failed += u32::from(failing || slow);
        self.failed >= 5
    }
}

/// Argo Rollouts: success rate at least 95 %, each minute; more than three failures.
#[derive(Debug, Default)]
pub struct Argo {
    failed: u32,
}

impl Peer for Argo {
    fn rolls_back(&mut self, minute: &Minute) -> bool {
        self.failed += u32::from(rate(&minute.canary).is_some_and(|rate| rate > 0.05));
        self.failed > 3
    }
}

/// Kayenta: Mann–Whitney at 98 % over the last hour of minutes, for error rate and p90; looked at each minute from the tenth on.
#[derive(Debug, Default)]
pub struct Kayenta {
    errors: VecDeque<(f64, f64)>,
    slow: VecDeque<(f64, f64)>,
}

impl Peer for Kayenta {
    fn rolls_back(&mut self, minute: &Minute) -> bool {
        let (canary, stable) = (&minute.canary, &minute.stable);
        keep(&mut self.errors, rate(canary).zip(rate(stable)));
        keep(&mut self.slow, quantile(canary, 0.9).zip(quantile(stable, 0.9)));
        greater(&self.errors) || greater(&self.slow)
    }
}

const HOUR: usize = 60;
const LEAST: usize = 10;
const CONFIDENCE: f64 = 0.98;

fn keep(pairs: &mut VecDeque<(f64, f64)>, pair: Option<(f64, f64)>) {
    pairs.extend(pair);
    if pairs.len() > HOUR {
        pairs.pop_front();
    }
}

/// Whether the first of the pairs are the greater ones, by ranks with ties, normal approximation, two-sided.
fn greater(pairs: &VecDeque<(f64, f64)>) -> bool {
    if pairs.len() < LEAST {
        return false;
    }
    let mut all: Vec<(f64, bool)> =
        pairs.iter().flat_map(|(canary, stable)| [(*canary, true), (*stable, false)]).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut ranks, mut ties, mut at) = (0.0, 0.0, 0);
    while at < all.len() {
        let same = all[at..].iter().take_while(|(value, _)| value.total_cmp(&all[at].0).is_eq()).count();
        let rank = float(at) + f64::midpoint(float(same), 1.0);
        ranks += rank * float(all[at..at + same].iter().filter(|(_, canary)| *canary).count());
        ties += float(same).powi(3) - float(same);
        at += same;
    }
    let n = float(pairs.len());
    let all = 2.0 * n;
    let u = ranks - n * (n + 1.0) / 2.0;
    let variance = n * n / 12.0 * (all + 1.0 - ties / (all * (all - 1.0)));
    variance > 0.0 && normal((u - n * n / 2.0 - 0.5) / variance.sqrt()) > 1.0 - (1.0 - CONFIDENCE) / 2.0
}

fn rate(arm: &Arm) -> Option<f64> {
    (arm.requests() > 0.0).then(|| arm.errors() / arm.requests())
}

/// Within a bucket latencies are taken to be spread evenly, as Prometheus does.
fn quantile(arm: &Arm, part: f64) -> Option<f64> {
    let latency = arm.latency()?;
    let all = latency.total();
    if all <= 0.0 {
        return None;
    }
    let mut from = 0.0;
    for (place, bound) in BOUNDS.iter().enumerate() {
        let (before, here) =
            (if place == 0 { 0.0 } else { all - latency.above(place - 1) }, all - latency.above(place));
        if here >= part * all {
            let inside = if here > before { (part * all - before) / (here - before) } else { 1.0 };
            return Some(from + (bound - from) * inside);
        }
        from = *bound;
    }
    Some(from)
}

#[expect(clippy::cast_precision_loss, reason = "a few hundred at most")]
fn float(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_tell_what_is_greater_and_ties_do_not() {
        let pairs = |canary: f64| (0..30).map(|n| (canary + f64::from(n % 7), f64::from(n % 7))).collect();
        assert!(greater(&pairs(5.0)));
        assert!(!greater(&pairs(0.0)) && !greater(&pairs(-5.0)));
        let same: VecDeque<_> = std::iter::repeat_n((1.0, 1.0), 30).collect();
        assert!(!greater(&same));
    }
}
