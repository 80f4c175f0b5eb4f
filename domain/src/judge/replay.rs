//! Replays a recorded rollout: the verdict, and how it came about minute by minute.

use serde::Serialize;

use super::facts::Facts;
use super::process::Judge;
use super::settings::{Alpha, Settings};
use super::share::Share;
use super::trace::{Trace, TraceMinute};
use super::trace_error::TraceError;
use super::verdict::{Decision, Metric, Verdict};

/// How a replay ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The canary would have been rolled back.
    Rollback,
    /// It would not.
    NoRollback,
}

/// The one line that the outer contract promises.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Summary {
    /// How it ends.
    pub verdict: Ending,
    /// The minute of the rollback.
    pub minute: Option<i32>,
    /// The metric that drove it.
    pub metric: Option<Metric>,
    /// ln E at the rollback, or at the last minute.
    pub log_e: f64,
}

/// One line of the path.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PathLine {
    /// Minutes since the rollout began.
    pub minute: i32,
    /// The canary's configured share.
    pub share: f64,
    /// The judge's word.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// A replayed rollout.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// The result.
    pub summary: Summary,
    /// Every recorded minute, those after a rollback included: what would have been seen.
    pub path: Vec<PathLine>,
    /// The numbers behind the result, as of its minute.
    pub facts: Facts,
}

/// Replays a trace with the usual settings and this α.
pub fn run(text: &str, alpha: Alpha) -> Result<Replay, TraceError> {
    Ok(judge(&Trace::parse(text)?, Settings { alpha, ..Settings::default() }))
}

/// Replays a trace that has been read.
pub fn judge(trace: &Trace, settings: Settings) -> Replay {
    let first = trace.minutes.first().map_or(Share::ALL, |minute| minute.share);
    let mut judge = Judge::new(settings, &trace.history, first);
    let mut path: Vec<PathLine> = Vec::with_capacity(trace.minutes.len());
    let mut rolled_back: Option<(Summary, Facts)> = None;
    for minute in &trace.minutes {
        let line = step(&mut judge, minute);
        if rolled_back.is_none() && matches!(line.verdict.decision, Decision::RollBack { .. }) {
            rolled_back = Some((summary(Some(&line)), judge.facts()));
        }
        path.push(line);
    }
    let (summary, facts) = rolled_back.unwrap_or_else(|| (summary(path.last()), judge.facts()));
    Replay { summary, path, facts }
}

/// Lets a judge see one recorded minute; a new share opens a new phase.
pub fn step(judge: &mut Judge, minute: &TraceMinute) -> PathLine {
    if !judge.share().same_as(minute.share) {
        judge.start_phase(minute.share);
    }
    PathLine { minute: minute.minute, share: minute.share.get(), verdict: judge.observe(&minute.window) }
}

/// The result as of a line.
fn summary(line: Option<&PathLine>) -> Summary {
    let log_e = line.map_or(0.0, |line| line.verdict.log_e);
    match line.map(|line| (line.minute, line.verdict.decision)) {
        Some((minute, Decision::RollBack { metric })) => {
            Summary { verdict: Ending::Rollback, minute: Some(minute), metric: Some(metric), log_e }
        }
        _ => Summary { verdict: Ending::NoRollback, minute: None, metric: None, log_e },
    }
}
