//! From the record of a product to plain facts, by the published rules. What nobody recorded is left out, never guessed.
//!
//! | in the record | among the facts |
//! |---|---|
//! | a rollout that ended live | a deployment, timed at its end |
//! | a rollout that turned back after everybody had the new version | that deployment, timed when everybody had it, and a rollback of it |
//! | a rollout that turned back or was given up before | a rollout that did not succeed |
//! | a rollback that somebody ordered | a rollback of the deployment that brought what ran |
//! | a deployment reported from elsewhere | a deployment of which only the end is known; of a version that ran there before, a rollback |
//! | a release of the type `hotfix` | its deployments are hotfixes of the deployment that brought what ran |
//!
//! The ids of changes are those that releases list; when they were committed and merged only imports know so far.

use crate::world::{Reported, World};
use domain::{
    Timestamp,
    dora::{Deployment, History, Kind, Moments, Outcome},
    environment,
    playbook::Percent,
    release::{Release, ReleaseId, Verdict, Version},
    rollout::{self, End, Purpose, Rollout, StepState},
    slug::{EnvName, ProductSlug},
};
use std::collections::{BTreeMap, HashSet};

/// The type of releases that repair, in every playbook that has one.
const HOTFIX: &str = "hotfix";

/// What the record cannot tell yet: figures that need it rest on imports alone.
pub const NOT_KNOWN: [&str; 3] = [
    "When changes were committed and merged: releases list changes by their id, and only imports say their times.",
    "Incidents: only imported ones are known, so failures of the record's own deployments show as rollbacks and hotfixes.",
    "When a deployment that was reported from elsewhere began: only its end is reported.",
];

/// All that the record knows of a product's deliveries.
pub fn history(world: &World, product: &ProductSlug) -> History {
    let mut ended: Vec<Ended<'_>> = Vec::new();
    for (_, rollout) in world.rollouts_of(product, None) {
        if let Some((_, at)) = rollout.ended {
            // What everybody had before it went back was there from then on.
            ended.push(Ended { at: everybody_had_it(rollout).unwrap_or(at), told: Told::Rollout(rollout) });
        }
    }
    ended.extend(world.reported_of(product).map(|reported| Ended { at: reported.at, told: Told::Reported(reported) }));
    ended.sort_by_cached_key(|one| (one.at, one.id()));
    let mut telling = Telling { world, product, places: BTreeMap::new(), history: History::default() };
    for one in &ended {
        match one.told {
            Told::Rollout(rollout) => telling.rollout(rollout, one.at),
            Told::Reported(reported) => telling.reported(reported),
        }
    }
    telling.history
}

struct Ended<'a> {
    at: Timestamp,
    told: Told<'a>,
}

#[derive(Clone, Copy)]
enum Told<'a> {
    Rollout(&'a Rollout),
    Reported(&'a Reported),
}

impl Ended<'_> {
    fn id(&self) -> String {
        match self.told {
            Told::Rollout(rollout) => rollout.id.to_string(),
            Told::Reported(reported) => id_of(reported),
        }
    }
}

/// When the last step towards all traffic ended, of a rollout that turned back after it.
fn everybody_had_it(rollout: &Rollout) -> Option<Timestamp> {
    rollout.turned.as_ref()?;
    let whole = |step: &&rollout::Step| {
        !step.back && step.state == StepState::Done && step.planned.action.share() == Some(Percent::whole())
    };
    rollout.steps.iter().find(whole)?.finished_at
}

fn id_of(reported: &Reported) -> String {
    format!("{}-{}-{}", reported.product, reported.env, reported.seq)
}

/// What runs in an environment, as far as the facts have come.
#[derive(Default)]
struct Place {
    /// The deployment that brought it.
    running: Option<(Version, String)>,
    ran: HashSet<Version>,
}

struct Telling<'a> {
    world: &'a World,
    product: &'a ProductSlug,
    places: BTreeMap<EnvName, Place>,
    history: History,
}

