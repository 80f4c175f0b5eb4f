//! The moments of a deployment that checklists are bound to: `T-24h`, `T..T+30m`, `D+7`, `freeze`.

use super::clock_time::{ClockTime, quoted};
use crate::Refusal;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The furthest that a moment lies from its deployment.
const MOST_DAYS: i32 = 400;

/// Something to do from one point on, due at another; most moments are one point.
///
/// Text: `T-24h` is due 24 elapsed hours before; `T..T+30m` begins with the deployment and is due half an hour after;
/// `D+1..D+7` counts local dates at the same local time; `D-1 18:00` is six in the evening of the local day before;
/// `W` counts seven dates (`W+1..W+4`); `freeze` is the cut-off of the train.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment {
    begins: Option<Point>,
    due: Point,
}

/// One point in time, seen from a planned deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// The cut-off of the train that the deployment takes.
    Freeze,
    /// Elapsed minutes after, or before when negative.
    Elapsed(i32),
    /// Local dates after, at the same local time or at a stated one.
    Days { days: i16, at: Option<ClockTime> },
}

impl Moment {
    pub fn begins(&self) -> Option<Point> {
        self.begins
    }

    pub fn due(&self) -> Point {
        self.due
    }
}

fn point(text: &str) -> Option<Point> {
    if text == "freeze" {
        return Some(Point::Freeze);
    }
    let (unit, rest) = text.split_at_checked(1)?;
    if unit == "T" && rest.is_empty() {
        return Some(Point::Elapsed(0));
    }
    let (rest, at) = match rest.split_once(' ') {
        Some((rest, at)) if unit == "D" => (rest, Some(at.parse().ok()?)),
        Some(_) => return None,
        None => (rest, None),
    };
    let (sign, figure) = rest.split_at_checked(1)?;
    let sign = match sign {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (digits, minutes) = match unit {
        "T" => (figure.get(..figure.len().checked_sub(1)?)?, if figure.ends_with('h') { 60 } else { 1 }),
        "W" => (figure, 7),
        _ => (figure, 1),
    };
    if unit == "T" && !figure.ends_with(['h', 'm']) || !matches!(digits.len(), 1..=6) {
        return None;
    }
    let count =
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse::<i32>().ok()? * minutes } else { return None };
    match unit {
        "T" if count <= MOST_DAYS * 24 * 60 => Some(Point::Elapsed(sign * count)),
        "D" | "W" if count <= MOST_DAYS => Some(Point::Days { days: i16::try_from(sign * count).ok()?, at }),
        _ => None,
    }
}

impl FromStr for Moment {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let parsed = match text.split_once("..") {
            Some((begins, due)) => point(begins).zip(point(due)).map(|(b, due)| Self { begins: Some(b), due }),
            None => point(text).map(|due| Self { begins: None, due }),
        };
        let allowed = "“freeze”, “T-24h”, “T..T+30m”, “D-1 18:00” or “D+1..D+7”, up to 400 days away";
        let moment = parsed.ok_or_else(|| Refusal::invalid("moment", quoted(text), allowed))?;
        if moment.begins.is_some_and(|begins| runs_backwards(begins, moment.due)) {
            return Err(Refusal::invalid("moment", quoted(text), "a beginning before the end"));
        }
        Ok(moment)
    }
}

/// Whether the first is certainly not before the second; mixed units are compared by their nominal distance.
fn runs_backwards(begins: Point, due: Point) -> bool {
    let nominal = |point| match point {
        Point::Elapsed(minutes) => Some(minutes),
        Point::Days { days, at: None } => Some(i32::from(days) * 24 * 60),
        Point::Freeze | Point::Days { .. } => None,
    };
    match (nominal(begins), nominal(due)) {
        (Some(begins), Some(due)) => begins >= due,
        _ => begins == due,
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Freeze => f.write_str("freeze"),
            Self::Elapsed(0) => f.write_str("T"),
            Self::Elapsed(minutes) if minutes % 60 == 0 => write!(f, "T{:+}h", minutes / 60),
            Self::Elapsed(minutes) => write!(f, "T{minutes:+}m"),
            Self::Days { days, at: None } => write!(f, "D{days:+}"),
            Self::Days { days, at: Some(at) } => write!(f, "D{days:+} {at}"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.begins {
            Some(begins) => write!(f, "{begins}..{}", self.due),
            None => self.due.fmt(f),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = Refusal;

    fn try_from(text: String) -> Result<Self, Refusal> {
        text.parse()
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}
