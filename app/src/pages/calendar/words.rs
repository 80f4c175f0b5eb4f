//! Times of the calendar in words.

use chrono::{NaiveDateTime, NaiveTime};

/// “12:00–14:00”, “all day”, “Thu 26 Mar 18:00 – Fri 27 Mar 12:00”.
pub fn stretch(starts: NaiveDateTime, ends: NaiveDateTime) -> String {
    if starts.time() == NaiveTime::MIN && ends.time() == NaiveTime::MIN && starts < ends {
        let last = ends.date().pred_opt().unwrap_or(ends.date());
        return if last == starts.date() {
            "all day".to_owned()
        } else {
            format!("{} to {}, all day", starts.format("%a %-d %b"), last.format("%a %-d %b"))
        };
    }
    if starts.date() == ends.date() {
        return format!("{}–{}", starts.format("%H:%M"), ends.format("%H:%M"));
    }
    format!("{} – {}", starts.format("%a %-d %b %H:%M"), ends.format("%a %-d %b %H:%M"))
}

#[cfg(test)]
mod tests {
    use super::stretch;

    #[test]
    fn stretches_are_told_as_short_as_they_can_be() {
        let at = |text: &str| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect(text);
        let told = |from: &str, to: &str| stretch(at(from), at(to));
        assert_eq!(told("2026-03-27 12:00", "2026-03-27 14:00"), "12:00–14:00");
        assert_eq!(told("2026-03-26 18:00", "2026-03-27 12:00"), "Thu 26 Mar 18:00 – Fri 27 Mar 12:00");
        assert_eq!(told("2026-12-25 00:00", "2026-12-26 00:00"), "all day");
        assert_eq!(told("2026-12-23 00:00", "2026-12-25 00:00"), "Wed 23 Dec to Thu 24 Dec, all day");
    }
}
