//! The types of release: what they are for, how often they come, what they go through, who approves.

use super::{
    approval::Requirement,
    moment::Moment,
    names::StrategyId,
    read::{Reader, Value, record, words},
    span::{Period, SpanRange},
};
use crate::{release::Bump, slug::TypeId};

words! {
    /// How much of the procedure a type goes through.
    pub enum Process {
        /// Reviewed and tested ahead of others, with simpler approval.
        FastTrack = "fast_track",
        /// Shortened, with a floor below which it never goes.
        Abbreviated = "abbreviated",
        Standard = "standard",
        FullCycle = "full_cycle",
        /// More tests, more time, more words than usual.
        Extended = "extended",
        /// Planned ahead with everyone concerned.
        Planned = "planned",
        /// Straight to production.
        Direct = "direct",
    }
}

words! {
    /// A part that a type's process is made of.
    pub enum Part {
        SimplifiedApproval = "simplified_approval",
        Review = "review",
        AutomatedTests = "automated_tests",
        MinimalTests = "minimal_tests",
        ComprehensiveTests = "comprehensive_tests",
        LocalTests = "local_tests",
        Qa = "qa",
        ExtendedQa = "extended_qa",
        Staging = "staging",
        StagingSmoke = "staging_smoke",
        Canary = "canary",
        ExtendedCanary = "extended_canary",
        MigrationGuide = "migration_guide",
        CommunicationPlan = "communication_plan",
        StakeholderPlan = "stakeholder_plan",
        CustomerCoordination = "customer_coordination",
        CohesiveNotes = "cohesive_notes",
        Production = "production",
        Retrospective = "retrospective",
    }
}

words! {
    /// From when a stated time runs.
    pub enum Start {
        /// The fault begins, noticed or not.
        Fault = "fault",
        Detection = "detection",
        Identification = "identification",
        FeatureComplete = "feature_complete",
        DevelopmentComplete = "development_complete",
        Merge = "merge",
        Commit = "commit",
        Deployment = "deployment",
        Decision = "decision",
        Execution = "execution",
        Disclosure = "disclosure",
        Incident = "incident",
        IncidentResolved = "incident_resolved",
    }
}

record! {
    /// How often releases of a type come.
    pub struct Cadence {
        /// Usual rhythms; the team picks one.
        pub every: Vec<Period>,
        /// The shortest and longest usual distance.
        pub between: Option<SpanRange>,
        /// With the team's sprints.
        pub sprint: bool,
        /// Whenever there is a need.
        pub as_needed: bool,
        /// Without waiting for anything.
        pub at_once: bool,
    }
}

record! {
    /// How long a release of this type usually takes.
    pub struct Duration {
        pub range: SpanRange,
        /// From when it runs.
        pub since: Start,
    }
}

record! {
    /// One step of a type's own procedure.
    pub struct TypeStep {
        pub moment: Moment,
        pub text: String,
    }
}

record! {
    /// A kind of release.
    pub struct ReleaseType {
        /// Its name in addresses and commands.
        pub id: TypeId,
        pub title: String,
        /// When this type is the right one.
        pub when: String,
        /// Which part of the version number it raises.
        pub bump: Bump,
        /// The type that a bump chooses when none is named.
        pub default_for_bump: bool,
        /// Who must approve before production: all of these.
        pub approvals: Vec<Requirement>,
        /// What else it is for.
        pub covers: Vec<String>,
        pub cadence: Option<Cadence>,
        pub process: Option<Process>,
        /// What the process is made of.
        pub parts: Vec<Part>,
        /// What may be shortened but never left out.
        pub floor: Vec<Part>,
        pub takes: Option<Duration>,
        /// The strategy chosen for it unless someone chooses another.
        pub strategy: Option<StrategyId> => Strategy,
        /// It need not wait for a train.
        pub may_skip_cadence: bool,
        /// Least number of reviewers of its change.
        pub reviewers: Option<u8>,
        /// Labels on its pull request.
        pub labels: Vec<String>,
        /// What whoever creates one must answer.
        pub asks: Vec<String>,
        /// Its own procedure, where it has one.
        pub steps: Vec<TypeStep> as "step",
    }
    check ReleaseType::sound;
}

impl ReleaseType {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        for (index, requirement) in self.approvals.iter().enumerate() {
            if self.approvals[..index].iter().any(|earlier| earlier.role == requirement.role) {
                let what = format!("names the role “{}” twice; use count instead", requirement.role);
                reader.contradiction(value, "approvals", what);
            }
        }
        if let Some(part) = self.floor.iter().find(|part| !self.parts.contains(part)) {
            reader.contradiction(value, "floor", format!("holds “{part}”, which is not among the parts"));
        }
    }
}
