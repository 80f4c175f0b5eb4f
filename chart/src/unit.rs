//! Units and how numbers of them are said.

use std::fmt::Write as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of one; told in percent.
    Share,
    Milliseconds,
    /// Requests in a second.
    PerSecond,
}

impl Unit {
    /// A single value, as people say it.
    pub fn say(self, value: f64) -> String {
        if !value.is_finite() {
            return "not known".to_owned();
        }
        let (shown, after) = self.shown(value, value.abs());
        let digits = match shown.abs() {
            size if size >= 10.0 => 0,
            size if size >= 1.0 => 1,
            _ => 2,
        };
        number(shown, digits) + after
    }

    /// Values on an axis, all with as many digits as the step between them needs.
    pub(crate) fn tick(self, value: f64, step: f64, highest: f64) -> String {
        let (shown, after) = self.shown(value, highest);
        let (step, _) = self.shown(step, highest);
        let mut scaled = step;
        let mut digits = 0;
        while digits < 4 && (scaled - scaled.round()).abs() > 1e-6 {
            scaled *= 10.0;
            digits += 1;
        }
        let mut text = String::new();
        let _ = write!(text, "{shown:.digits$}");
        grouped(&text) + after
    }

    /// The highest that an axis ends at least with, so that noise near nothing does not fill it.
    pub(crate) const fn least(self) -> f64 {
        match self {
            Self::Share => 0.002,
            Self::Milliseconds | Self::PerSecond => 1.0,
        }
    }

    /// A value in the unit that fits one of this size, and what is written after it.
    fn shown(self, value: f64, size: f64) -> (f64, &'static str) {
        match self {
            Self::Share => (value * 100.0, " %"),
            Self::Milliseconds if size >= 10_000.0 => (value / 1_000.0, " s"),
            Self::Milliseconds => (value, " ms"),
            Self::PerSecond if size >= 1e6 => (value / 1e6, " M/s"),
            Self::PerSecond if size >= 1e4 => (value / 1e3, " k/s"),
            Self::PerSecond => (value, "/s"),
        }
    }
}

/// Without zeros at its end.
fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    grouped(if text == "-0" { "0" } else { text })
}

/// Thousands apart from ten thousand on.
fn grouped(text: &str) -> String {
    let (whole, fraction) = text.split_once('.').map_or((text, ""), |(whole, _)| (whole, &text[whole.len()..]));
    if whole.len() < 5 {
        return text.to_owned();
    }
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

#[cfg(test)]
mod tests {
    use super::Unit;

    #[test]
    fn values_are_said_with_the_digits_that_matter() {
        let said: Vec<String> = [0.0, 0.000_12, 0.002, 0.0216, 0.5, 1.0].map(|v| Unit::Share.say(v)).into();
        assert_eq!(said, ["0 %", "0.01 %", "0.2 %", "2.2 %", "50 %", "100 %"]);
        let said: Vec<String> = [3.26, 312.4, 9_999.0, 12_500.0].map(|v| Unit::Milliseconds.say(v)).into();
        assert_eq!(said, ["3.3 ms", "312 ms", "9999 ms", "12 s"]);
        let said: Vec<String> = [0.25, 1_234.0, 56_000.0, 2.5e6].map(|v| Unit::PerSecond.say(v)).into();
        assert_eq!(said, ["0.25/s", "1234/s", "56 k/s", "2.5 M/s"]);
        assert_eq!(Unit::Share.say(f64::NAN), "not known");
    }

    #[test]
    fn ticks_of_one_axis_have_the_same_digits() {
        let ticks: Vec<String> = [0.0, 0.025, 0.05].map(|v| Unit::Share.tick(v, 0.025, 0.1)).into();
        assert_eq!(ticks, ["0.0 %", "2.5 %", "5.0 %"]);
        let ticks: Vec<String> = [0.0, 5_000.0].map(|v| Unit::Milliseconds.tick(v, 5_000.0, 20_000.0)).into();
        assert_eq!(ticks, ["0 s", "5 s"]);
    }
}
