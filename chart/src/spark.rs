//! A trend as a line of the size of a word; what it says stands beside it in words.

use std::fmt::Write as _;

const WIDE: f64 = 80.0;
const HIGH: f64 = 20.0;
/// Lines are as thick as that; the outermost stay inside.
const EDGE: f64 = 2.0;

/// The values in their order, evenly apart; where there is none, there is a gap. Nothing without at least two values.
pub fn spark(values: &[Option<f64>]) -> String {
    let known = values.iter().flatten().copied().filter(|value| value.is_finite());
    let (low, high, count) = known.fold((f64::INFINITY, f64::NEG_INFINITY, 0_usize), |(low, high, count), value| {
        (low.min(value), high.max(value), count + 1)
    });
    if count < 2 {
        return String::new();
    }
    let range = if high > low { high - low } else { 1.0 };
    // One that does not change lies in the middle.
    let lift = if high > low { 0.0 } else { 0.5 };
    #[expect(clippy::cast_precision_loss, reason = "a few hundred windows")]
    let step = WIDE / (values.len().max(2) - 1) as f64;
    let mut path = String::new();
    let (mut x, mut open) = (0.0, false);
    for value in values {
        match value.filter(|value| value.is_finite()) {
            Some(value) => {
                let part = (value - low) / range + lift;
                let y = HIGH - EDGE - part * (HIGH - 2.0 * EDGE);
                let _ = write!(path, "{}{x:.1} {y:.1}", if open { 'L' } else { 'M' });
                open = true;
            }
            None => open = false,
        }
        x += step;
    }
    format!(
        "<svg class=\"spark\" viewBox=\"0 0 {WIDE:.0} {HIGH:.0}\" width=\"{WIDE:.0}\" height=\"{HIGH:.0}\" \
         aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\"><path d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::spark;

    #[test]
    fn a_line_goes_through_the_values_and_leaves_gaps() {
        let drawn = spark(&[Some(0.0), Some(1.0), None, Some(0.5), Some(0.5)]);
        assert!(drawn.contains("d=\"M0.0 18.0L20.0 2.0M60.0 10.0L80.0 10.0\""), "{drawn}");
    }

    #[test]
    fn one_value_is_no_trend_and_a_flat_one_lies_in_the_middle() {
        assert_eq!(spark(&[Some(1.0), None, Some(f64::NAN)]), "");
        assert!(spark(&[Some(3.0), Some(3.0)]).contains("M0.0 10.0L80.0 10.0"));
    }
}
