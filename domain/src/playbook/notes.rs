//! What is written for a release: notes, changelog, pull request.

use super::{
    condition::Condition,
    names::PartId,
    read::{record, words},
    template::Template,
};

record! {
    /// A section of the notes.
    pub struct Section {
        pub id: PartId,
        pub title: String,
        /// What is said about each entry.
        pub asks: Vec<String>,
        /// Only when this is so.
        pub when: Option<Condition>,
        /// Numbered, as steps are.
        pub numbered: bool,
        /// A ready sentence, and when it is used.
        pub stock: Option<StockSentence>,
    }
}

record! {
    /// A sentence used as it stands.
    pub struct StockSentence {
        pub when: Condition,
        pub text: String,
    }
}

record! {
    /// How notes are written.
    pub struct Notes {
        pub title: Template,
        /// The file they are kept in.
        pub file: Option<Template>,
        pub dated: bool,
        pub sections: Vec<Section> as "section",
        /// What whoever writes them keeps in mind.
        pub rules: Vec<String>,
    }
}

words! {
    /// A section of a changelog.
    pub enum ChangelogSection {
        Added = "added",
        Changed = "changed",
        Fixed = "fixed",
        Security = "security",
        Deprecated = "deprecated",
        Removed = "removed",
    }
}

record! {
    /// How the changelog is kept.
    pub struct Changelog {
        pub file: Template,
        pub heading: Option<Template>,
        pub sections: Vec<ChangelogSection>,
        pub newest_first: bool,
        pub dated: bool,
        /// What its preamble cites.
        pub cites: Vec<String>,
        /// Written by the machine from commits.
        pub generated: bool,
    }
}

record! {
    /// A point of the pull request's text.
    pub struct PullRequestItem {
        pub id: PartId,
        pub text: String,
        /// It is a box to tick.
        pub tick: bool,
        pub when: Option<Condition>,
    }
}

record! {
    /// A section of the pull request's text.
    pub struct PullRequestSection {
        pub id: PartId,
        pub title: String,
        pub items: Vec<PullRequestItem> as "item",
    }
}

words! {
    /// How a pull request is merged.
    pub enum Merge {
        Squash = "squash",
        MergeCommit = "merge_commit",
        Rebase = "rebase",
    }
}

record! {
    /// The pull request that prepares a release.
    pub struct PullRequest {
        pub title: Template,
        /// The title of a hotfix's.
        pub hotfix_title: Option<Template>,
        pub merge: Option<Merge>,
        pub sections: Vec<PullRequestSection> as "section",
    }
}
