//! What must be so before a release enters an environment.

use super::{
    approval::Quorum,
    condition::Condition,
    names::{ChecklistId, GateId, MessageId},
    read::{Reader, Value, choice, record, words},
    span::Span,
};
use crate::slug::{EnvName, RoleId, TypeId};

words! {
    /// How bad a finding is.
    pub enum Gravity {
        Critical = "critical",
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}

words! {
    /// What of the calendar a gate heeds.
    pub enum CalendarPart {
        Train = "train",
        Freeze = "freeze",
        Blackout = "blackout",
        Maintenance = "maintenance",
    }
}

record! {
    /// A version must have been in another environment.
    pub struct Stayed {
        pub environment: EnvName => Environment,
        /// At least so long.
        pub soak: Option<Span>,
    }
}

record! {
    /// Someone's word that it was looked at.
    pub struct SignOff {
        /// Any one of these.
        pub roles: Vec<RoleId> => Approver,
        pub about: String,
    }
}

record! {
    /// A way back.
    pub struct RollbackPlan {
        /// It was tried.
        pub tested: bool,
    }
}

choice! {
    /// What a gate asks for.
    pub enum Needs {
        /// CI reported these checks as passed.
        Checks(Vec<String>) = "checks",
        /// So many reviewers approved the change.
        Reviews(u8) = "reviews",
        /// The branch holds everything its target does.
        BranchUpToDate = "branch_up_to_date",
        /// All commits follow the convention.
        ConventionalCommits = "conventional_commits",
        /// A role looked at it and says so.
        SignOff(SignOff) = "sign_off",
        /// The roles that the release type names.
        TypeApprovals = "type_approvals",
        /// A number of roles out of a group.
        Approval(Quorum) = "approval",
        /// The business says yes.
        BusinessApproval(Quorum) = "business_approval",
        /// A change ticket, by its id and link.
        ChangeTicket = "change_ticket",
        /// These messages were sent.
        Communication(Vec<MessageId>) = "communication" => Message,
        /// Every item is ticked or not applicable.
        Checklist(ChecklistId) = "checklist" => Checklist,
        /// It is deployed in another environment and did well there.
        DeployedIn(Stayed) = "deployed_in",
        /// The calendar is open.
        Calendar(Vec<CalendarPart>) = "calendar",
        /// Those concerned knew this long before.
        Notice(Span) = "notice",
        /// There is error budget left.
        SloBudget = "slo_budget",
        /// Migrations are applied in order, and contract does not come with its expand.
        Migrations = "migrations",
        /// Every flag that the release needs is there.
        FlagsConfigured = "flags_configured",
        /// A scan without findings of these gravities.
        SecurityScan(Vec<Gravity>) = "security_scan",
        /// Artifacts are signed.
        SignedArtifacts = "signed_artifacts",
        /// Every piece of evidence is there.
        Evidence = "evidence",
        /// A backup was taken.
        Backup = "backup",
        /// A rollback plan is written.
        RollbackPlan(RollbackPlan) = "rollback_plan",
        /// Benchmarks are met.
        Benchmarks = "benchmarks",
        /// The clock of a vulnerability has not run out.
        VulnerabilityClock = "vulnerability_clock",
    }
}

record! {
    /// A gate before one or more environments.
    pub struct Gate {
        pub id: GateId,
        pub title: String,
        pub environments: Vec<EnvName> => Environment,
        /// Whom it waits for.
        pub owner: RoleId => Role,
        pub needs: Needs,
        /// Only for these types; all when empty.
        pub types: Vec<TypeId> => Type,
        /// Only when this is so.
        pub when: Option<Condition>,
    }
    check Gate::sound;
}

impl Gate {
    /// Whether it stands before `environment` for a release of type `kind`.
    pub fn stands(&self, environment: &EnvName, kind: &TypeId) -> bool {
        self.environments.contains(environment) && (self.types.is_empty() || self.types.contains(kind))
    }

    /// The roles that may answer its question, where it asks people one.
    pub fn signers(&self) -> Option<&[RoleId]> {
        match &self.needs {
            Needs::SignOff(sign_off) => Some(&sign_off.roles),
            Needs::Approval(quorum) | Needs::BusinessApproval(quorum) => Some(&quorum.roles),
            _ => None,
        }
    }

    /// Whether it waits for people to look at the release and agree.
    pub fn asks_people(&self) -> bool {
        self.needs == Needs::TypeApprovals || self.signers().is_some()
    }

    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.environments.is_empty() {
            reader.contradiction(value, "environments", "is empty; a gate stands before at least one environment");
        }
        let empty = match &self.needs {
            Needs::Checks(names) => names.is_empty(),
            Needs::Communication(names) => names.is_empty(),
            Needs::Calendar(parts) => parts.is_empty(),
            Needs::SecurityScan(gravities) => gravities.is_empty(),
            Needs::SignOff(sign_off) => sign_off.roles.is_empty(),
            Needs::DeployedIn(stayed) if self.environments.contains(&stayed.environment) => {
                reader.contradiction(
                    value,
                    "needs",
                    format!("waits for “{}”, which it stands before", stayed.environment),
                );
                false
            }
            _ => false,
        };
        if empty {
            reader.contradiction(value, "needs", "names nothing; a gate asks for at least one thing");
        }
    }
}
