//! Repetition by calendar date: the part of RFC 5545's RRULE that release calendars use.
//!
//! Own code rather than the `rrule` crate: that one refuses a local time that happens twice and repeats or drops
//! dates around clock changes (its issues 115 and 145), and works on instants where rules here work on dates.

mod dates;
mod parts;
mod text;
mod words;

pub use dates::Dates;
pub use parts::{ByDay, Ends, Frequency, Rrule, Until};

/// Rules begin in this year at the earliest and have no occurrence outside of these years.
pub const FIRST_YEAR: i32 = 1970;
/// The last year in which anything occurs.
pub const LAST_YEAR: i32 = 2199;

/// 31 December of the last year.
pub(super) const LAST_DAY: chrono::NaiveDate = match chrono::NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31) {
    Some(day) => day,
    None => chrono::NaiveDate::MAX,
};
