//! What each figure means, in words and with a version: a figure without its definition is a rumour.

use super::figure::{FigureName, Unit};

/// The version by which reports are made now. Raise it with any change of meaning, and say from when in [`HISTORY`].
pub const DEFINITION: u16 = 1;

/// Versions of the definitions: charts mark where one ends and the next begins.
pub const HISTORY: [(u16, &str); 1] = [(1, "As published with this version of Pilothouse.")];

impl FigureName {
    pub fn title(self) -> &'static str {
        match self {
            Self::ChangeLeadTime => "Change lead time",
            Self::DeploymentFrequency => "Deployment frequency",
            Self::FailedDeploymentRecoveryTime => "Failed deployment recovery time",
            Self::ChangeFailRate => "Change fail rate",
            Self::DeploymentReworkRate => "Deployment rework rate",
            Self::MergeLeadTime => "Merge to production",
            Self::DeploymentDuration => "Deployment duration",
            Self::ReleaseDuration => "Release duration",
            Self::ApprovalWait => "Approval wait",
            Self::HotfixTime => "Time to hotfix",
            Self::TimeToRestore => "Time to restore",
            Self::TimeToRollback => "Time to roll back",
            Self::RollbackDetection => "Rollback: detection",
            Self::RollbackDecision => "Rollback: decision",
            Self::RollbackExecution => "Rollback: execution",
            Self::RollbackVerification => "Rollback: verification",
            Self::RollbackRate => "Rollback rate",
            Self::RolloutFailureRate => "Rollout failure rate",
            Self::PostReleaseIssues => "Issues within 48 hours",
        }
    }

    /// How the rows behind a figure make it again.
    pub fn rule(self) -> &'static str {
        match self.unit() {
            Unit::Seconds => {
                "The median of the values: the middle one, or the mean of the two middle ones. Rows without a value were left out."
            }
            Unit::PerDay => "The sum of the values divided by the days of the period, each of 86 400 seconds.",
            Unit::Ratio | Unit::PerRelease => "The mean of the values. Rows without a value were left out.",
        }
    }

    /// One paragraph for the page, the export and the description of REST.
    pub fn definition(self) -> &'static str {
        match self {
            Self::ChangeLeadTime => {
                "Median of the time from commit to the end of the first successful deployment in this environment that \
                 holds the change; the deployment ended in the period. Changes of the product's first deployment and \
                 spans that end before they begin are left out and counted."
            }
            Self::DeploymentFrequency => {
                "Successful deployments that ended in the period, per day of 24 hours. Hotfixes and rollbacks count \
                 unless switched off."
            }
            Self::FailedDeploymentRecoveryTime => {
                "Median over the period's failed deployments of the time from their end to recovery: the end of the last \
                 incident that names the deployment, or, where none does, the end of the earliest hotfix or rollback of \
                 it. With an incident still open it has not recovered; it is left out and counted. Where the last \
                 incident ended before the deployment did, the span is negative and counts as it is."
            }
            Self::ChangeFailRate => {
                "Failed deployments of all successful deployments that ended in the period. A deployment failed when an \
                 incident names it or a later successful hotfix or rollback repairs it; nearness in time only suggests \
                 that. Nothing when there were no deployments."
            }
            Self::DeploymentReworkRate => {
                "Hotfixes and rollbacks of all successful deployments that ended in the period. Nothing when there were \
                 no deployments."
            }
            Self::MergeLeadTime => {
                "As change lead time, from merge instead of commit. Changes without a known merge are left out and \
                 counted."
            }
            Self::DeploymentDuration => {
                "Median of the time from start to end of successful deployments that ended in the period. Those of which \
                 only the end was reported are left out and counted."
            }
            Self::ReleaseDuration => {
                "Median of the time from the start of the release to its verification in this environment, or to the end \
                 of its deployment where nobody verified it; rollbacks left out."
            }
            Self::ApprovalWait => {
                "Median of the time from the request for approval to the last approval needed, over deployments that \
                 ended in the period."
            }
            Self::HotfixTime => {
                "Median of the time from detection to the end of the hotfix; where nobody noted the detection, from the \
                 start of the first incident that names what the hotfix repairs."
            }
            Self::TimeToRestore => {
                "Median of the time from start to end of incidents that began in the period, whether or not they name a \
                 deployment. Open ones are left out and counted."
            }
            Self::TimeToRollback => {
                "Median of the time from the fault (where unknown, its detection) to the verification of the rollback \
                 (where nobody verified it, its execution), over rollbacks that ended in the period."
            }
            Self::RollbackDetection => "Median of the time from the fault to its detection.",
            Self::RollbackDecision => "Median of the time from detection to the decision to roll back.",
            Self::RollbackExecution => "Median of the time from the decision to the end of the change of traffic.",
            Self::RollbackVerification => "Median of the time from execution to verification.",
            Self::RollbackRate => {
                "Deployments of something new that a later rollback took back, of all that ended in the period."
            }
            Self::RolloutFailureRate => {
                "Rollouts that did not succeed, of all that ended in the period, successful or not."
            }
            Self::PostReleaseIssues => {
                "Incidents within 48 hours after deployments of something new, per deployment. An incident belongs to \
                 the deployment that it names, or else to the last one before it. Deployments younger than 48 hours are \
                 left out and counted."
            }
        }
    }
}
