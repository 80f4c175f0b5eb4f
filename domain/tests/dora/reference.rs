//! The definitions once more, as slowly and obviously as they can be written: loops over all facts, nothing prepared.

use domain::{
    calendar::{Stretch, ZoneName},
    dora::{Deployment, FigureName, History, Incident, Kind, Outcome, Point, Query, Reason, Width},
    slug::ProductSlug,
};
use std::collections::BTreeMap;

pub type Histories = BTreeMap<ProductSlug, History>;
pub type Excluded = BTreeMap<Reason, u64>;

/// What one stretch of time says of one figure.
pub fn measure(histories: &Histories, query: &Query, name: FigureName, within: Stretch) -> (Point, Excluded) {
    let wanted = |product: &&ProductSlug| query.products.as_ref().is_none_or(|all| all.contains(*product));
    let all: Vec<&History> = histories.keys().filter(wanted).map(|product| &histories[product]).collect();
    let mut excluded = Excluded::new();
    let point = match name {
        FigureName::DeploymentFrequency => frequency(&all, query, within, &mut excluded),
        FigureName::ChangeLeadTime => lead(&all, query, within, false, &mut excluded),
        FigureName::MergeLeadTime => lead(&all, query, within, true, &mut excluded),
        FigureName::FailedDeploymentRecoveryTime => recovery(&all, query, within, &mut excluded),
        FigureName::ChangeFailRate => rate(&all, query, within, &mut excluded, |_| true, failed),
        FigureName::DeploymentReworkRate => {
            rate(&all, query, within, &mut excluded, |_| true, |_, d| d.kind != Kind::Regular)
        }
        FigureName::RollbackRate => rate(&all, query, within, &mut excluded, |d| d.kind != Kind::Rollback, taken_back),
        FigureName::DeploymentDuration => duration(&all, query, within, &mut excluded),
        FigureName::TimeToRestore => restore(&all, query, within, &mut excluded),
        FigureName::RolloutFailureRate => rollout_failures(&all, query, within),
        FigureName::PostReleaseIssues => issues(&all, query, within, &mut excluded),
        other => panic!("no reference for {other:?}"),
    };
    (point, excluded)
}

/// All deployments of the environment that were successful, in order of their end.
fn deployments<'a>(history: &'a History, query: &Query) -> Vec<&'a Deployment> {
    let mut all: Vec<&Deployment> =
        last_of_each(&history.deployments, |d| &d.id).into_iter().filter(|d| d.outcome == Outcome::Success).collect();
    all.retain(|d| d.env == query.env);
    all.sort_by(|a, b| (a.finished_at, &a.id).cmp(&(b.finished_at, &b.id)));
    all
}

fn unsuccessful(history: &History, query: &Query, within: Stretch) -> u64 {
    let all = last_of_each(&history.deployments, |d| &d.id);
    let of_it = |d: &&&Deployment| d.env == query.env && d.outcome == Outcome::Failed && within.contains(d.finished_at);
    all.iter().filter(of_it).count() as u64
}

fn incidents(history: &History) -> Vec<&Incident> {
    last_of_each(&history.incidents, |i| &i.id)
}

fn last_of_each<T>(all: &[T], id: impl Fn(&T) -> &String) -> Vec<&T> {
    (0..all.len())
        .filter(|at| all[at + 1..].iter().all(|later| id(later) != id(&all[*at])))
        .map(|at| &all[at])
        .collect()
}

fn linked<'a>(history: &'a History, deployment: &Deployment) -> Vec<&'a Incident> {
    incidents(history).into_iter().filter(|i| i.deployment.as_ref() == Some(&deployment.id)).collect()
}

/// Successful hotfixes and rollbacks of a deployment that ended after it, whatever their environment.
fn repairs<'a>(history: &'a History, deployment: &Deployment) -> Vec<&'a Deployment> {
    let mut all = last_of_each(&history.deployments, |d| &d.id);
    all.retain(|d| d.outcome == Outcome::Success && d.kind != Kind::Regular);
    all.retain(|d| d.remediates.as_ref() == Some(&deployment.id) && d.finished_at > deployment.finished_at);
    all
}

