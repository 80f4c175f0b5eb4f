//! Where the lines of the grid stand and what they are called; plain arithmetic, so that every machine agrees.

use crate::{Unit, model::seconds};

const POWERS: [f64; 19] =
    [1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14];
/// Above the line at nothing.
const STEPS: f64 = 4.0;

const DAY: i64 = 86_400;
const SPANS: [i64; 18] =
    [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, DAY];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// From nothing to `high`, in four or five lines.
pub(crate) struct Values {
    pub(crate) high: f64,
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Values {
    pub(crate) fn up_to(highest: f64, unit: Unit) -> Self {
        let highest = highest.max(unit.least());
        let steps = POWERS.iter().flat_map(|power| [1.0, 2.0, 2.5, 5.0].map(|times| times * power));
        let step = steps.into_iter().find(|step| step * STEPS >= highest).unwrap_or(highest / STEPS);
        let count = if step * 3.0 >= highest { 3 } else { 4 };
        let high = step * f64::from(count);
        let ticks = (0..=count).map(|n| (step * f64::from(n), unit.tick(step * f64::from(n), step, high)));
        Self { high, ticks: ticks.collect() }
    }
}

/// From the first to the last second, with the times that are told, at most `most`.
pub(crate) struct Times {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) ticks: Vec<(i64, String)>,
}

impl Times {
    pub(crate) fn over(all: impl Iterator<Item = i64>, most: usize) -> Self {
        let found = all.map(seconds).fold(None, |span: Option<(i64, i64)>, at| {
            Some(span.map_or((at, at), |(from, to)| (from.min(at), to.max(at))))
        });
        let Some((from, to)) = found else { return Self { from: 0, to: 60, ticks: Vec::new() } };
        let (from, to) = if from == to { (from - 30, to + 30) } else { (from, to) };
        let step = step(to - from, most);
        let first = from.div_euclid(step) + i64::from(from.rem_euclid(step) != 0);
        let ticks = (first..).map(|n| n * step).take_while(|at| *at <= to).take(most).map(|at| (at, name(at, step)));
        Self { from, to, ticks: ticks.collect() }
    }
}

/// Between two times that are told.
fn step(span: i64, most: usize) -> i64 {
    let most = i64::try_from(most).unwrap_or(2).max(2) - 1;
    let days = (1..40).map(|n| DAY << n);
    SPANS.into_iter().chain(days).find(|step| span / step <= most).unwrap_or(span.max(1))
}

fn name(at: i64, step: i64) -> String {
    if step >= DAY {
        let (month, day) = date(at.div_euclid(DAY));
        return format!("{day} {month}");
    }
    let second = at.rem_euclid(DAY);
    let (hour, minute) = (second / 3_600, second / 60 % 60);
    if step < 60 { format!("{hour:02}:{minute:02}:{:02}", second % 60) } else { format!("{hour:02}:{minute:02}") }
}

/// Month and day of a day since 1970: counted from 1 March of a cycle of 400 years, where leap days come last.
fn date(day: i64) -> (&'static str, i64) {
    let of_cycle = (day + 719_468).rem_euclid(146_097);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = usize::try_from((month + 2) % 12).unwrap_or_default();
    (MONTHS.get(month).copied().unwrap_or_default(), day)
}

#[cfg(test)]
mod tests {
    use super::{DAY, Times, Values, date};
    use crate::Unit;

    fn names(highest: f64, unit: Unit) -> Vec<String> {
        Values::up_to(highest, unit).ticks.into_iter().map(|(_, name)| name).collect()
    }

    #[test]
    fn an_axis_of_values_has_four_or_five_lines() {
        assert_eq!(names(0.0, Unit::Share), ["0.00 %", "0.05 %", "0.10 %", "0.15 %", "0.20 %"]);
        assert_eq!(names(0.93, Unit::Share), ["0 %", "25 %", "50 %", "75 %", "100 %"]);
        assert_eq!(names(412.0, Unit::Milliseconds), ["0 ms", "200 ms", "400 ms", "600 ms"]);
        assert_eq!(names(48_000.0, Unit::PerSecond), ["0 k/s", "20 k/s", "40 k/s", "60 k/s"]);
        for n in 0..2_000 {
            let highest = f64::from(n) * f64::from(n) * 7.3 + 0.003;
            for unit in [Unit::Share, Unit::Milliseconds, Unit::PerSecond] {
                let values = Values::up_to(highest, unit);
                assert!(values.high >= highest && (4..=5).contains(&values.ticks.len()), "{highest}");
            }
        }
    }

    #[test]
    fn times_stand_on_round_ones() {
        let noon = 1_763_726_400; // 2025-11-21, 12:00 UTC
        let told = |from, to| -> Vec<String> {
            Times::over([from, to].into_iter(), 6).ticks.into_iter().map(|(_, name)| name).collect()
        };
        assert_eq!(told(noon + 70, noon + 1_500), ["12:05", "12:10", "12:15", "12:20", "12:25"]);
        assert_eq!(told(noon, noon + 20), ["12:00:00", "12:00:05", "12:00:10", "12:00:15", "12:00:20"]);
        assert_eq!(told(noon, noon + 3 * DAY), ["22 Nov", "23 Nov", "24 Nov"]);
        assert_eq!(told(noon, noon).len(), 5);
        assert!(told(i64::MIN, i64::MAX).len() <= 6);
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(date(0), ("Jan", 1));
        assert_eq!(date(-1), ("Dec", 31));
        assert_eq!(date(11_016), ("Feb", 29)); // of 2000
        assert_eq!(date(20_413), ("Nov", 21)); // of 2025
    }
}
