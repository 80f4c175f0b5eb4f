//! How versions, branches, commits and tags are written.

use super::{
    names::PartId,
    read::{Reader, Value, record, words},
    template::Template,
};
use crate::{
    release::{Bump, Numbering, Version, number},
    slug::TypeId,
};

words! {
    /// The rule that version numbers follow.
    pub enum Scheme {
        Semver = "semver",
    }
}

words! {
    /// How a new number is chosen.
    pub enum CreateBy {
        Bump = "bump",
        ExplicitVersion = "explicit_version",
    }
}

record! {
    /// What a bump does to a number.
    pub struct BumpExample {
        pub bump: Bump,
        /// With the part that is raised as X.
        pub notation: Option<String>,
        pub from: Version,
        pub to: Version,
    }
    check BumpExample::adds_up;
}

impl BumpExample {
    fn adds_up(&self, value: &Value<'_>, reader: &mut Reader) {
        let raised = number(Numbering::Bump(self.bump), |_| false, Some(&self.from));
        if let Ok((next, _)) = raised
            && next != self.to
        {
            reader.contradiction(
                value,
                "to",
                format!("is not what a {} bump of {} gives: {next}", self.bump.name(), self.from),
            );
        }
    }
}

record! {
    /// A tag in the source, and the release that the code host shows for it.
    pub struct Tagging {
        pub name: Template,
        pub annotated: bool,
        pub message: Option<Template>,
        /// Title of the code host's release.
        pub release_title: Option<Template>,
        /// File that its text comes from.
        pub release_body: Option<Template>,
        /// Marked as the latest.
        pub latest: bool,
    }
}

record! {
    /// How versions are written.
    pub struct Versioning {
        pub scheme: Scheme,
        pub create_by: Vec<CreateBy>,
        /// The file that holds the number.
        pub file: Option<String>,
        pub tag: Option<Tagging>,
        pub examples: Vec<BumpExample> as "example",
    }
}

words! {
    /// What protects a branch.
    pub enum Protection {
        ChecksGreen = "checks_green",
        UpToDate = "up_to_date",
        ConventionalCommits = "conventional_commits",
        /// No commits from freeze until the release is done.
        FrozenDuringRelease = "frozen_during_release",
    }
}

record! {
    /// A branch that releases come from.
    pub struct Branch {
        pub id: PartId,
        pub name: Template,
        pub from: Option<String>,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        pub optional: bool,
        pub protection: Vec<Protection>,
        /// Least number of approvals of a change.
        pub approvals: Option<u8>,
    }
}

words! {
    /// The types of the Conventional Commits.
    pub enum CommitType {
        Feat = "feat",
        Fix = "fix",
        Docs = "docs",
        Style = "style",
        Refactor = "refactor",
        Perf = "perf",
        Test = "test",
        Chore = "chore",
        Ci = "ci",
        Build = "build",
        Revert = "revert",
    }
}

words! {
    /// A part of a commit message that may be left out.
    pub enum CommitPart {
        Scope = "scope",
        Body = "body",
        Footers = "footers",
    }
}

record! {
    /// Which commits raise which part of the number.
    pub struct CommitBump {
        pub commit: CommitType,
        pub bump: Bump,
    }
}

record! {
    /// What changes raise while the major number is 0 and nothing is promised yet.
    pub struct InitialBumps {
        pub bumps: Vec<CommitBump> as "bump",
        /// What a breaking change raises.
        pub breaking: Option<Bump>,
    }
}

record! {
    /// How commits are written.
    pub struct Commits {
        /// The first line.
        pub form: Option<String>,
        pub optional: Vec<CommitPart>,
        pub bumps: Vec<CommitBump> as "bump",
        /// What a breaking change raises.
        pub breaking: Option<Bump>,
        /// Before 1.0.0; what it leaves out is as later.
        pub initial: Option<InitialBumps>,
        /// Types that raise nothing.
        pub silent: Vec<CommitType>,
        /// The commit that prepares a release.
        pub prepare: Option<Template>,
    }
    check Commits::sound;
}

impl Commits {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if let Some(both) = self.bumps.iter().find(|b| self.silent.contains(&b.commit)) {
            reader.contradiction(value, "silent", format!("holds {}, which raises the number elsewhere", both.commit));
        }
    }
}
