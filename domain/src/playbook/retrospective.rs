//! Looking back: retrospectives after releases, reviews of the procedure itself.

use super::{
    moment::Due,
    names::{MetricId, PartId},
    read::{record, words},
    release_type::Start,
    span::{Period, Span},
};
use crate::slug::TypeId;

words! {
    /// After what it is held.
    pub enum Occasion {
        /// After each release, those that went well included.
        EveryRelease = "every_release",
        Incident = "incident",
        Hotfix = "hotfix",
        IfNeeded = "if_needed",
    }
}

words! {
    /// What the record fills in by itself.
    pub enum Prefilled {
        Timeline = "timeline",
        Participants = "participants",
        Metrics = "metrics",
        KnownIssues = "known_issues",
        Overrides = "overrides",
    }
}

record! {
    /// A field of a retrospective.
    pub struct Field {
        pub id: PartId,
        pub title: String,
        pub prefilled: Option<Prefilled>,
        /// What belongs into it.
        pub asks: Vec<String>,
        /// Figures shown there against their targets.
        pub metrics: Vec<MetricId> => Metric,
    }
}

record! {
    /// A retrospective.
    pub struct Retrospective {
        pub id: PartId,
        pub title: String,
        pub occasion: Occasion,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        /// Held within this.
        pub within: Option<Span>,
        /// From when that runs; from the deployment when left out.
        pub since: Option<Start>,
        /// When it is usually held.
        pub due: Option<Due>,
        pub lasts: Option<Span>,
        pub blameless: bool,
        pub fields: Vec<Field> as "field",
        /// What is done with it.
        pub then: Vec<String>,
    }
}

record! {
    /// A question that the figures answer.
    pub struct Question {
        pub id: PartId,
        pub asks: String,
        /// The figure that answers it.
        pub metric: MetricId => Metric,
    }
}

record! {
    /// A regular look at the figures.
    pub struct Review {
        pub id: PartId,
        pub title: String,
        pub every: Period,
        pub questions: Vec<Question> as "question",
    }
}
