//! The environments a release passes through, in order.

use super::{
    names::StrategyId,
    read::{Reader, Value, record, words},
};
use crate::slug::EnvName;

words! {
    /// What starts a deployment.
    pub enum Trigger {
        /// Each merge to the environment's branch.
        OnMerge = "on_merge",
        /// Each pull request.
        OnPullRequest = "on_pull_request",
        /// A person.
        Manual = "manual",
        /// A person, after approval.
        ManualApproval = "manual_approval",
        /// A person promotes what was merged.
        ManualPromotion = "manual_promotion",
        /// The calendar's train.
        Train = "train",
    }
}

words! {
    /// Who decides on a rollback, and who carries it out.
    pub enum RollbackMode {
        /// A failure rolls back by itself.
        AutomaticOnFailure = "automatic_on_failure",
        /// A person decides, the machine carries it out.
        ManualDecision = "manual_decision",
        /// Triggers decide by themselves, and a person may.
        AutomaticAndManual = "automatic_and_manual",
    }
}

record! {
    /// A place where the product runs. What it requires are the gates that name it.
    pub struct Environment {
        /// Its name in addresses and commands.
        pub name: EnvName,
        /// What it is for.
        pub purpose: String,
        pub trigger: Option<Trigger>,
        /// Another trigger that an administrator may switch to.
        pub switchable_to: Option<Trigger>,
        pub rollback: Option<RollbackMode>,
        /// The branch it is fed from.
        pub branch: Option<String>,
        /// Who works with it.
        pub used_by: Vec<String>,
        /// One address that every deployment shares.
        pub shared_address: bool,
        /// The strategies that may be chosen here; all when empty.
        pub strategies: Vec<StrategyId> => Strategy,
    }
    check Environment::sound;
}

impl Environment {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.switchable_to.is_some() && self.switchable_to == self.trigger {
            reader.contradiction(value, "switchable_to", "is the trigger already in use");
        }
    }
}
