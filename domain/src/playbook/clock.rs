//! Clocks: what must have happened how long after something.

use super::{
    amount::Score,
    names::PartId,
    read::{Reader, Value, choice, record, words},
    release_type::Start,
    role::Response,
    span::Span,
};
use crate::slug::TypeId;

words! {
    /// What stops a clock.
    pub enum Stop {
        InProduction = "in_production",
        Detected = "detected",
        Decided = "decided",
        Executed = "executed",
        Verified = "verified",
        BackToNormal = "back_to_normal",
        Updated = "updated",
        RetrospectiveHeld = "retrospective_held",
        Monitored = "monitored",
        RollbackVerified = "rollback_verified",
    }
}

record! {
    /// A clock shown live against its budget and kept for the record.
    pub struct Clock {
        pub id: PartId,
        pub title: String,
        /// From when it runs.
        pub starts: Start,
        /// What stops it.
        pub stops: Stop,
        /// The budget.
        pub within: Span,
        /// Where a range is given: not before this.
        pub at_least: Option<Span>,
        /// It begins anew each time it is stopped.
        pub repeats: bool,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        /// Part of the rollback's clock panel, judged on its own.
        pub rollback: bool,
    }
    check Clock::sound;
}

impl Clock {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.at_least.is_some_and(|least| least > self.within) {
            reader.contradiction(value, "at_least", format!("is longer than the budget, {}", self.within));
        }
    }
}

choice! {
    /// When a vulnerability is mended.
    pub enum Mend {
        /// By a patch at once.
        EmergencyPatch = "emergency_patch",
        /// By a patch within this time.
        PatchWithin(Span) = "patch_within",
        /// With the next release that is planned anyway.
        NextScheduled = "next_scheduled",
    }
}

record! {
    /// What a vulnerability of a severity sets going.
    pub struct Vulnerability {
        pub id: PartId,
        /// Lowest score, included.
        pub from: Score,
        /// Highest score, included.
        pub to: Score,
        pub mend: Mend,
        /// Security is told within this.
        pub tell_security: Option<Span>,
        /// Mended in all environments within this.
        pub fixed_everywhere: Option<Span>,
        /// The release type it goes by.
        pub process: Option<TypeId> => Type,
        /// Made public once it is mended.
        pub disclose_after: bool,
        /// Kept on security's list until then.
        pub backlog: bool,
    }
    check Vulnerability::sound;
}

impl Vulnerability {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.from > self.to {
            reader.contradiction(value, "to", format!("is less than {}, which it begins with", self.from));
        }
    }
}

record! {
    /// A class of incident.
    pub struct Severity {
        pub id: PartId,
        pub title: String,
        /// What is broken.
        pub means: String,
        /// How many users it meets.
        pub users: String,
        /// Whether there is a way around it.
        pub workaround: Option<bool>,
        pub respond: Response,
    }
}
