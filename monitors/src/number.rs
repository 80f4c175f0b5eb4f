//! What counts as a value: finite, not negative, of this window. Everything else is a reason in words.

use chrono::TimeDelta;
use control::monitor::{Missing, Question};
use domain::Timestamp;

/// A source's clock may be so far ahead of ours.
const AHEAD: TimeDelta = TimeDelta::seconds(5);

/// A number as sources write it, `NaN` and `+Inf` included.
pub fn parse(text: &str) -> Option<f64> {
    match text {
        "+Inf" | "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        // Rust reads words such as “infinity”, which no source writes.
        _ if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) => text.parse().ok(),
        _ => None,
    }
}

/// The value, when it can be one of a count or a gauge.
pub fn sound(what: &str, value: f64) -> Result<f64, Missing> {
    if value.is_nan() {
        return Err(Missing::failed(format!("{what} is NaN: not a number, as after a division by nothing.")));
    }
    if value.is_infinite() {
        return Err(Missing::failed(format!("{what} is infinite.")));
    }
    if value < 0.0 {
        return Err(Missing::failed(format!("{what} is {value}, which is less than nothing.")));
    }
    // Adding zero turns -0 into 0.
    Ok(value + 0.0)
}

/// An instant from seconds since 1970 as JSON has them, fractions included.
pub fn instant(seconds: f64) -> Option<Timestamp> {
    let milliseconds = seconds * 1000.0;
    if !(0.0..=1e15).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 1e15")]
    Timestamp::from_timestamp_millis(milliseconds.round() as i64)
}

/// Whether a value taken then speaks of this window.
pub fn fresh(what: &str, at: Timestamp, question: &Question) -> Result<Timestamp, Missing> {
    let age = question.end - at;
    if age > TimeDelta::seconds(question.window.seconds().into()) {
        let why = format!(
            "{what} is {} s old, older than the window of {} s: nothing newer was measured.",
            age.num_seconds(),
            question.window.seconds()
        );
        return Err(Missing::absent(why));
    }
    if age < -AHEAD {
        let ahead = -age.num_seconds();
        return Err(Missing::failed(format!("{what} is {ahead} s ahead of our clock; one of the two is wrong.")));
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_sources_write_is_read() {
        assert_eq!(parse("12.5"), Some(12.5));
        assert_eq!(parse("5e-05"), Some(0.00005));
        assert_eq!(parse("+Inf"), Some(f64::INFINITY));
        assert!(parse("NaN").is_some_and(f64::is_nan));
        for wrong in ["", "infinity", "nan", "1,5", "0x10", "12 "] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn no_time_makes_it_panic() {
        for seconds in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert_eq!(instant(seconds), None);
        }
        assert_eq!(instant(1.5).map(|at| at.timestamp_millis()), Some(1_500));
    }
}
