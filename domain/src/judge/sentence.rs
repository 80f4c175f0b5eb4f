//! The facts as sentences that a product manager understands.

use std::fmt;

use super::facts::{Facts, SlowShare, Split};
use super::needed::{Needed, Outcome};
use super::verdict::Metric;

/// A ratio beyond this only says that stable hardly fails at all.
const HIGHEST_RATIO: f64 = 1000.0;

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.canary_requests + self.stable_requests <= 0.0 {
            return f.write_str("Nothing has been measured yet.");
        }
        match (self.leading, self.latency) {
            (Metric::Latency, Some(slow)) if self.odds_one_in.is_some() => slow_sentence(f, slow)?,
            (Metric::Throughput, _) if self.odds_one_in.is_some() => share_sentence(f, self.split)?,
            _ => self.error_sentence(f)?,
        }
        match self.odds_one_in {
            Some(odds) => write!(f, "; odds that this is chance: below 1 in {}.", grouped(&odds.to_string()))?,
            None => f.write_str("; nothing speaks against the canary so far.")?,
        }
        self.behind(f)?;
        if self.split.off {
            f.write_str(" The split is not the configured one; that may be the router's fault.")?;
        }
        self.needed.map_or(Ok(()), |needed| needed_sentence(f, needed))
    }
}

impl Facts {
    fn error_sentence(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (canary, stable) = (percent(self.errors.canary), percent(self.errors.stable));
        write!(f, "Canary is failing {canary} of requests, stable {stable}")
    }

    fn behind(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ratio) = self.errors.ratio {
            write!(f, " Error rate against stable: ")?;
            match ratio.high {
                Some(high) if high <= HIGHEST_RATIO => write!(f, "{} to {} times", short(ratio.low), short(high))?,
                _ => write!(f, "at least {} times", short(ratio.low))?,
            }
            write!(f, " ({:.0} % sure).", 100.0 * ratio.confidence)?;
        }
        write!(f, " Based on {} canary requests.", grouped(&format!("{:.0}", self.canary_requests)))
    }
}

fn slow_sentence(f: &mut fmt::Formatter<'_>, slow: SlowShare) -> fmt::Result {
    let (canary, stable) = (percent(slow.canary), percent(slow.stable));
    write!(f, "{canary} of canary requests take longer than {} ms, stable {stable}", short(slow.bound_ms))
}

fn share_sentence(f: &mut fmt::Formatter<'_>, split: Split) -> fmt::Result {
    let (observed, configured) = (percent(split.observed), percent(Some(split.configured)));
    write!(f, "Canary shows {observed} of all requests, configured are {configured}")
}

fn needed_sentence(f: &mut fmt::Formatter<'_>, needed: Needed) -> fmt::Result {
    write!(f, " About {} more canary requests", grouped(&needed.canary_requests.to_string()))?;
    if let Some(minutes) = needed.minutes {
        write!(f, " ({} min at today's traffic)", grouped(&format!("{:.0}", minutes.ceil())))?;
    }
    f.write_str(match needed.outcome {
        Outcome::Promote => " are needed to promote, if the canary is as good as stable.",
        Outcome::RollBack => " are needed to roll back, if it goes on like this.",
    })
}

/// 2.2 %, 0.05 %, 12 %.
fn percent(part: Option<f64>) -> String {
    match part.map(|part| 100.0 * part) {
        None => "an unknown part".to_owned(),
        Some(value) if value >= 10.0 => format!("{value:.0} %"),
        Some(value) if value >= 0.1 || value <= 0.0 => format!("{value:.1} %"),
        Some(value) => format!("{value:.2} %"),
    }
}

/// 3.1 below ten, 24 above.
fn short(value: f64) -> String {
    if value >= 10.0 { grouped(&format!("{value:.0}")) } else { format!("{value:.1}") }
}

/// 12 500 instead of 12500.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}
