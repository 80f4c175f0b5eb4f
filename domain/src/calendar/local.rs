//! Times as people and programs write them, read as what the wall of a zone shows.

use super::clock_time::quoted;
use super::zone::{instant, wall};
use super::zone_name::ZoneName;
use crate::{Refusal, Timestamp};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

const ALLOWED: &str = "a local time such as “2027-03-22T09:00”, a date, or a time with an offset such as “…:00Z”";

/// A local time as it stands; a time with an offset as the zone's wall shows it then; a date as its midnight.
pub fn local_time(field: &'static str, text: &str, zone: &ZoneName) -> Result<NaiveDateTime, Refusal> {
    let text = text.trim();
    for form in ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"] {
        if let Ok(local) = NaiveDateTime::parse_from_str(text, form) {
            return Ok(local);
        }
    }
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(date.and_time(NaiveTime::MIN));
    }
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| Refusal::invalid(field, quoted(text), ALLOWED))?;
    Ok(wall(zone.resolve()?, at.with_timezone(&Utc)).0)
}

impl ZoneName {
    /// What the wall of the zone shows, and how many minutes it is ahead of UTC.
    pub fn wall(&self, at: Timestamp) -> Result<(NaiveDateTime, i32), Refusal> {
        Ok(wall(self.resolve()?, at))
    }

    /// The instant of a local time; what the clocks skip moves forward, what they show twice is the first.
    pub fn instant(&self, local: NaiveDateTime) -> Result<Timestamp, Refusal> {
        Ok(instant(self.resolve()?, local).0)
    }
}

#[cfg(test)]
mod tests {
    use super::local_time;
    use crate::calendar::ZoneName;

    #[test]
    fn local_times_dates_and_instants_are_read() {
        let zone: ZoneName = "Europe/London".parse().expect("a zone");
        let read = |text: &str| local_time("from", text, &zone).map(|t| t.format("%F %R").to_string());
        for text in ["2027-07-01T09:00", "2027-07-01T09:00:00", "2027-07-01 09:00", "2027-07-01T08:00:00Z"] {
            assert_eq!(read(text).expect(text), "2027-07-01 09:00", "{text}");
        }
        assert_eq!(read("2027-07-01T11:00:00+03:00").expect("an offset"), "2027-07-01 09:00");
        assert_eq!(read("2027-07-01").expect("a date"), "2027-07-01 00:00");
        for text in ["", "tomorrow", "2027-02-30", "2027-07-01T25:00"] {
            let no = read(text).expect_err(text);
            assert_eq!(no.field.as_deref(), Some("from"), "{text}");
        }
    }
}
