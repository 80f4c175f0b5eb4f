//! Figures in words: lengths of time, rates and frequencies as people say them. Nothing is “no data”, never 0.

use domain::dora::{FigureName, Point, Unit};

pub const NO_DATA: &str = "no data";

/// The value of a figure.
pub fn value(unit: Unit, value: Option<f64>) -> String {
    let Some(value) = value else { return NO_DATA.to_owned() };
    match unit {
        Unit::Seconds => span(value),
        Unit::PerDay if value < 1.0 && value > 0.0 => format!("{} a week", short(value * 7.0)),
        Unit::PerDay => format!("{} a day", short(value)),
        Unit::Ratio => format!("{} %", short(value * 100.0)),
        Unit::PerRelease => format!("{} per deployment", short(value)),
    }
}

/// On what a figure rests.
pub fn rests_on(figure: FigureName, point: &Point) -> String {
    let n = point.n;
    let noun = match (figure, figure.unit()) {
        (FigureName::ChangeLeadTime | FigureName::MergeLeadTime, _) => plural(n, "change", "changes"),
        (FigureName::TimeToRestore, _) => plural(n, "incident", "incidents"),
        (FigureName::RolloutFailureRate, _) => plural(n, "rollout", "rollouts"),
        (_, Unit::Seconds | Unit::PerDay | Unit::Ratio | Unit::PerRelease) => plural(n, "deployment", "deployments"),
    };
    match (figure.unit(), point.of) {
        (Unit::Ratio, Some(of)) => format!("{of} of {noun}"),
        (Unit::PerRelease, Some(of)) => format!("{} after {noun}", plural(of, "incident", "incidents")),
        _ => format!("from {noun}"),
    }
}

pub fn plural(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Two units at most: `3 d 4 h`, `12 min`, `40 s`; with a sign where it is negative.
pub fn span(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "−" } else { "" };
    let whole = seconds.abs().round();
    let parts = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min"), (1.0, "s")];
    let Some(at) = parts.iter().position(|(length, _)| whole >= *length) else { return format!("{sign}0 s") };
    let (length, unit) = parts[at];
    let (first, rest) = ((whole / length).floor(), whole % length);
    let second = parts.get(at + 1).map(|(length, unit)| ((rest / length).floor(), *unit));
    match second {
        Some((second, second_unit)) if second >= 1.0 => format!("{sign}{first} {unit} {second} {second_unit}"),
        _ => format!("{sign}{first} {unit}"),
    }
}

/// Three digits that matter, no zeros behind.
pub fn short(value: f64) -> String {
    let digits = match value.abs() {
        v if v >= 100.0 => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.digits$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{NO_DATA, rests_on, short, span, value};
    use domain::dora::{FigureName, Point, Unit};

    #[test]
    fn nothing_is_never_zero() {
        for unit in [Unit::Seconds, Unit::PerDay, Unit::Ratio, Unit::PerRelease] {
            assert_eq!(value(unit, None), NO_DATA);
            assert!(value(unit, Some(0.0)).starts_with('0'));
        }
    }

    #[test]
    fn lengths_read_as_people_say_them() {
        let cases = [
            (0.2, "0 s"),
            (59.6, "1 min"),
            (3_599.0, "59 min 59 s"),
            (93_600.0, "1 d 2 h"),
            (-90.0, "−1 min 30 s"),
            (864_000.0, "10 d"),
        ];
        for (seconds, words) in cases {
            assert_eq!(span(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn rates_and_frequencies_say_what_they_are_of() {
        assert_eq!(value(Unit::Ratio, Some(1.0 / 7.0)), "14.3 %");
        assert_eq!(value(Unit::PerDay, Some(3.0 / 7.0)), "3 a week");
        assert_eq!(value(Unit::PerDay, Some(2.5)), "2.5 a day");
        assert_eq!(short(1234.4), "1234");
        let point = Point { value: Some(0.5), n: 2, of: Some(1) };
        assert_eq!(rests_on(FigureName::ChangeFailRate, &point), "1 of 2 deployments");
        assert_eq!(rests_on(FigureName::ChangeLeadTime, &Point { of: None, n: 1, ..point }), "from 1 change");
    }
}