fn failed(history: &History, deployment: &Deployment) -> bool {
    !linked(history, deployment).is_empty() || !repairs(history, deployment).is_empty()
}

fn taken_back(history: &History, deployment: &Deployment) -> bool {
    repairs(history, deployment).iter().any(|d| d.kind == Kind::Rollback)
}

fn frequency(all: &[&History], query: &Query, within: Stretch, excluded: &mut Excluded) -> Point {
    let mut n = 0;
    for history in all {
        for deployment in deployments(history, query) {
            if !within.contains(deployment.finished_at) {
                continue;
            }
            if deployment.kind != Kind::Regular && !query.rework_counts {
                *excluded.entry(Reason::Rework).or_default() += 1;
            } else {
                n += 1;
            }
        }
        *excluded.entry(Reason::Unsuccessful).or_default() += unsuccessful(history, query, within);
    }
    let days = seconds(within.ends - within.starts) / 86_400.0;
    Point { value: (days > 0.0).then(|| count(n) / days), n, of: None }
}

fn lead(all: &[&History], query: &Query, within: Stretch, merged: bool, excluded: &mut Excluded) -> Point {
    let mut samples = Vec::new();
    excluded.insert(Reason::FirstDeployment, 0);
    excluded.insert(Reason::NegativeSpan, 0);
    for history in all {
        let deployments = deployments(history, query);
        for (at, deployment) in deployments.iter().enumerate() {
            for (nth, id) in deployment.changes.iter().enumerate() {
                let held_before = deployments[..at].iter().any(|earlier| earlier.changes.contains(id));
                let twice = deployment.changes[..nth].contains(id);
                if held_before || twice || !within.contains(deployment.finished_at) {
                    continue;
                }
                let change = history.changes.iter().rev().find(|change| change.id == *id);
                let mut leave_out = |reason| *excluded.entry(reason).or_default() += 1;
                if at == 0 {
                    leave_out(Reason::FirstDeployment);
                    continue;
                }
                let Some(change) = change else {
                    leave_out(Reason::UnknownChange);
                    continue;
                };
                let Some(from) = (if merged { change.merged_at } else { Some(change.committed_at) }) else {
                    leave_out(Reason::NotMerged);
                    continue;
                };
                if deployment.finished_at < from {
                    leave_out(Reason::NegativeSpan);
                } else {
                    samples.push(seconds(deployment.finished_at - from));
                }
            }
        }
    }
    median(samples)
}

fn recovery(all: &[&History], query: &Query, within: Stretch, excluded: &mut Excluded) -> Point {
    let mut samples = Vec::new();
    excluded.insert(Reason::Unrecovered, 0);
    for history in all {
        for deployment in deployments(history, query) {
            if !within.contains(deployment.finished_at) || !failed(history, deployment) {
                continue;
            }
            let linked = linked(history, deployment);
            let recovered = if linked.is_empty() {
                repairs(history, deployment).iter().map(|d| d.finished_at).min()
            } else if linked.iter().any(|incident| incident.resolved_at.is_none()) {
                None
            } else {
                linked.iter().filter_map(|incident| incident.resolved_at).max()
            };
            match recovered {
                Some(at) => samples.push(seconds(at - deployment.finished_at)),
                None => *excluded.entry(Reason::Unrecovered).or_default() += 1,
            }
        }
    }
    median(samples)
}

fn rate(
    all: &[&History],
    query: &Query,
    within: Stretch,
    excluded: &mut Excluded,
    counts: fn(&Deployment) -> bool,
    yes: fn(&History, &Deployment) -> bool,
) -> Point {
    let (mut of, mut n) = (0, 0);
    for history in all {
        for deployment in deployments(history, query) {
            if within.contains(deployment.finished_at) && counts(deployment) {
                n += 1;
                of += u64::from(yes(history, deployment));
            }
        }
        *excluded.entry(Reason::Unsuccessful).or_default() += unsuccessful(history, query, within);
    }
    ratio(of, n)
}

