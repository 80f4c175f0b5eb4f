//! A figure as it is told: its value, what it rests on, what was left out, how it moved.

use super::series::Reason;
use serde::{Deserialize, Serialize};

/// Everything that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureName {
    ChangeLeadTime,
    DeploymentFrequency,
    FailedDeploymentRecoveryTime,
    ChangeFailRate,
    DeploymentReworkRate,
    MergeLeadTime,
    DeploymentDuration,
    ReleaseDuration,
    ApprovalWait,
    HotfixTime,
    TimeToRestore,
    TimeToRollback,
    RollbackDetection,
    RollbackDecision,
    RollbackExecution,
    RollbackVerification,
    RollbackRate,
    RolloutFailureRate,
    PostReleaseIssues,
}

impl FigureName {
    /// The five of DORA, in the order in which they are shown.
    pub const FIVE: [Self; 5] = [
        Self::ChangeLeadTime,
        Self::DeploymentFrequency,
        Self::FailedDeploymentRecoveryTime,
        Self::ChangeFailRate,
        Self::DeploymentReworkRate,
    ];

    /// What needs no further source.
    pub const ALSO: [Self; 14] = [
        Self::MergeLeadTime,
        Self::DeploymentDuration,
        Self::ReleaseDuration,
        Self::ApprovalWait,
        Self::HotfixTime,
        Self::TimeToRestore,
        Self::TimeToRollback,
        Self::RollbackDetection,
        Self::RollbackDecision,
        Self::RollbackExecution,
        Self::RollbackVerification,
        Self::RollbackRate,
        Self::RolloutFailureRate,
        Self::PostReleaseIssues,
    ];

    /// As in addresses and exports.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChangeLeadTime => "change_lead_time",
            Self::DeploymentFrequency => "deployment_frequency",
            Self::FailedDeploymentRecoveryTime => "failed_deployment_recovery_time",
            Self::ChangeFailRate => "change_fail_rate",
            Self::DeploymentReworkRate => "deployment_rework_rate",
            Self::MergeLeadTime => "merge_lead_time",
            Self::DeploymentDuration => "deployment_duration",
            Self::ReleaseDuration => "release_duration",
            Self::ApprovalWait => "approval_wait",
            Self::HotfixTime => "hotfix_time",
            Self::TimeToRestore => "time_to_restore",
            Self::TimeToRollback => "time_to_rollback",
            Self::RollbackDetection => "rollback_detection",
            Self::RollbackDecision => "rollback_decision",
            Self::RollbackExecution => "rollback_execution",
            Self::RollbackVerification => "rollback_verification",
            Self::RollbackRate => "rollback_rate",
            Self::RolloutFailureRate => "rollout_failure_rate",
            Self::PostReleaseIssues => "post_release_issues",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|figure| figure.name() == name)
    }

    pub fn all() -> impl Iterator<Item = Self> {
        Self::FIVE.into_iter().chain(Self::ALSO)
    }

    pub fn unit(self) -> Unit {
        match self {
            Self::DeploymentFrequency => Unit::PerDay,
            Self::ChangeFailRate | Self::DeploymentReworkRate | Self::RollbackRate | Self::RolloutFailureRate => {
                Unit::Ratio
            }
            Self::PostReleaseIssues => Unit::PerRelease,
            _ => Unit::Seconds,
        }
    }

    /// Whether more is better; of everything else less is.
    pub fn more_is_better(self) -> bool {
        self == Self::DeploymentFrequency
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Seconds,
    PerDay,
    /// From 0 to 1.
    Ratio,
    PerRelease,
}

/// What a stretch of time says of one figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Nothing where there is nothing to divide by or to take the middle of; that is not zero.
    pub value: Option<f64>,
    /// How many samples or deployments stand behind it.
    pub n: u64,
    /// Of a rate: how many of them count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
}

/// How many were left out, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    pub reason: Reason,
    pub n: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub unit: Unit,
    #[serde(flatten)]
    pub point: Point,
    pub excluded: Vec<Excluded>,
    pub trend: Trend,
    /// Of times only, and only when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
    /// One for each bucket of the report.
    pub points: Vec<Point>,
}

impl Figure {
    pub fn excluded(&self, reason: Reason) -> u64 {
        self.excluded.iter().find(|excluded| excluded.reason == reason).map_or(0, |excluded| excluded.n)
    }
}

/// Against the period before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    pub before: Point,
    /// Now less then; nothing when one of the two is nothing.
    pub difference: Option<f64>,
    pub direction: Direction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Better,
    Worse,
    Same,
    /// One of the two periods has no value.
    Unknown,
}

impl Trend {
    pub(super) fn new(name: FigureName, now: &Point, before: Point) -> Self {
        let difference = now.value.zip(before.value).map(|(now, before)| now - before);
        let direction = match difference {
            None => Direction::Unknown,
            Some(0.0) => Direction::Same,
            Some(more) if (more > 0.0) == name.more_is_better() => Direction::Better,
            Some(_) => Direction::Worse,
        };
        Self { before, difference, direction }
    }
}

/// How samples spread, all in seconds. The p-th percentile is the smallest sample that at least p % do not exceed; the
/// median alone is the mean of the two middle ones when their number is even.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub smallest: f64,
    pub p50: f64,
    pub p75: f64,
    pub p90: f64,
    pub p95: f64,
    pub largest: f64,
    pub bins: Vec<Bin>,
}

/// Samples from the end of the bin before up to here, this end not included; no end for the last.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    pub below: Option<f64>,
    pub n: u64,
}

#[cfg(test)]
mod tests {
    use super::FigureName;

    #[test]
    fn names_are_the_same_in_addresses_and_in_json() {
        for figure in FigureName::all() {
            assert_eq!(serde_json::to_value(figure).expect("JSON"), figure.name());
            assert_eq!(FigureName::named(figure.name()), Some(figure));
        }
    }
}
