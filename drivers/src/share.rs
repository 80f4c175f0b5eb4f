//! Shares of traffic as other sides write them: numbers from 0 to 100.

use domain::playbook::Percent;

/// Rounded to a thousandth; none for what is no share.
pub fn percent(of_hundred: f64) -> Option<Percent> {
    // Rust writes numbers that are none as words, which are no share either.
    format!("{of_hundred:.3} %").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::percent;
    use domain::playbook::Percent;

    #[test]
    fn only_shares_are_shares() {
        assert_eq!(percent(25.0), Some(Percent::of(25)));
        assert_eq!(percent(100.0), Some(Percent::whole()));
        assert_eq!(percent(33.333_333).map(|share| share.amount().thousandths()), Some(33_333));
        for none in [-1.0, 100.1, f64::NAN, f64::INFINITY] {
            assert_eq!(percent(none), None, "{none}");
        }
    }
}
