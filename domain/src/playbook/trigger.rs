//! What rolls a version back, blocks its promotion or calls someone, apart from measured limits.

use super::{
    names::PartId,
    read::{record, words},
    span::Span,
};

words! {
    /// What follows.
    pub enum Effect {
        RollBack = "roll_back",
        BlockPromotion = "block_promotion",
        Alert = "alert",
    }
}

words! {
    /// Who or what sees it.
    pub enum Observer {
        /// Health checks of the service.
        HealthCheck = "health_check",
        /// The monitoring system's alerts.
        AlertRule = "alert_rule",
        /// The statistical judge of a canary.
        Judge = "judge",
        /// The budget of a service level objective.
        Budget = "budget",
        /// A person, who says so by a button.
        Person = "person",
    }
}

record! {
    /// Something seen, and what follows from it.
    pub struct Observation {
        pub id: PartId,
        pub title: String,
        pub effect: Effect,
        pub seen_by: Observer,
        /// Nobody is asked first.
        pub automatic: bool,
        /// Only when it lasts longer than this.
        pub lasting: Option<Span> as "for",
    }
}
