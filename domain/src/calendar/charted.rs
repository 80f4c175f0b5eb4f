//! One rule with its zone's clocks: from dates to instants.

use super::clock_time::ClockTime;
use super::length::Length;
use super::occurrence::Stretch;
use super::rrule::{Ends, LAST_DAY, Until};
use super::rule::Rule;
use super::schedule::Schedule;
use super::zone::{days_after, days_before, instant, jump_over, wall, within};
use crate::{Refusal, Timestamp};
use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

/// A rule whose zone is known and which happens at least once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charted {
    pub(super) rule: Rule,
    pub(super) zone: Tz,
    /// The last date on which it can happen.
    last: NaiveDate,
}

/// One happening of a rule as instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Happening {
    pub(super) date: NaiveDate,
    pub(super) span: Stretch,
    /// Where the days before a holiday begin; else `span.starts`.
    pub(super) closes_from: Timestamp,
    /// Where the code freeze before a departure begins.
    pub(super) cut_off: Option<Timestamp>,
    pub(super) moved: bool,
}

impl Happening {
    /// From the first thing that belongs to it to its end.
    pub(super) fn whole(&self) -> Stretch {
        Stretch { starts: self.cut_off.map_or(self.closes_from, |c| c.min(self.closes_from)), ends: self.span.ends }
    }

    /// The time in which a closing window closes.
    pub(super) fn closed(&self) -> Stretch {
        Stretch { starts: self.closes_from, ends: self.span.ends }
    }

    /// Whether who was ready then may board; without an answer cut-offs are not judged.
    pub(super) fn takes(&self, ready_at: Option<Timestamp>) -> bool {
        match (self.cut_off, ready_at) {
            (Some(cut_off), Some(ready)) => ready <= cut_off,
            _ => true,
        }
    }
}

impl Charted {
    /// Refuses unknown zones and repetitions that never happen, naming the field after the rule's id.
    pub(super) fn new(rule: Rule) -> Result<Self, Refusal> {
        let Some(schedule) = rule.schedule() else {
            return Ok(Self { rule, zone: Tz::UTC, last: NaiveDate::MIN });
        };
        let field = |name: &str| format!("{}.{name}", rule.id());
        let zone = schedule.zone().resolve().map_err(|no| {
            Refusal::invalid(field("zone"), no.found.unwrap_or_default(), no.allowed.unwrap_or_default())
        })?;
        let last = match schedule.repeats() {
            None => Some(schedule.starts()),
            Some(repeats) => repeats.rule.last_date(schedule.starts()),
        };
        let charted = Self { last: last.unwrap_or(NaiveDate::MIN), zone, rule: rule.clone() };
        if charted.dates(schedule, NaiveDate::MIN, NaiveDate::MAX).next().is_none() {
            let found = schedule.repeats().map_or_else(String::new, |r| r.rule.to_string());
            let allowed =
                format!("a repetition that happens at least once between {} and {LAST_DAY}", schedule.starts());
            return Err(Refusal::invalid(field("rrule"), found, allowed));
        }
        Ok(charted)
    }

    /// All happenings of which some part lies in the range, by date.
    pub(super) fn happenings(&self, range: Stretch) -> impl Iterator<Item = Happening> + '_ {
        let lead = u64::from(self.rule.days_before().max(self.rule.cut_off().map_or(0, |c| c.days_before))) + 2;
        let found = self.rule.schedule().map(|schedule| {
            let reach = reach_days(schedule.lasts()) + 2;
            let first = days_before(wall(self.zone, within(range.starts)).0.date(), reach);
            let last = days_after(wall(self.zone, within(range.ends)).0.date(), lead);
            let dates = self.dates(schedule, first, last);
            dates.filter_map(move |date| self.happening(schedule, date)).filter(move |h| h.whole().overlaps(&range))
        });
        found.into_iter().flatten()
    }

    fn dates<'a>(
        &'a self,
        schedule: &'a Schedule,
        from: NaiveDate,
        through: NaiveDate,
    ) -> impl Iterator<Item = NaiveDate> + 'a {
        let starts = schedule.starts();
        let through = through.min(self.last);
        let once = (schedule.repeats().is_none() && (from..=through).contains(&starts)).then_some(starts);
        let repeated = schedule.repeats().map(|repeats| {
            let dates = repeats.rule.dates(starts, from, through);
            dates.filter(|date| !repeats.except.contains(date))
        });
        once.into_iter().chain(repeated.into_iter().flatten())
    }

    /// `None` when the repetition's last instant has passed, or when the clocks jump over all of it.
    fn happening(&self, schedule: &Schedule, date: NaiveDate) -> Option<Happening> {
        let local = schedule.at().on(date);
        let (mut starts, moved) = instant(self.zone, local);
        if let Some(Ends::Until(Until::Instant(last))) = schedule.repeats().map(|r| r.rule.ends())
            && starts > last
        {
            return None;
        }
        let ends = match schedule.lasts() {
            Length::Elapsed(minutes) => starts.checked_add_signed(Duration::minutes(i64::from(minutes.get())))?,
            Length::Wall { days, end } => {
                let ends = instant(self.zone, end.on(days_after(date, u64::from(days)))).0;
                if ends <= starts {
                    starts = jump_over(self.zone, local)?;
                }
                ends
            }
        };
        let closes_from = match self.rule.days_before() {
            0 => starts,
            days => instant(self.zone, ClockTime::MIDNIGHT.on(days_before(date, u64::from(days)))).0.min(starts),
        };
        let cut_off = self.rule.cut_off().map(|cut_off| {
            let date = days_before(date, u64::from(cut_off.days_before));
            instant(self.zone, cut_off.at.on(date)).0.min(starts)
        });
        let span = Stretch { starts, ends };
        (starts < ends).then_some(Happening { date, span, closes_from, cut_off, moved })
    }
}

/// No happening reaches further than this many dates past its own.
fn reach_days(length: Length) -> u64 {
    match length {
        Length::Elapsed(minutes) => u64::from(minutes.get() / (24 * 60)) + 2,
        Length::Wall { days, .. } => u64::from(days) + 1,
    }
}
