//! An instant: absolute in UTC as the server writes it; the browser side makes it relative, with local time and UTC at hand.

use super::Markup;
use domain::Timestamp;
use leptos::prelude::*;

#[component]
pub fn When(at: Timestamp) -> impl IntoView {
    Markup::new().time(at).view()
}

/// In words that a glance takes in. Both are milliseconds since 1970.
pub fn relative(now: i64, at: i64) -> String {
    let seconds = (now - at) / 1_000;
    let span = |n: i64, unit: &str| if seconds < 0 { format!("in {n} {unit}") } else { format!("{n} {unit} ago") };
    match seconds.abs() {
        0..10 => "just now".to_owned(),
        s @ 10..90 => span(s / 10 * 10, "s"),
        s @ 90..5_400 => span((s + 30) / 60, "min"),
        s @ 5_400..129_600 => span((s + 1_800) / 3_600, "h"),
        s => span((s + 43_200) / 86_400, "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn spans_read_well_in_both_directions() {
        assert_eq!(relative(10_000, 5_000), "just now");
        assert_eq!(relative(64_000, 0), "60 s ago");
        assert_eq!(relative(600_000, 0), "10 min ago");
        assert_eq!(relative(0, 7_200_000), "in 2 h");
        assert_eq!(relative(86_400_000 * 3, 0), "3 days ago");
    }
}
