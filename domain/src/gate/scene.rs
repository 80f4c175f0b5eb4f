//! Everything a gate looks at.

use crate::{
    Timestamp, calendar,
    environment::Environment,
    playbook::{CalendarPart, Playbook},
    release::{Release, Report, Reported},
    slug::{EnvName, RoleId, TypeId},
};

/// The calendar's answers; the zones' clocks exist on the server only.
pub trait Openings {
    /// Whether the parts of the calendar let a release of this type into `env` now, and if not, until when.
    /// `ready_at` is when its contents were complete: a train whose cut-off came earlier sails without it.
    fn at(
        &self,
        kind: &TypeId,
        env: &EnvName,
        parts: &[CalendarPart],
        ready_at: Option<Timestamp>,
        now: Timestamp,
    ) -> calendar::State;
}

/// A release in its surroundings at one moment.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub release: &'a Release,
    /// The revision that the release stays on.
    pub playbook: &'a Playbook,
    /// The product's environments; none where nothing was ever recorded.
    pub environments: &'a dyn Fn(&EnvName) -> Option<&'a Environment>,
    pub openings: &'a dyn Openings,
    /// Whether somebody holds a role for the product now.
    pub held: &'a dyn Fn(&RoleId) -> bool,
    pub now: Timestamp,
}

impl<'a> Scene<'a> {
    pub fn environment(&self, name: &EnvName) -> Option<&'a Environment> {
        (self.environments)(name)
    }

    /// Whether the release runs there now.
    pub fn runs_in(&self, name: &EnvName) -> bool {
        self.environment(name).and_then(Environment::running).is_some_and(|run| run.version == self.release.id.version)
    }

    /// The reports that `want` picks something from.
    pub fn reports<T>(&self, want: impl Fn(&'a Report) -> Option<T>) -> impl Iterator<Item = (&'a Reported, T)> {
        let release: &'a Release = self.release;
        release.reports.iter().filter_map(move |reported| want(&reported.report).map(|found| (reported, found)))
    }

    /// The newest of them.
    pub fn report<T>(&self, want: impl Fn(&'a Report) -> Option<T>) -> Option<(&'a Reported, T)> {
        let release: &'a Release = self.release;
        release.reports.iter().rev().find_map(|reported| want(&reported.report).map(|found| (reported, found)))
    }
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene").field("release", &self.release.id).field("now", &self.now).finish_non_exhaustive()
    }
}