impl<'a> Telling<'a> {
    fn rollout(&mut self, rollout: &Rollout, finished_at: Timestamp) {
        let Some((end, ended_at)) = rollout.ended else { return };
        let (id, env) = (rollout.id.to_string(), &rollout.place.env);
        let release = self.release(&rollout.version);
        let kind = match rollout.purpose {
            Purpose::Rollback => Kind::Rollback,
            Purpose::Promotion => kind_of(release),
        };
        let had_it = everybody_had_it(rollout).is_some();
        let good = match rollout.purpose {
            Purpose::Promotion => end == End::Live || had_it,
            Purpose::Rollback => matches!(end, End::Live | End::RolledBack),
        };
        let mut moments = release.map(|release| asked_and_approved(release, rollout.started_at)).unwrap_or_default();
        if rollout.purpose == Purpose::Rollback {
            moments = way_back(rollout);
        }
        self.put(Deployment {
            id: id.clone(),
            env: env.clone(),
            version: rollout.version.to_string(),
            started_at: Some(rollout.started_at),
            finished_at,
            outcome: if good { Outcome::Success } else { Outcome::Failed },
            kind,
            changes: if kind == Kind::Rollback { Vec::new() } else { changes_of(release) },
            remediates: self.repaired(env, kind, rollout.from.as_ref()),
            moments: Some(Box::new(moments)),
        });
        if !good {
            return;
        }
        self.runs(env, &rollout.version, &id);
        if let Some(turn) = rollout.turned.as_ref().filter(|_| had_it && end == End::RolledBack) {
            let back = format!("{id}-back");
            let version = rollout.from.clone().unwrap_or_else(|| rollout.version.clone());
            self.put(Deployment {
                id: back.clone(),
                env: env.clone(),
                version: version.to_string(),
                started_at: Some(turn.at),
                finished_at: ended_at,
                outcome: Outcome::Success,
                kind: Kind::Rollback,
                changes: Vec::new(),
                remediates: Some(id),
                moments: Some(Box::new(way_back(rollout))),
            });
            self.runs(env, &version, &back);
        }
    }

    fn reported(&mut self, reported: &Reported) {
        let (id, env) = (id_of(reported), &reported.env);
        let release = self.release(&reported.version);
        let good = reported.outcome == environment::Outcome::Succeeded;
        let kind = if self.brings_back(reported) { Kind::Rollback } else { kind_of(release) };
        self.put(Deployment {
            id: id.clone(),
            env: env.clone(),
            version: reported.version.to_string(),
            started_at: None,
            finished_at: reported.at,
            outcome: if good { Outcome::Success } else { Outcome::Failed },
            kind,
            changes: if kind == Kind::Rollback { Vec::new() } else { changes_of(release) },
            remediates: self.repaired(env, kind, None),
            moments: release.map(|release| Box::new(asked_and_approved(release, reported.at))),
        });
        if good {
            self.runs(env, &reported.version, &id);
        }
    }

    /// An earlier version than the one that runs, which ran there before.
    fn brings_back(&self, reported: &Reported) -> bool {
        self.places.get(&reported.env).is_some_and(|place| {
            place.ran.contains(&reported.version)
                && place.running.as_ref().is_some_and(|(running, _)| reported.version < *running)
        })
    }

    /// What a hotfix or rollback comes in place of; nothing where that was adopted rather than deployed.
    fn repaired(&self, env: &EnvName, kind: Kind, from: Option<&Version>) -> Option<String> {
        let (version, id) = self.places.get(env)?.running.as_ref()?;
        (kind.is_rework() && from.is_none_or(|from| from == version)).then(|| id.clone())
    }

    fn runs(&mut self, env: &EnvName, version: &Version, deployment: &str) {
        let place = self.places.entry(env.clone()).or_default();
        place.ran.insert(version.clone());
        place.running = Some((version.clone(), deployment.to_owned()));
    }

    fn release(&self, version: &Version) -> Option<&'a Release> {
        self.world.release(&ReleaseId { product: self.product.clone(), version: version.clone() })
    }

    fn put(&mut self, deployment: Deployment) {
        self.history.deployments.push(deployment);
    }
}

fn kind_of(release: Option<&Release>) -> Kind {
    let hotfix = release.is_some_and(|release| release.contents.kind.as_str() == HOTFIX);
    if hotfix { Kind::Hotfix } else { Kind::Regular }
}

fn changes_of(release: Option<&Release>) -> Vec<String> {
    release.map(|release| release.contents.changes.iter().map(|c| c.id.clone()).collect()).unwrap_or_default()
}

/// When people were asked to approve what was deployed, and when the last of them had: only approvals of the release
/// as it still is, given before the deployment began.
fn asked_and_approved(release: &Release, began: Timestamp) -> Moments {
    let asked = release.asked_at.max(release.edited_at).filter(|at| release.asked_at.is_some() && *at <= began);
    let given = |a: &&domain::release::Approval| {
        a.gate.is_none() && a.verdict == Verdict::Approve && a.env.is_production() && a.at <= began
    };
    Moments {
        release_started_at: release.asked_at.filter(|at| *at <= began),
        approval_asked_at: asked,
        approved_at: release.standing().filter(given).map(|a| a.at).max().filter(|at| asked.is_some_and(|a| a <= *at)),
        ..Moments::default()
    }
}

/// The clock of the way back, as far as it ran.
fn way_back(rollout: &Rollout) -> Moments {
    let Some(clock) = rollout::clock(rollout) else { return Moments::default() };
    // The clock shows the moment of detection where nobody knows since when the fault could be seen.
    let fault_at = rollout.turned.as_ref().and_then(|turn| turn.fault_at);
    Moments {
        fault_at,
        detected_at: Some(clock.detected_at).filter(|_| rollout.turned.is_some()),
        decided_at: Some(clock.decided_at),
        executed_at: clock.executed_at,
        verified_at: clock.verified_at,
        ..Moments::default()
    }
}
