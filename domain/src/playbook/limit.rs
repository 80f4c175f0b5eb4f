//! Limits with their unit: absolute, or against the baseline.

use super::{
    amount::{Amount, Percent},
    read::{Unreadable, words, written},
    span::Span,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// On which side of the bound a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// What a value is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bound {
    /// `5 %`
    Share(Percent),
    /// `0.1 pp over baseline`: percentage points above what the baseline shows.
    PointsOver(Amount),
    /// `10 % over baseline`: so much more than the baseline, in proportion.
    PercentOver(Amount),
    /// `2 x baseline`
    Times(Amount),
    /// `700 ms`
    Milliseconds(u32),
    /// `30 min`
    Lasting(Span),
    /// `2`
    Count(Amount),
}

impl Bound {
    /// What it stands for depends on what the baseline shows.
    pub const fn is_relative(self) -> bool {
        matches!(self, Self::PointsOver(_) | Self::PercentOver(_) | Self::Times(_))
    }
}

/// A side and a bound: `< 1.5 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    pub side: Side,
    pub bound: Bound,
}

const LIMIT: &str = "“<”, “<=”, “>” or “>=” and a bound: “5 %”, “700 ms”, “10 min”, “2”, “2 x baseline”, \
                     “0.1 pp over baseline” or “10 % over baseline”";

impl FromStr for Limit {
    type Err = Unreadable;
    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let read = || {
            let (side, bound) = text.split_once(' ')?;
            let side = match side {
                "<" => Side::Below,
                "<=" => Side::AtMost,
                ">" => Side::Above,
                ">=" => Side::AtLeast,
                _ => return None,
            };
            Some(Self { side, bound: bound_of(bound)? })
        };
        read().ok_or_else(|| Unreadable::new(text, LIMIT))
    }
}

fn bound_of(text: &str) -> Option<Bound> {
    let amount = |suffix: &str| text.strip_suffix(suffix).and_then(Amount::parse);
    if let Some(points) = amount(" pp over baseline") {
        Some(Bound::PointsOver(points))
    } else if let Some(percent) = amount(" % over baseline") {
        Some(Bound::PercentOver(percent))
    } else if let Some(times) = amount(" x baseline") {
        Some(Bound::Times(times))
    } else if text.ends_with(" %") {
        text.parse().ok().map(Bound::Share)
    } else if let Some(ms) = amount(" ms") {
        (ms.thousandths() % 1000 == 0).then(|| Bound::Milliseconds(ms.thousandths() / 1000))
    } else if let Ok(span) = text.parse() {
        Some(Bound::Lasting(span))
    } else {
        Amount::parse(text).map(Bound::Count)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.side, self.bound)
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => share.fmt(f),
            Self::PointsOver(points) => write!(f, "{points} pp over baseline"),
            Self::PercentOver(percent) => write!(f, "{percent} % over baseline"),
            Self::Times(times) => write!(f, "{times} x baseline"),
            Self::Milliseconds(ms) => write!(f, "{ms} ms"),
            Self::Lasting(span) => span.fmt(f),
            Self::Count(count) => count.fmt(f),
        }
    }
}

written!(
    Limit,
    LIMIT,
    "^(<|<=|>|>=) [0-9]+(\\.[0-9]{1,3})?( (%|ms|s|min|h|days?|weeks?|x baseline|(pp|%) over baseline))?$"
);

words! {
    /// What a signal measures; it says which unit a limit on it has.
    pub enum Measure {
        /// Share of requests that fail.
        ErrorShare = "error_share",
        /// Share of requests that succeed.
        SuccessShare = "success_share",
        /// Time until an answer.
        Latency = "latency",
        /// Share of a resource in use.
        Utilisation = "utilisation",
        /// Share of instances that are well.
        HealthyShare = "healthy_share",
        /// Share of instances that are not well.
        UnhealthyShare = "unhealthy_share",
        /// Share of time in which the service answers.
        Availability = "availability",
        /// Share of the code that tests run through.
        Coverage = "coverage",
        /// Share of releases or checks.
        Share = "share",
        /// Requests per second.
        Throughput = "throughput",
        /// How long something takes.
        Lasting = "duration",
        /// How many.
        Count = "count",
    }
}

impl Measure {
    /// Whether a value of this kind can be compared with `bound`.
    pub fn takes(self, bound: Bound) -> bool {
        match self {
            Self::Latency => !matches!(bound, Bound::Share(_) | Bound::PointsOver(_) | Bound::Count(_)),
            Self::Lasting => matches!(bound, Bound::Lasting(_) | Bound::PercentOver(_) | Bound::Times(_)),
            Self::Count | Self::Throughput => {
                matches!(bound, Bound::Count(_) | Bound::PercentOver(_) | Bound::Times(_))
            }
            _ => !matches!(bound, Bound::Milliseconds(_) | Bound::Lasting(_) | Bound::Count(_)),
        }
    }

    /// The bounds it can be compared with, in words.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Latency => "a time such as “700 ms”, “2 x baseline” or “10 % over baseline”",
            Self::Lasting => "a length of time such as “30 min”",
            Self::Count | Self::Throughput => "a number such as “2”, “2 x baseline” or “10 % over baseline”",
            _ => "a share such as “5 %”, “0.1 pp over baseline” or “2 x baseline”",
        }
    }
}
