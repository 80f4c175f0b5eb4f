//! Step by step: rollbacks, incidents, pipelines.

use super::{
    condition::Condition,
    names::{CommandId, PartId},
    read::{record, words},
    span::SpanRange,
};
use crate::slug::EnvName;

words! {
    /// What a procedure is for.
    pub enum ProcedureKind {
        Rollback = "rollback",
        Incident = "incident",
    }
}

record! {
    /// A step of a procedure.
    pub struct Step {
        pub id: PartId,
        pub title: String,
        pub does: Vec<String>,
        /// How long, or how often.
        pub takes: Option<SpanRange>,
        pub commands: Vec<CommandId> => Command,
        pub when: Option<Condition>,
    }
}

record! {
    /// Steps to go through in order.
    pub struct Procedure {
        pub id: PartId,
        pub title: String,
        pub kind: ProcedureKind,
        /// Carried out by one command or button.
        pub one_command: bool,
        /// It links to a runbook.
        pub runbook: bool,
        pub steps: Vec<Step> as "step",
    }
}

words! {
    /// What starts a pipeline.
    pub enum PipelineTrigger {
        Push = "push",
        PullRequest = "pull_request",
        MergeToMain = "merge_to_main",
        /// Started by hand, with the bump.
        Dispatch = "dispatch",
    }
}

record! {
    /// A stage of a pipeline.
    pub struct Stage {
        pub id: PartId,
        pub title: String,
        pub environment: Option<EnvName> => Environment,
        pub commands: Vec<CommandId> => Command,
        /// It waits for a verdict, which comes as an exit code.
        pub waits_for_verdict: bool,
    }
}

record! {
    /// What CI does.
    pub struct Pipeline {
        pub id: PartId,
        pub title: String,
        pub starts: Vec<PipelineTrigger>,
        pub tool: Option<String>,
        pub stages: Vec<Stage> as "stage",
    }
}

words! {
    /// Before or after a deployment.
    pub enum TestTime {
        Before = "before",
        After = "after",
    }
}

record! {
    /// A kind of test.
    pub struct TestSuite {
        pub id: PartId,
        pub title: String,
        pub time: TestTime,
        pub covers: Vec<String>,
    }
}
