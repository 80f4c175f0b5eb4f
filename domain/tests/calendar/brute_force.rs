//! The slow and obvious calendar: every minute of 400 days, every date tried, clocks read one minute at a time.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Offset, TimeZone, Weekday};
use chrono_tz::Tz;
use domain::Timestamp;

pub const DAYS: i64 = 400;
pub const MINUTES: usize = 400 * 1440;
const MARGIN: i64 = 60 * 1440;

/// The first minute that is judged, in minutes since 1970.
pub fn origin() -> i64 {
    // Past the southern spring, so that 400 days see every clock change twice somewhere.
    NaiveDate::from_ymd_opt(2026, 9, 20).expect("date").and_hms_opt(0, 0, 0).expect("time").and_utc().timestamp() / 60
}

pub fn at(minute: i64) -> Timestamp {
    DateTime::from_timestamp(minute * 60, 0).expect("instant")
}

fn minutes(local: NaiveDateTime) -> i64 {
    local.and_utc().timestamp().div_euclid(60)
}

/// What a wall in the zone shows, minute by minute.
pub struct Wall {
    first: i64,
    /// For each local minute: the UTC minute, and whether the wall really shows it.
    shown: Vec<Option<(i64, bool)>>,
}

impl Wall {
    pub fn new(zone: Tz) -> Self {
        let (from, to) = (origin() - MARGIN, origin() + DAYS * 1440 + MARGIN);
        let first = from - 1440;
        let mut shown = vec![None; usize::try_from(to - from + 3 * 1440).expect("size")];
        let mut before: Option<(i64, i64)> = None;
        for minute in from..to {
            let offset = zone.offset_from_utc_datetime(&at(minute).naive_utc()).fix().local_minus_utc() / 60;
            let local = minute + i64::from(offset);
            let slot = |local: i64| usize::try_from(local - first).expect("slot");
            if let Some((last_minute, last_local)) = before {
                for skipped in last_local + 1..local {
                    shown[slot(skipped)].get_or_insert((last_minute + skipped - last_local, false));
                }
            }
            shown[slot(local)].get_or_insert((minute, true));
            before = Some((minute, local));
        }
        Self { first, shown }
    }

    fn read(&self, local: i64) -> Option<(i64, bool)> {
        *self.shown.get(usize::try_from(local - self.first).ok()?)?
    }

    /// The UTC minute for a local one.
    fn minute(&self, local: i64) -> Option<i64> {
        self.read(local).map(|(minute, _)| minute)
    }

    /// The first minute whose wall shows this or more.
    fn not_before(&self, local: i64) -> Option<i64> {
        (local..local + 3000).find_map(|l| self.read(l).filter(|(_, real)| *real)).map(|(minute, _)| minute)
    }
}

/// A repetition as predicates on dates.
#[derive(Debug, Clone)]
pub struct Plan {
    pub anchor: NaiveDate,
    pub every: i64,
    pub step: Step,
    pub weekdays: Vec<(i8, Weekday)>,
    pub month_days: Vec<i8>,
    pub months: Vec<u32>,
    pub count: Option<usize>,
    pub until: Option<NaiveDate>,
    pub except: Vec<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Once,
    Day,
    Week,
    Month,
    Year,
}

impl Plan {
    /// All its dates up to a day, by trying every day.
    pub fn dates(&self, through: NaiveDate) -> Vec<NaiveDate> {
        if self.step == Step::Once {
            return vec![self.anchor];
        }
        let all = self.anchor.iter_days().take_while(|d| *d <= through && self.until.is_none_or(|u| *d <= u));
        let counted = all.filter(|d| self.names(*d)).take(self.count.unwrap_or(usize::MAX));
        counted.filter(|d| !self.except.contains(d)).collect()
    }