fn duration(all: &[&History], query: &Query, within: Stretch, excluded: &mut Excluded) -> Point {
    let mut samples = Vec::new();
    for deployment in all.iter().flat_map(|history| deployments(history, query)) {
        if !within.contains(deployment.finished_at) {
            continue;
        }
        match deployment.started_at {
            None => *excluded.entry(Reason::UnknownStart).or_default() += 1,
            Some(started) if deployment.finished_at < started => {
                *excluded.entry(Reason::NegativeSpan).or_default() += 1;
            }
            Some(started) => samples.push(seconds(deployment.finished_at - started)),
        }
    }
    median(samples)
}

fn restore(all: &[&History], query: &Query, within: Stretch, excluded: &mut Excluded) -> Point {
    let mut samples = Vec::new();
    excluded.insert(Reason::Open, 0);
    for incident in all.iter().flat_map(|history| incidents(history)) {
        if incident.env != query.env || !within.contains(incident.started_at) {
            continue;
        }
        match incident.resolved_at {
            None => *excluded.entry(Reason::Open).or_default() += 1,
            Some(at) if at < incident.started_at => *excluded.entry(Reason::NegativeSpan).or_default() += 1,
            Some(at) => samples.push(seconds(at - incident.started_at)),
        }
    }
    median(samples)
}

fn rollout_failures(all: &[&History], query: &Query, within: Stretch) -> Point {
    let (mut of, mut n) = (0, 0);
    for history in all {
        let failures = unsuccessful(history, query, within);
        of += failures;
        n += failures + deployments(history, query).iter().filter(|d| within.contains(d.finished_at)).count() as u64;
    }
    ratio(of, n)
}

fn issues(all: &[&History], query: &Query, within: Stretch, excluded: &mut Excluded) -> Point {
    let (mut of, mut n) = (0, 0);
    let two_days = chrono::Duration::hours(48);
    excluded.insert(Reason::Young, 0);
    for history in all {
        let deployments = deployments(history, query);
        for (at, deployment) in deployments.iter().enumerate() {
            if !within.contains(deployment.finished_at) || deployment.kind == Kind::Rollback {
                continue;
            }
            if deployment.finished_at + two_days > query.now {
                *excluded.entry(Reason::Young).or_default() += 1;
                continue;
            }
            n += 1;
            for incident in incidents(history) {
                let names = incident.deployment.as_deref().filter(|id| {
                    let all = last_of_each(&history.deployments, |d| &d.id);
                    all.iter().any(|d| d.id == **id && d.outcome == Outcome::Success)
                });
                let next = deployments[at + 1..].iter().find(|d| d.kind != Kind::Rollback);
                let last_before = deployment.finished_at <= incident.started_at
                    && next.is_none_or(|next| next.finished_at > incident.started_at);
                let its_own = names.map_or(last_before, |id| id == deployment.id);
                if incident.env == query.env && its_own && incident.started_at <= deployment.finished_at + two_days {
                    of += 1;
                }
            }
        }
    }
    ratio(of, n)
}

fn ratio(of: u64, n: u64) -> Point {
    Point { value: (n > 0).then(|| count(of) / count(n)), n, of: Some(of) }
}

pub fn median(mut samples: Vec<f64>) -> Point {
    samples.sort_by(f64::total_cmp);
    let n = samples.len();
    let value = match n {
        0 => None,
        _ if n % 2 == 1 => Some(samples[n / 2]),
        _ => Some(f64::midpoint(samples[n / 2 - 1], samples[n / 2])),
    };
    Point { value, n: n as u64, of: None }
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of a test")]
pub fn seconds(span: chrono::Duration) -> f64 {
    span.num_microseconds().expect("a test's span") as f64 / 1e6
}

#[expect(clippy::cast_precision_loss, reason = "counts of a test")]
pub fn count(n: u64) -> f64 {
    n as f64
}

/// The name of the bucket in which an instant lies, read off the zone's wall.
pub fn bucket_name(width: Width, zone: &ZoneName, at: domain::Timestamp) -> String {
    let local = zone.wall(at).expect("a zone").0;
    let format = match width {
        Width::Day => "%Y-%m-%d",
        Width::Week => "%G-W%V",
        Width::Month => "%Y-%m",
    };
    local.format(format).to_string()
}
