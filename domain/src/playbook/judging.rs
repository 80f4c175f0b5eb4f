//! How a rollout is judged, beside the thresholds: how sure, how long, and what follows when nothing can be told.

use super::{
    read::{record, words},
    span::Span,
};
use crate::judge::Metric;

words! {
    /// What follows when the old version breaks the same rule: taking the new one away would cure nothing.
    pub enum SharedIncident {
        /// Nothing moves until somebody has looked.
        Hold = "hold",
        /// The new version goes back all the same.
        RollBack = "roll_back",
    }
}

words! {
    /// What follows when a phase has been extended for as long as it may.
    pub enum Inconclusive {
        /// A person decides.
        Ask = "ask",
        /// The next phase begins.
        Promote = "promote",
        /// The new version goes back.
        RollBack = "roll_back",
    }
}

words! {
    /// How sure a rollback must be.
    pub enum Certainty {
        /// At most 2 in 100 harmless rollouts go back.
        Usual = "usual",
        /// At most 5 in 100, where waiting for more certainty would mean never deciding.
        LowTraffic = "low_traffic",
    }
}

record! {
    /// What the judges of a rollout keep to.
    pub struct Judging {
        /// Latency and throughput of a version that has just begun say nothing for so long.
        pub warm_up: Span = Span::minutes(3),
        /// With fewer requests a share or a quantile says nothing to a threshold.
        pub minimum_requests: u16 = 20,
        pub certainty: Certainty = Certainty::Usual,
        /// It is computed and shown, and decides nothing.
        pub mute: Option<Metric>,
        pub shared_incident: SharedIncident = SharedIncident::Hold,
        /// A phase that cannot be decided is extended for at most so long; when left out, until a person decides.
        pub longest_pause: Option<Span>,
        pub when_inconclusive: Inconclusive = Inconclusive::Ask,
        /// After so long without data it is recorded, so that whoever watches sees it.
        pub no_data_for: Span = Span::minutes(5),
        /// While the new version is watched at the end, the old one keeps a twentieth of the traffic to compare with.
        pub bake: bool = false,
    }
}

impl Judging {
    /// Of a playbook that says nothing of it.
    pub(super) fn usual() -> Self {
        Self {
            warm_up: Span::minutes(3),
            minimum_requests: 20,
            certainty: Certainty::Usual,
            mute: None,
            shared_incident: SharedIncident::Hold,
            longest_pause: None,
            when_inconclusive: Inconclusive::Ask,
            no_data_for: Span::minutes(5),
            bake: false,
        }
    }
}
