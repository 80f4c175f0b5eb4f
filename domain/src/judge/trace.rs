//! Reads a recorded rollout: CSV, one row per minute and arm, minutes below 0 being stable's history.

use super::history::History;
use super::share::Share;
use super::trace_error::TraceError;
use super::trace_header::Columns;
use super::trace_row::{Measured, Row};
use super::window::{Reading, Window, WindowLength};

/// The shares of both arms may miss 1 by so much rounding.
const SHARE_ROUNDING: f64 = 0.011;

/// A recorded rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// What stable did before.
    pub history: History,
    /// Every minute from 0 to the last, those without any row included.
    pub minutes: Vec<TraceMinute>,
}

/// One minute of a rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceMinute {
    /// Minutes since the rollout began.
    pub minute: i32,
    /// The canary's configured share.
    pub share: Share,
    /// What was measured.
    pub window: Window,
}

/// The rows of one minute.
struct Minute {
    line: usize,
    number: i32,
    stable: Option<Measured>,
    canary: Option<Measured>,
}

impl Trace {
    /// Reads a trace; the first thing wrong with it is returned with its line.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let Some((header, 1)) = lines.next() else {
            return Err(TraceError::new(1, "header", "nothing", "the names of the columns"));
        };
        let columns = Columns::parse(header)?;
        let mut minutes: Vec<Minute> = Vec::new();
        let mut last_line = 1;
        for (line, number) in lines {
            last_line = number;
            place(&mut minutes, Row::parse(line, number, &columns)?, number)?;
        }
        let live = minutes.iter().position(|minute| minute.number >= 0);
        let Some(live) = live else {
            let found = if minutes.is_empty() { "no rows" } else { "history only" };
            return Err(TraceError::new(last_line, "minute", found, "at least one minute from 0 on"));
        };
        let rollout = minutes.split_off(live);
        let windows = minutes.into_iter().filter_map(|minute| Some(minute.stable?.arm)).collect();
        Ok(Self { history: History::new(WindowLength::MINUTE, windows), minutes: fill(rollout)? })
    }
}

/// Puts a row into its minute; minutes must not go back and an arm must not come twice.
fn place(minutes: &mut Vec<Minute>, row: Row, line: usize) -> Result<(), TraceError> {
    if let Some(last) = minutes.last().filter(|last| last.number > row.minute) {
        let allowed = format!("rows in ascending order, here {} or later", last.number);
        return Err(TraceError::new(line, "minute", &row.minute.to_string(), allowed));
    }
    if minutes.last().is_none_or(|last| last.number < row.minute) {
        minutes.push(Minute { line, number: row.minute, stable: None, canary: None });
    }
    let Some(minute) = minutes.last_mut() else { return Ok(()) };
    minute.line = line;
    let slot = if row.canary { &mut minute.canary } else { &mut minute.stable };
    if slot.is_some() {
        let arm = if row.canary { "canary" } else { "stable" };
        let found = format!("{arm} twice in minute {}", row.minute);
        return Err(TraceError::new(line, "arm", &found, "one row per minute and arm"));
    }
    *slot = Some(row.measured);
    Ok(())
}

/// Every minute from 0 on; one without rows keeps the share of the minute before and has no data.
fn fill(rollout: Vec<Minute>) -> Result<Vec<TraceMinute>, TraceError> {
    let mut filled: Vec<TraceMinute> = Vec::new();
    for minute in rollout {
        let share = minute.share()?;
        let before = filled.last().map_or(share, |last| last.share);
        let next = filled.last().map_or(0, |last| last.minute + 1);
        filled.extend((next..minute.number).map(|gap| TraceMinute::new(gap, before, None, None)));
        // 1 − 0.95 is the same phase as 0.05.
        let share = if share.same_as(before) { before } else { share };
        filled.push(TraceMinute::new(minute.number, share, minute.stable, minute.canary));
    }
    Ok(filled)
}

impl Minute {
    /// The canary's share, as its own row or else stable's tells.
    fn share(&self) -> Result<Share, TraceError> {
        let stable = self.stable.as_ref().map(|stable| stable.share);
        let canary = self.canary.as_ref().map(|canary| canary.share);
        if let (Some(stable), Some(canary)) = (stable, canary)
            && (stable.get() + canary.get() - 1.0).abs() > SHARE_ROUNDING
        {
            let found = format!("{canary} canary, {stable} stable");
            return Err(TraceError::new(self.line, "share", &found, "shares of one minute that add up to 1"));
        }
        Ok(canary.or(stable.map(Share::rest)).unwrap_or(Share::ALL))
    }
}

impl TraceMinute {
    fn new(minute: i32, share: Share, stable: Option<Measured>, canary: Option<Measured>) -> Self {
        let reading =
            |measured: Option<Measured>| measured.map_or(Reading::Missing, |measured| Reading::Counts(measured.arm));
        let window = Window { length: WindowLength::MINUTE, stable: reading(stable), canary: reading(canary) };
        Self { minute, share, window }
    }
}
