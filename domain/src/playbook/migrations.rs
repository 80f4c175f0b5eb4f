//! How the database changes with a release.

use super::{
    condition::Condition,
    path::PathPattern,
    read::{record, words},
};

words! {
    /// A step of a change that never breaks the running version.
    pub enum MigrationStep {
        Expand = "expand",
        Migrate = "migrate",
        Contract = "contract",
    }
}

words! {
    /// A rule that migrations keep.
    pub enum MigrationRule {
        /// A contract never ships with its expand.
        ContractApart = "contract_apart",
        /// CI says which are pending.
        PendingReported = "pending_reported",
        /// Integrity is verified after them.
        IntegrityVerified = "integrity_verified",
        /// The deployment waits for all of it.
        BeforeDeployment = "before_deployment",
        /// Each says in a comment which step it is.
        Annotated = "annotated",
    }
}

record! {
    /// What a step does.
    pub struct MigrationStage {
        pub step: MigrationStep,
        pub does: Vec<String>,
        pub when: Option<Condition>,
    }
}

record! {
    /// The rule for migrations.
    pub struct Migrations {
        pub stages: Vec<MigrationStage> as "stage",
        pub rules: Vec<MigrationRule>,
        /// Where they lie in the repository: a commit that touches such a file brings a migration.
        pub paths: Vec<PathPattern>,
    }
}
