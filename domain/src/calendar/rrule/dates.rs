//! The dates of a repetition, in order, from any date on without walking there.

use super::LAST_DAY;
use super::parts::{ByDay, Ends, Frequency, Rrule, Until};
use chrono::{Datelike, Days, NaiveDate};

impl Rrule {
    /// The dates from `from` to `through`, both included; steps are counted from `anchor`, before which nothing is.
    ///
    /// COUNT and an UNTIL that is an instant are not looked at here: see [`Rrule::last_date`].
    pub fn dates(&self, anchor: NaiveDate, from: NaiveDate, through: NaiveDate) -> Dates<'_> {
        let through = match self.ends {
            Ends::Until(Until::Date(last)) => through.min(last),
            _ => through,
        };
        let from = from.max(anchor);
        Dates {
            rule: self,
            anchor,
            from,
            through: through.min(LAST_DAY),
            step: self.step_of(anchor, from),
            found: Vec::new(),
        }
    }

    /// The last date that COUNT or a dated UNTIL leaves; without them the end of the last year.
    pub fn last_date(&self, anchor: NaiveDate) -> Option<NaiveDate> {
        match self.ends {
            Ends::Never | Ends::Until(Until::Instant(_)) => Some(LAST_DAY),
            Ends::Until(Until::Date(last)) => Some(last.min(LAST_DAY)),
            Ends::After(count) => self.dates(anchor, anchor, LAST_DAY).take(usize::from(count.get())).last(),
        }
    }

    /// The number of the step that `date` lies in; never too large.
    fn step_of(&self, anchor: NaiveDate, date: NaiveDate) -> u32 {
        let (distance, unit) = match self.frequency {
            Frequency::Daily => ((date - anchor).num_days(), 1),
            Frequency::Weekly => ((date - self.week_of(anchor)).num_days(), 7),
            Frequency::Monthly => (months(date) - months(anchor), 1),
            Frequency::Yearly => (i64::from(date.year()) - i64::from(anchor.year()), 1),
        };
        let step = distance.max(0) / (unit * i64::from(self.interval));
        u32::try_from(step).unwrap_or(u32::MAX)
    }

    fn week_of(&self, date: NaiveDate) -> NaiveDate {
        let back = date.weekday().days_since(self.week_start);
        date.checked_sub_days(Days::new(u64::from(back))).unwrap_or(date)
    }

    fn month_fits(&self, date: NaiveDate) -> bool {
        self.by_month.is_empty() || self.by_month.iter().any(|m| u32::from(*m) == date.month())
    }

    fn month_day_fits(&self, date: NaiveDate) -> bool {
        let from_end = date.day().cast_signed() - i32::from(date.num_days_in_month()) - 1;
        self.by_month_day.is_empty()
            || self.by_month_day.iter().any(|d| i32::from(*d) == date.day().cast_signed() || i32::from(*d) == from_end)
    }

    /// Whether a weekday rule names the date, numbers counted in the month, or in the year when `yearly`.
    fn day_fits(&self, date: NaiveDate, yearly: bool) -> bool {
        let (day, length) = if yearly {
            (date.ordinal(), if date.leap_year() { 366 } else { 365 })
        } else {
            (date.day(), u32::from(date.num_days_in_month()))
        };
        let fits = |by: &ByDay| {
            by.day == date.weekday()
                && match by.nth {
                    None => true,
                    Some(nth) if nth > 0 => u32::from(nth.unsigned_abs()) == (day - 1) / 7 + 1,
                    Some(nth) => u32::from(nth.unsigned_abs()) == (length - day) / 7 + 1,
                }
        };
        self.by_day.is_empty() || self.by_day.iter().any(fits)
    }
}

/// Months since year 0.
fn months(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// Dates in ascending order.
#[derive(Debug)]
pub struct Dates<'a> {
    rule: &'a Rrule,
    anchor: NaiveDate,
    from: NaiveDate,
    through: NaiveDate,
    step: u32,
    /// The rest of the current step, last first.
    found: Vec<NaiveDate>,
}

impl Dates<'_> {
    /// Fills `found` with the dates of the current step; `None` when the step begins after the end.
    fn expand(&mut self) -> Option<()> {
        let rule = self.rule;
        let steps = u64::from(self.step) * u64::from(rule.interval);
        let start = match rule.frequency {
            Frequency::Daily => self.anchor.checked_add_days(Days::new(steps))?,
            Frequency::Weekly => rule.week_of(self.anchor).checked_add_days(Days::new(steps.checked_mul(7)?))?,
            Frequency::Monthly => {
                let month = months(self.anchor).checked_add(i64::try_from(steps).ok()?)?;
                let month0 = u32::try_from(month.rem_euclid(12)).ok()?;
                NaiveDate::from_ymd_opt(i32::try_from(month.div_euclid(12)).ok()?, month0 + 1, 1)?
            }
            Frequency::Yearly => {
                NaiveDate::from_ymd_opt(self.anchor.year().checked_add(i32::try_from(steps).ok()?)?, 1, 1)?
            }
        };
        if start > self.through {
            return None;
        }
        match rule.frequency {
            Frequency::Daily => {
                if rule.month_fits(start) && rule.month_day_fits(start) && rule.day_fits(start, false) {
                    self.keep(start);
                }
            }
            Frequency::Weekly => {
                for date in start.iter_days().take(7) {
                    let day = if rule.by_day.is_empty() {
                        date.weekday() == self.anchor.weekday()
                    } else {
                        rule.day_fits(date, false)
                    };
                    if day && rule.month_fits(date) {
                        self.keep(date);
                    }
                }
            }
            Frequency::Monthly => self.month(start, false),
            Frequency::Yearly => self.year(start.year()),
        }
        self.found.reverse();
        Some(())
    }

    fn year(&mut self, year: i32) {
        let rule = self.rule;
        let by_date_alone = rule.by_day.is_empty() && rule.by_month_day.is_empty();
        for month in 1..=12 {
            let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else { return };
            if by_date_alone && rule.by_month.is_empty() && month != self.anchor.month() {
                continue;
            }
            self.month(first, rule.by_month.is_empty());
        }
    }

    /// The month's dates; `yearly` when numbered weekdays count within the year.
    fn month(&mut self, first: NaiveDate, yearly: bool) {
        let rule = self.rule;
        if !rule.month_fits(first) {
            return;
        }
        if rule.by_day.is_empty() && rule.by_month_day.is_empty() {
            if let Some(date) = first.with_day(self.anchor.day()) {
                self.keep(date);
            }
            return;
        }
        for date in first.iter_days().take(usize::from(first.num_days_in_month())) {
            if rule.day_fits(date, yearly) && rule.month_day_fits(date) {
                self.keep(date);
            }
        }
    }

    fn keep(&mut self, date: NaiveDate) {
        if (self.from..=self.through).contains(&date) {
            self.found.push(date);
        }
    }
}

impl Iterator for Dates<'_> {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        loop {
            if let Some(date) = self.found.pop() {
                return Some(date);
            }
            self.expand()?;
            self.step = self.step.checked_add(1)?;
        }
    }
}
