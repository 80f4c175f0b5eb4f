//! From the wall to the instant and back, with the zone's rules at that date.
//!
//! What the wall does not show (clocks go forward) is read with the offset before the gap, so it moves forward by the
//! gap's length; what it shows twice (clocks go back) is the first of the two. Both as RFC 5545 asks, so calendar
//! clients agree.

use super::zone_name::ZoneName;
use crate::{Refusal, Timestamp};
use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{GapInfo, TZ_VARIANTS, Tz};

impl ZoneName {
    /// The zone's rules, or a refusal that names the nearest known zone.
    pub fn resolve(&self) -> Result<Tz, Refusal> {
        self.as_str().parse().map_err(|_| {
            let allowed = match nearest(self.as_str()) {
                Some(name) => format!("an IANA time zone; did you mean “{name}”?"),
                None => "an IANA time zone such as “Europe/London” or “UTC”".to_owned(),
            };
            Refusal::invalid("zone", format!("“{self}”"), allowed)
        })
    }
}

/// The same letters in other cases, or the same city.
fn nearest(name: &str) -> Option<&'static str> {
    let plain = |text: &str| text.to_ascii_lowercase().replace([' ', '-'], "_");
    let wanted = plain(name);
    let city = wanted.rsplit('/').next().unwrap_or_default().to_owned();
    let known = || TZ_VARIANTS.iter().map(|zone| zone.name());
    known()
        .find(|zone| plain(zone) == wanted)
        .or_else(|| known().find(|zone| zone.contains('/') && plain(zone).rsplit('/').next() == Some(city.as_str())))
}

/// An instant for a local time, and whether that time exists nowhere and was moved.
pub(super) fn instant(zone: Tz, local: NaiveDateTime) -> (Timestamp, bool) {
    match zone.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => {
            (shifted(local, offset.fix().local_minus_utc()), false)
        }
        LocalResult::None => {
            let before =
                GapInfo::new(&local, &zone).and_then(|gap| gap.begin).map_or(0, |(_, o)| o.fix().local_minus_utc());
            (shifted(local, before), true)
        }
    }
}

/// The instant at which the clocks jump over a local time that does not exist.
pub(super) fn jump_over(zone: Tz, local: NaiveDateTime) -> Option<Timestamp> {
    GapInfo::new(&local, &zone)?.end.map(|end| end.with_timezone(&Utc))
}

fn shifted(local: NaiveDateTime, offset_seconds: i32) -> Timestamp {
    let utc = local.checked_sub_signed(chrono::Duration::seconds(i64::from(offset_seconds)));
    utc.unwrap_or(local).and_utc()
}

/// What the wall shows, and by how many minutes it is ahead of UTC.
pub(super) fn wall(zone: Tz, at: Timestamp) -> (NaiveDateTime, i32) {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let local = at.naive_utc().checked_add_signed(chrono::Duration::seconds(i64::from(offset)));
    (local.unwrap_or(at.naive_utc()), offset / 60)
}

/// Any instant, brought into the years 1 to 9999, where every sum in the calendar stays within range.
pub(super) fn within(at: Timestamp) -> Timestamp {
    let first = DateTime::from_timestamp(-62_135_596_800, 0).unwrap_or(DateTime::UNIX_EPOCH);
    let last = DateTime::from_timestamp(253_402_300_740, 0).unwrap_or(DateTime::UNIX_EPOCH);
    at.clamp(first, last)
}

pub(super) fn days_before(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN)
}

pub(super) fn days_after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(NaiveDate::MAX)
}
