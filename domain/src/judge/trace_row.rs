//! One row of a trace: every field checked, none trusted.

use super::histogram::Histogram;
use super::share::Share;
use super::trace_error::TraceError;
use super::trace_header::Columns;
use super::window::Arm;

/// Minutes may lie this far from the rollout's start: a month.
const FURTHEST: i32 = 43_200;

/// One row.
pub(super) struct Row {
    pub minute: i32,
    pub canary: bool,
    pub measured: Measured,
}

/// What a row says about its arm.
pub(super) struct Measured {
    pub share: Share,
    pub arm: Arm,
}

impl Row {
    /// Reads a row; the first field that makes no sense is returned.
    pub fn parse(line: &str, number: usize, columns: &Columns) -> Result<Self, TraceError> {
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        if fields.len() != columns.names.len() {
            let found = format!("{} fields", fields.len());
            return Err(TraceError::new(number, "row", &found, format!("{} fields", columns.names.len())));
        }
        let field = |place: usize| fields.get(place).copied().unwrap_or_default();
        let refuse = |place: usize, allowed: &str| TraceError::new(number, columns.name(place), field(place), allowed);
        let count = |place: usize| {
            let value = field(place).parse().ok();
            let value = value.and_then(|value| super::invalid::count(columns.name(place), value).ok());
            value.ok_or_else(|| refuse(place, "a number from 0 to 1e15"))
        };
        let minute = field(columns.minute).parse().ok().filter(|minute| (-FURTHEST..=FURTHEST).contains(minute));
        let minute = minute.ok_or_else(|| refuse(columns.minute, "a whole number from -43200 to 43200"))?;
        let canary = match field(columns.arm) {
            "stable" => false,
            "canary" if minute >= 0 => true,
            "canary" => return Err(refuse(columns.arm, "stable, as long as the minute is below 0")),
            _ => return Err(refuse(columns.arm, "stable or canary")),
        };
        let share = field(columns.share).parse().ok().and_then(|share| Share::new(share).ok());
        let share = share.ok_or_else(|| refuse(columns.share, "a number from 0 to 1"))?;
        let buckets = columns.buckets.iter().map(|place| count(*place)).collect::<Result<Vec<f64>, _>>()?;
        let at_line = |invalid| TraceError::at(number, invalid);
        let latency = Histogram::from_buckets(columns.bounds.clone(), buckets).map_err(at_line)?;
        let (requests, errors) = (count(columns.requests)?, count(columns.errors)?);
        let arm = Arm::new(requests, errors, Some(latency)).map_err(at_line)?;
        Ok(Self { minute, canary, measured: Measured { share, arm } })
    }
}