    fn names(&self, date: NaiveDate) -> bool {
        let monday = |d: NaiveDate| d - Duration::days(i64::from(d.weekday().num_days_from_monday()));
        let month = |d: NaiveDate| i64::from(d.year()) * 12 + i64::from(d.month());
        let distance = match self.step {
            Step::Once => return date == self.anchor,
            Step::Day => (date - self.anchor).num_days(),
            Step::Week => (monday(date) - monday(self.anchor)).num_days() / 7,
            Step::Month => month(date) - month(self.anchor),
            Step::Year => i64::from(date.year() - self.anchor.year()),
        };
        let implied = self.weekdays.is_empty() && self.month_days.is_empty();
        distance % self.every == 0
            && (self.months.is_empty() || self.months.contains(&date.month()))
            && (self.weekdays.is_empty() || self.weekdays.iter().any(|(nth, day)| self.weekday_fits(date, *nth, *day)))
            && (self.month_days.is_empty() || self.month_days.iter().any(|d| month_day_fits(date, *d)))
            && match self.step {
                Step::Week if self.weekdays.is_empty() => date.weekday() == self.anchor.weekday(),
                Step::Year if implied && self.months.is_empty() => {
                    (date.month(), date.day()) == (self.anchor.month(), self.anchor.day())
                }
                Step::Month | Step::Year if implied => date.day() == self.anchor.day(),
                _ => true,
            }
    }

    /// Counts the same weekdays of the month (of the year when nothing narrows it) before and after.
    fn weekday_fits(&self, date: NaiveDate, nth: i8, day: Weekday) -> bool {
        let whole_year = self.step == Step::Year && self.months.is_empty();
        let same =
            |d: &NaiveDate| d.weekday() == day && d.year() == date.year() && (whole_year || d.month() == date.month());
        let jump = |weeks: i64| date + Duration::days(7 * weeks);
        let up_to = (0..60_i64).take_while(|w| same(&jump(-w))).count();
        let from_here = (0..60_i64).take_while(|w| same(&jump(*w))).count();
        date.weekday() == day
            && match nth {
                0 => true,
                n if n > 0 => up_to == usize::from(n.unsigned_abs()),
                n => from_here == usize::from(n.unsigned_abs()),
            }
    }
}

fn month_day_fits(date: NaiveDate, day: i8) -> bool {
    let last = (1..=31).rev().find_map(|d| date.with_day(d)).expect("a last day").day();
    u32::from(day.unsigned_abs()) == if day > 0 { date.day() } else { last - date.day() + 1 }
}

/// How long, in minutes or to a time on the wall.
#[derive(Debug, Clone, Copy)]
pub enum Lasts {
    Minutes(i64),
    Until { days: i64, minute_of_day: i64 },
}

/// One rule's happenings as UTC minutes: where its lead begins, its start and its end.
pub fn happenings(
    wall: &Wall,
    plan: &Plan,
    start_of_day: i64,
    lasts: Lasts,
    lead: Option<(i64, i64)>,
) -> Vec<(i64, i64, i64)> {
    let through = at(origin() + (DAYS + 20) * 1440).date_naive();
    let day = |date: NaiveDate| minutes(date.and_hms_opt(0, 0, 0).expect("midnight"));
    let one = |date: NaiveDate| {
        let local = day(date) + start_of_day;
        let mut start = wall.minute(local)?;
        let end = match lasts {
            Lasts::Minutes(n) => start + n,
            Lasts::Until { days, minute_of_day } => wall.minute(day(date) + days * 1440 + minute_of_day)?,
        };
        if end <= start {
            start = wall.not_before(local)?;
        }
        let before = match lead {
            Some((days, minute_of_day)) => wall.minute(day(date) - days * 1440 + minute_of_day)?.min(start),
            None => start,
        };
        (start < end).then_some((before, start, end))
    };
    plan.dates(through).into_iter().filter_map(one).collect()
}

/// Marks the minutes from one to another, as far as they are judged.
pub fn mark(grid: &mut [bool], from: i64, to: i64) {
    let slot = |minute: i64| usize::try_from((minute - origin()).clamp(0, DAYS * 1440)).expect("slot");
    grid[slot(from)..slot(to).max(slot(from))].fill(true);
}
