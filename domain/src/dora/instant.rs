//! Instants as whole microseconds, so that columns of them are small and sums are exact.

use crate::Timestamp;
use chrono::DateTime;

/// Years 1 to 9999; what lies outside is brought to the edge, so that no difference overflows.
const FIRST: i64 = -62_135_596_800_000_000;
const LAST: i64 = 253_402_300_799_999_999;

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const HOUR: i64 = 3_600 * SECOND;
pub(super) const DAY: i64 = 24 * HOUR;

/// What is finer than a microsecond is dropped.
pub(super) fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros().clamp(FIRST, LAST)
}

pub(super) fn timestamp(micros: i64) -> Timestamp {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "2^53 microseconds are 285 years; beyond that the last digits do not matter"
)]
pub(super) fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}

/// A count as a number to divide.
#[expect(clippy::cast_precision_loss, reason = "nobody counts to 2^53")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

/// A place in a column; columns end long before four billion.
pub(super) fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
