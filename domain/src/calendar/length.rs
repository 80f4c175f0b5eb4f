//! How long something lasts: hours that pass, or until the wall shows a time.

use super::clock_time::{ClockTime, quoted};
use crate::Refusal;
use std::{fmt, num::NonZeroU32};

/// The longest window, in days.
pub const LONGEST_DAYS: u16 = 400;
const LONGEST_MINUTES: u32 = LONGEST_DAYS as u32 * 24 * 60;

/// Hours and minutes *elapse*; days and end times are read from the *wall*, as in RFC 5545.
///
/// So `2h` from 00:30 on the night the clocks go forward ends at 03:30 local time, and `1d` from Saturday noon
/// ends on Sunday noon although only 23 hours have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Length {
    /// This many minutes pass.
    Elapsed(Minutes),
    /// The local clock shows `end`, this many dates later.
    Wall { days: u16, end: ClockTime },
}

/// One minute to 400 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Minutes(NonZeroU32);

impl Minutes {
    pub fn new(minutes: u32) -> Option<Self> {
        NonZeroU32::new(minutes).filter(|m| m.get() <= LONGEST_MINUTES).map(Self)
    }

    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl Length {
    /// Whether the end comes after a start at this time; what begins is never shorter than a minute.
    pub(super) fn check(self, start: ClockTime) -> Result<(), Refusal> {
        let Self::Wall { days, end } = self else { return Ok(()) };
        let allowed = format!("after {start} on the same day, or up to {LONGEST_DAYS} days later");
        if days > LONGEST_DAYS {
            return Err(Refusal::invalid("ends_after_days", days.to_string(), allowed));
        }
        if days == 0 && end <= start {
            return Err(Refusal::invalid("ends_at", format!("{end} on the same day"), allowed));
        }
        Ok(())
    }

    /// `2h`, `90m`, `1h30m` elapse; `3d` ends at the same local time three dates later.
    pub fn parse(field: &'static str, text: &str, start: ClockTime) -> Result<Self, Refusal> {
        let no = || {
            let allowed =
                format!("hours and minutes such as “1h30m”, or days such as “3d”, 1 minute to {LONGEST_DAYS} days");
            Refusal::invalid(field, quoted(text), allowed)
        };
        let figure = |digits: &str| match digits.len() {
            1..=6 if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse::<u32>().map_err(|_| no()),
            _ => Err(no()),
        };
        if let Some(days) = text.strip_suffix('d') {
            let days = u16::try_from(figure(days)?).map_err(|_| no())?;
            return if (1..=LONGEST_DAYS).contains(&days) { Ok(Self::Wall { days, end: start }) } else { Err(no()) };
        }
        let (hours, rest) = match text.split_once('h') {
            Some((hours, rest)) => (figure(hours)?, rest),
            None => (0, text),
        };
        let minutes = match rest.strip_suffix('m') {
            Some(minutes) => figure(minutes)?,
            None if rest.is_empty() && !text.is_empty() => 0,
            None => return Err(no()),
        };
        Minutes::new(hours * 60 + minutes).map(Self::Elapsed).ok_or_else(no)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Elapsed(minutes) => match (minutes.get() / 60, minutes.get() % 60) {
                (0, minutes) => write!(f, "{minutes}m"),
                (hours, 0) => write!(f, "{hours}h"),
                (hours, minutes) => write!(f, "{hours}h{minutes}m"),
            },
            Self::Wall { days: 0, end } => write!(f, "until {end}"),
            Self::Wall { days: 1, end } => write!(f, "until {end} the next day"),
            Self::Wall { days, end } => write!(f, "until {end}, {days} days later"),
        }
    }
}
