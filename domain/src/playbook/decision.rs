//! The matrix that says what to do about a fault after a release.

use super::{
    amount::Percent,
    names::PartId,
    read::{Reader, Value, choice, record, words},
    span::Span,
};

words! {
    /// What is done.
    pub enum Action {
        RollBack = "roll_back",
        /// Look first, then roll back.
        AssessThenRollBack = "assess_then_roll_back",
        HotfixOrRollBack = "hotfix_or_roll_back",
        FixInNextRelease = "fix_in_next_release",
    }
}

choice! {
    /// By when.
    pub enum Deadline {
        Within(Span) = "within",
        NextCycle = "next_cycle",
    }
}

record! {
    /// A row of the matrix.
    pub struct Decision {
        pub severity: PartId,
        /// More users than this are met.
        pub users_over: Option<Percent>,
        /// At most so many users are met.
        pub users_up_to: Option<Percent>,
        /// In words, where no share is given.
        pub impact: Option<String>,
        pub action: Action,
        pub by: Deadline,
    }
    check Decision::sound;
}

impl Decision {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.users_over.is_none() && self.users_up_to.is_none() && self.impact.is_none() {
            reader.contradiction(value, "impact", "is missing: how many users does it meet?");
        }
        if let (Some(over), Some(up_to)) = (self.users_over, self.users_up_to)
            && over >= up_to
        {
            reader.contradiction(value, "users_up_to", format!("is not more than {over}"));
        }
    }
}
