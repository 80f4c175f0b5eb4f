//! Which days a view shows, and which come before and after.

use chrono::{Datelike as _, Days, Months, NaiveDate};

/// How many days the agenda tells at once.
const AGENDA_DAYS: u64 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    Month,
    Week,
    Agenda,
}

impl View {
    pub const ALL: [Self; 3] = [Self::Month, Self::Week, Self::Agenda];

    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Agenda => "agenda",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Month => "Month",
            Self::Week => "Week",
            Self::Agenda => "Agenda",
        }
    }

    /// The one asked for; the month for whoever asks for none that there is.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.name() == name).unwrap_or(Self::Month)
    }

    /// The first day shown, and how many.
    pub fn days(self, from: NaiveDate) -> (NaiveDate, u64) {
        match self {
            Self::Month => {
                let (first, next) = (month(from), later_month(month(from), true));
                let monday = monday(first);
                let days = (next - monday).num_days().unsigned_abs();
                (monday, days.div_ceil(7) * 7)
            }
            Self::Week => (monday(from), 7),
            Self::Agenda => (from, AGENDA_DAYS),
        }
    }

    /// A day of the stretch before or after.
    pub fn step(self, from: NaiveDate, forward: bool) -> NaiveDate {
        let days = |days| {
            let there = if forward { from.checked_add_days(days) } else { from.checked_sub_days(days) };
            there.unwrap_or(from)
        };
        match self {
            Self::Month => later_month(month(from), forward),
            Self::Week => days(Days::new(7)),
            Self::Agenda => days(Days::new(AGENDA_DAYS)),
        }
    }

    pub fn title(self, from: NaiveDate) -> String {
        let (first, days) = self.days(from);
        let last = first.checked_add_days(Days::new(days - 1)).unwrap_or(first);
        match self {
            Self::Month => from.format("%B %Y").to_string(),
            Self::Week | Self::Agenda => format!("{} – {}", first.format("%-d %B"), last.format("%-d %B %Y")),
        }
    }
}

fn month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

fn later_month(first: NaiveDate, forward: bool) -> NaiveDate {
    let one = Months::new(1);
    let there = if forward { first.checked_add_months(one) } else { first.checked_sub_months(one) };
    there.unwrap_or(first)
}

fn monday(date: NaiveDate) -> NaiveDate {
    let since = u64::from(date.weekday().num_days_from_monday());
    date.checked_sub_days(Days::new(since)).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::View;
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    #[test]
    fn a_month_is_shown_in_whole_weeks() {
        assert_eq!(View::Month.days(date("2026-11-20")), (date("2026-10-26"), 42));
        assert_eq!(View::Month.days(date("2027-02-11")), (date("2027-02-01"), 28));
        assert_eq!(View::Month.title(date("2026-11-20")), "November 2026");
        assert_eq!(View::Month.step(date("2026-01-31"), true), date("2026-02-01"));
        assert_eq!(View::Month.step(date("2026-01-31"), false), date("2025-12-01"));
    }

    #[test]
    fn a_week_begins_on_monday_and_an_agenda_where_one_asks() {
        assert_eq!(View::Week.days(date("2026-11-22")), (date("2026-11-16"), 7));
        assert_eq!(View::Week.step(date("2026-11-22"), false), date("2026-11-15"));
        assert_eq!(View::Week.title(date("2026-11-22")), "16 November – 22 November 2026");
        assert_eq!(View::Agenda.days(date("2026-11-22")), (date("2026-11-22"), 30));
        assert_eq!(View::named("nonsense"), View::Month);
    }
}
