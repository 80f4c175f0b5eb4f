//! Replays a recorded rollout: the verdict, and how it came about minute by minute.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

use super::facts::Facts;
use super::panel::{Ground, Panel};
use super::process::Judge;
use super::rules::{RulesSettings, Scene, Values};
use super::settings::{Alpha, Settings};
use super::share::Share;
use super::trace::{Trace, TraceMinute};
use super::trace_error::TraceError;
use super::verdict::{Decision, Metric, Verdict};
use super::window::Reading;
use crate::playbook::Playbook;
use crate::rollout::Opinion;
use crate::slug::EnvName;

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
    /// Who decided, where the rules of a playbook judge as well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judge: Option<Decider>,
}

/// Which of the two judges rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    Sequential,
    Rules,
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
    /// What both judges came to, where the rules of a playbook judge as well.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub together: Option<Together>,
}

/// The word of both judges.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    pub opinion: Opinion,
    pub ground: Ground,
    pub said: String,
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

/// Replays a trace before both judges, as a rollout to this environment would be judged. A trace knows neither health nor
/// alerts nor what machines do: rules that ask for these are not known.
pub fn by_playbook(trace: &Trace, playbook: &Playbook, environment: &EnvName, alpha: Option<Alpha>) -> Replay {
    let first = trace.minutes.first().map_or(Share::ALL, |minute| minute.share);
    let usual = Settings::from(&playbook.judging);
    let settings = Settings { alpha: alpha.unwrap_or(usual.alpha), ..usual };
    let mut panel = Panel::new(settings, RulesSettings::from(&playbook.judging), &trace.history, first);
    for arm in trace.history.windows() {
        panel.remember(trace.history.length(), &values(&Reading::Counts(arm.clone())));
    }
    let mut path: Vec<PathLine> = Vec::with_capacity(trace.minutes.len());
    let mut rolled_back: Option<(Summary, Facts)> = None;
    for minute in &trace.minutes {
        let line = look(&mut panel, playbook, environment, minute);
        let decides = |together: &Together| together.opinion == Opinion::RollBack;
        if rolled_back.is_none() && line.together.as_ref().is_some_and(decides) {
            rolled_back = Some((summary(Some(&line)), panel.sequential().facts()));
        }
        path.push(line);
    }
    let (summary, facts) = rolled_back.unwrap_or_else(|| (summary(path.last()), panel.sequential().facts()));
    Replay { summary, path, facts }
}

/// Lets both judges see one recorded minute.
fn look(panel: &mut Panel, playbook: &Playbook, environment: &EnvName, minute: &TraceMinute) -> PathLine {
    let TraceMinute { minute, share, window } = minute;
    let scene = Scene {
        length: window.length,
        share: *share,
        moving: false,
        stable: values(&window.stable),
        canary: values(&window.canary),
        checks: Vec::new(),
        alarms: Vec::new(),
        reported: BTreeSet::new(),
    };
    let word = panel.observe(playbook, environment, window, &scene);
    let together = Together { opinion: word.opinion, ground: word.ground, said: word.said };
    PathLine { minute: *minute, share: share.get(), verdict: word.verdict, together: Some(together) }
}

fn values(counts: &Reading) -> Values {
    Values { counts: counts.clone(), gauges: BTreeMap::new() }
}

/// Lets a judge see one recorded minute; a new share opens a new phase.
pub fn step(judge: &mut Judge, minute: &TraceMinute) -> PathLine {
    if !judge.share().same_as(minute.share) {
        judge.start_phase(minute.share);
    }
    PathLine {
        minute: minute.minute,
        share: minute.share.get(),
        verdict: judge.observe(&minute.window),
        together: None,
    }
}

/// The result as of a line.
fn summary(line: Option<&PathLine>) -> Summary {
    let log_e = line.map_or(0.0, |line| line.verdict.log_e);
    let kept = Summary { verdict: Ending::NoRollback, minute: None, metric: None, log_e, judge: None };
    let Some(line) = line else { return kept };
    let rolled_back = Summary { verdict: Ending::Rollback, minute: Some(line.minute), ..kept };
    let metric = match line.verdict.decision {
        Decision::RollBack { metric } => Some(metric),
        _ => None,
    };
    match (&line.together, metric) {
        (None, Some(_)) => Summary { metric, ..rolled_back },
        (Some(Together { opinion: Opinion::RollBack, ground: Ground::Rule, .. }), _) => {
            Summary { judge: Some(Decider::Rules), ..rolled_back }
        }
        (Some(Together { opinion: Opinion::RollBack, .. }), _) => {
            Summary { metric, judge: Some(Decider::Sequential), ..rolled_back }
        }
        _ => kept,
    }
}
