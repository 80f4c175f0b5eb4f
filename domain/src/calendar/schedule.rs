//! When something happens: a local start in a zone, how long it lasts, and whether it repeats.

use super::clock_time::ClockTime;
use super::length::Length;
use super::rrule::{FIRST_YEAR, LAST_YEAR, Rrule};
use super::zone_name::ZoneName;
use crate::Refusal;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime};
use std::collections::BTreeSet;

/// The most dates that may be taken out of one repetition.
const MOST_EXCEPTIONS: usize = 400;

/// One-off or repeated; checked, so it always has a start, a positive length and a sensible year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    starts: NaiveDate,
    at: ClockTime,
    zone: ZoneName,
    lasts: Length,
    repeats: Option<Repeats>,
}

/// A repetition with the dates on which it is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeats {
    pub rule: Rrule,
    pub except: BTreeSet<NaiveDate>,
}

impl Schedule {
    /// Happens once, or from `starts` on as `repeats` says.
    pub fn new(
        starts: NaiveDate,
        at: ClockTime,
        zone: ZoneName,
        lasts: Length,
        repeats: Option<Repeats>,
    ) -> Result<Self, Refusal> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&starts.year()) {
            return Err(Refusal::invalid(
                "starts",
                starts.to_string(),
                format!("a date from {FIRST_YEAR} to {LAST_YEAR}"),
            ));
        }
        lasts.check(at)?;
        if let Some(repeats) = &repeats
            && repeats.except.len() > MOST_EXCEPTIONS
        {
            let found = format!("{} dates", repeats.except.len());
            return Err(Refusal::invalid("except_dates", found, format!("at most {MOST_EXCEPTIONS} dates")));
        }
        Ok(Self { starts, at, zone, lasts, repeats })
    }

    /// Once, from one local time to another; seconds are rounded outwards.
    pub fn between(from: NaiveDateTime, to: NaiveDateTime, zone: ZoneName) -> Result<Self, Refusal> {
        let end = if ClockTime::of(to).on(to.date()) == to {
            to
        } else {
            to.checked_add_signed(chrono::Duration::minutes(1)).unwrap_or(to)
        };
        let refuse =
            || Refusal::invalid("ends", format!("{to}"), format!("a time after {from}, at most 400 days later"));
        if end <= from {
            return Err(refuse());
        }
        let days = u16::try_from((end.date() - from.date()).num_days()).map_err(|_| refuse())?;
        let lasts = Length::Wall { days, end: ClockTime::of(end) };
        Self::new(from.date(), ClockTime::of(from), zone, lasts, None)
            .map_err(|no| if no.field.as_deref() == Some("starts") { no } else { refuse() })
    }

    /// Every `weeks` weeks on a weekday, first on the first such day from `starts` on.
    pub fn weekly(
        starts: NaiveDate,
        weeks: u16,
        day: chrono::Weekday,
        at: ClockTime,
        zone: ZoneName,
        lasts: Length,
    ) -> Result<Self, Refusal> {
        let repeats = Repeats { rule: Rrule::weekly(weeks, day)?, except: BTreeSet::new() };
        Self::new(first_on(starts, day), at, zone, lasts, Some(repeats))
    }

    pub fn starts(&self) -> NaiveDate {
        self.starts
    }

    pub fn at(&self) -> ClockTime {
        self.at
    }

    pub fn zone(&self) -> &ZoneName {
        &self.zone
    }

    pub fn lasts(&self) -> Length {
        self.lasts
    }

    pub fn repeats(&self) -> Option<&Repeats> {
        self.repeats.as_ref()
    }

    /// “every 2 weeks on Tuesday at 12:00 (UTC), 2h”.
    pub fn words(&self) -> String {
        let when = match &self.repeats {
            Some(repeats) => format!("{} from {}", repeats.rule.words(), self.starts),
            None => format!("once on {}", self.starts),
        };
        format!("{when} at {} ({}), {}", self.at, self.zone, self.lasts)
    }
}

/// The first such weekday on or after the date.
pub(super) fn first_on(date: NaiveDate, day: chrono::Weekday) -> NaiveDate {
    let ahead = day.days_since(date.weekday());
    date.checked_add_days(Days::new(u64::from(ahead))).unwrap_or(date)
}
