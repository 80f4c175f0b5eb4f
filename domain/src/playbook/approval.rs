//! Who must say yes.

use super::read::record;
use crate::slug::{EnvName, RoleId};

record! {
    /// So many holders of a role must approve.
    pub struct Requirement {
        /// The role, which must have the permission to approve.
        pub role: RoleId => Approver,
        /// How many different people.
        #[serde(default = "one", skip_serializing_if = "is_one")]
        pub count: u8 = 1,
    }
}

fn one() -> u8 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_one(count: &u8) -> bool {
    *count == 1
}

record! {
    /// A group of roles of which a number must say yes.
    pub struct Quorum {
        pub roles: Vec<RoleId> => Approver,
        /// How many of them; all when left out.
        pub quorum: Option<u8>,
    }
    check Quorum::reachable;
}

impl Quorum {
    /// How many roles must say yes.
    pub fn needed(&self) -> usize {
        self.quorum.map_or(self.roles.len(), usize::from)
    }

    fn reachable(&self, value: &super::read::Value<'_>, reader: &mut super::read::Reader) {
        if self.roles.is_empty() {
            reader.contradiction(value, "roles", "names nobody; at least one role is needed");
        } else if self.needed() > self.roles.len() {
            reader.contradiction(value, "quorum", format!("cannot be reached with {} roles", self.roles.len()));
        }
    }
}

record! {
    /// The rules that hold for all approvals.
    pub struct ApprovalRules {
        /// Environments in which whoever wrote a release may also approve it. Nobody may, unless listed.
        pub author_may_approve_in: Vec<EnvName> => Environment,
        /// The team may give a release more time whatever the date says; any member may place a hold.
        pub anyone_may_hold: bool = true,
        /// What decides between go and no-go is written down beforehand.
        pub explicit_criteria: bool,
    }
}

impl ApprovalRules {
    /// What holds when a playbook says nothing.
    pub(super) fn strict() -> Self {
        Self { author_may_approve_in: Vec::new(), anyone_may_hold: true, explicit_criteria: false }
    }
}
