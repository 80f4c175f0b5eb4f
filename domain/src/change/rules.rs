//! What a playbook says about commits, and what holds where it says nothing.

use crate::{
    playbook::{CommitType, PathPattern, Playbook},
    release::{Bump, Version},
};

/// Which change raises which part of the number, and where migrations lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    bumps: Vec<(CommitType, Bump)>,
    breaking: Bump,
    initial_bumps: Vec<(CommitType, Bump)>,
    initial_breaking: Option<Bump>,
    silent: Vec<CommitType>,
    migrations: Vec<PathPattern>,
}

/// The convention's own.
impl Default for Rules {
    fn default() -> Self {
        Self {
            bumps: vec![(CommitType::Feat, Bump::Minor), (CommitType::Fix, Bump::Patch)],
            breaking: Bump::Major,
            initial_bumps: Vec::new(),
            initial_breaking: None,
            silent: Vec::new(),
            migrations: Vec::new(),
        }
    }
}

impl Rules {
    /// The playbook's; what it leaves out is the convention's.
    pub fn of(playbook: &Playbook) -> Self {
        let mut rules = Self::default();
        if let Some(commits) = &playbook.commits {
            if !commits.bumps.is_empty() {
                rules.bumps = commits.bumps.iter().map(|one| (one.commit, one.bump)).collect();
            }
            rules.breaking = commits.breaking.unwrap_or(rules.breaking);
            rules.silent.clone_from(&commits.silent);
            if let Some(initial) = &commits.initial {
                rules.initial_bumps = initial.bumps.iter().map(|one| (one.commit, one.bump)).collect();
                rules.initial_breaking = initial.breaking;
            }
        }
        if let Some(migrations) = &playbook.migrations {
            rules.migrations.clone_from(&migrations.paths);
        }
        rules
    }

    pub fn is_migration(&self, path: &str) -> bool {
        self.migrations.iter().any(|pattern| pattern.matches(path))
    }

    /// Whether the playbook has rules of its own before 1.0.0, and `running` is there.
    pub(super) fn is_initial(&self, running: Option<&Version>) -> bool {
        let says_so = !self.initial_bumps.is_empty() || self.initial_breaking.is_some();
        says_so && running.is_none_or(|version| version.0.major == 0)
    }

    pub(super) fn breaking(&self, initial: bool) -> Bump {
        self.initial_breaking.filter(|_| initial).unwrap_or(self.breaking)
    }

    /// What a change of this type raises. One that nobody said anything about raises the least: a release that holds
    /// it needs a number of its own.
    pub(super) fn raises(&self, kind: Option<CommitType>, initial: bool) -> Option<Bump> {
        let of = |bumps: &[(CommitType, Bump)]| bumps.iter().find(|(known, _)| Some(*known) == kind).map(|(_, b)| *b);
        let said = if initial { of(&self.initial_bumps) } else { None };
        match said.or_else(|| of(&self.bumps)) {
            Some(bump) => Some(bump),
            None if kind.is_some_and(|kind| self.silent.contains(&kind)) => None,
            None => Some(Bump::Patch),
        }
    }
}
