//! The pair of weights that gives a share. HAProxy's weights are whole numbers up to 256.

use domain::playbook::Percent;

/// Of a hundred where the share is whole, of 256 otherwise: never further off than half a percentage point.
///
/// A share that is more than nothing and less than all stays so.
pub(super) fn pair(share: Percent) -> (u32, u32) {
    let thousandths = share.amount().thousandths();
    if thousandths.is_multiple_of(1000) {
        let part = thousandths / 1000;
        return (part, 100 - part);
    }
    let part = ((thousandths * 256 + 50_000) / 100_000).clamp(1, 255);
    (part, 256 - part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_is_met_within_half_a_point_and_the_ends_exactly() {
        for thousandths in 0..=100_000_u32 {
            let text = format!("{}.{:03} %", thousandths / 1000, thousandths % 1000);
            let share: Percent = text.parse().expect("a share");
            let (part, rest) = pair(share);
            assert!(part <= 256 && rest <= 256);
            let found = f64::from(part) * 100.0 / f64::from(part + rest);
            assert!((found - f64::from(thousandths) / 1000.0).abs() <= 0.5, "{text}: {part}/{rest}");
            assert_eq!(part == 0, thousandths == 0, "{text}");
            assert_eq!(rest == 0, thousandths == 100_000, "{text}");
        }
        assert_eq!(pair(Percent::of(25)), (25, 75));
    }
}
