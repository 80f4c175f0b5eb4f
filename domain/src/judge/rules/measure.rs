//! The value of a signal over a span, and how it stands to a limit.

use super::tally::Tally;
use crate::judge::Share;
use crate::playbook::{Bound, Limit, Measure, Side, Signal};

/// Where a canary without a limit of its own is looked at.
const USUAL_QUANTILE: f64 = 0.95;

/// Both arms over one span.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span<'a> {
    pub canary: &'a Tally,
    /// What stands for the baseline: stable of the same span, or what is remembered of it.
    pub stable: &'a Tally,
    pub share: Share,
    pub minimum: f64,
}

/// Why there is no value.
pub(super) type Unknown = String;

impl Span<'_> {
    pub fn canary(&self, signal: &Signal) -> Result<f64, Unknown> {
        value(self.canary, signal, self.minimum, self.share.get()).map_err(|why| format!("{why} on the canary"))
    }

    pub fn stable(&self, signal: &Signal) -> Result<f64, Unknown> {
        // At all traffic what is remembered of stable is of the time when it had its part.
        let share = if self.share.is_all() { 1.0 } else { self.share.rest().get() };
        value(self.stable, signal, self.minimum, share).map_err(|why| format!("{why} on stable"))
    }

    /// The number that a limit stands for now.
    pub fn bound(&self, signal: &Signal, limit: Limit) -> Result<f64, Unknown> {
        Ok(match limit.bound {
            Bound::Share(share) => share.fraction(),
            Bound::Milliseconds(ms) => f64::from(ms),
            Bound::Count(count) => count.as_f64(),
            Bound::Lasting(span) if signal.measures == Measure::Latency => f64::from(span.seconds()) * 1_000.0,
            Bound::Lasting(span) => f64::from(span.seconds()),
            Bound::PointsOver(points) => self.stable(signal)? + points.as_f64() / 100.0,
            Bound::PercentOver(percent) => self.stable(signal)? * (1.0 + percent.as_f64() / 100.0),
            Bound::Times(times) => self.stable(signal)? * times.as_f64(),
        })
    }
}

/// Whether the value lies where the limit says.
pub(super) fn lies(value: f64, side: Side, bound: f64) -> bool {
    // Differences below this are rounding: 0.3 / 6 is 5 %, not more than 5 %.
    let same = (value - bound).abs() <= 1e-12 * bound.abs().max(1.0);
    match side {
        Side::Below => value < bound && !same,
        Side::AtMost => value < bound || same,
        Side::Above => value > bound && !same,
        Side::AtLeast => value > bound || same,
    }
}

fn value(tally: &Tally, signal: &Signal, minimum: f64, share: f64) -> Result<f64, Unknown> {
    let id = signal.id.as_str();
    if let Some(gauge) = tally.gauge(id) {
        return Ok(gauge);
    }
    let enough = |requests: f64| {
        if requests > 0.0 && requests >= minimum {
            Ok(())
        } else {
            Err(format!("{} of {minimum} requests for “{id}”", requests.round()))
        }
    };
    match signal.measures {
        Measure::ErrorShare | Measure::SuccessShare => {
            enough(tally.requests)?;
            let failed = tally.errors / tally.requests;
            Ok(if signal.measures == Measure::ErrorShare { failed } else { 1.0 - failed })
        }
        Measure::Latency => {
            enough(tally.timed())?;
            tally.quantile(quantile(id)).ok_or_else(|| format!("no times for “{id}”"))
        }
        Measure::Throughput if tally.counted > 0 && share > 0.0 => {
            // As if it had all the traffic, so that arms of different shares compare.
            Ok(tally.requests / f64::from(tally.counted) / share)
        }
        _ => Err(format!("no value of “{id}”")),
    }
}

/// `p99` is the 99th percentile; a name that says none is the 95th.
fn quantile(id: &str) -> f64 {
    let digits = id.strip_prefix('p').filter(|digits| digits.len() == 2);
    digits.and_then(|digits| digits.parse::<u32>().ok()).map_or(USUAL_QUANTILE, |percent| f64::from(percent) / 100.0)
}
