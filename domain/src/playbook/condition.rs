//! When an item, a gate or a section applies.

use super::read::words;

words! {
    /// What must be so about a release for a thing to apply; otherwise it is marked "not applicable", with a reason.
    pub enum Condition {
        /// A person decides whether it applies.
        IfApplicable = "if_applicable",
        BreakingChange = "breaking_change",
        Migrations = "migrations",
        Flags = "flags",
        ConfigChange = "config_change",
        UserFacing = "user_facing",
        CustomerFacing = "customer_facing",
        UiChange = "ui_change",
        Sensitive = "sensitive",
        PerformanceCritical = "performance_critical",
        SignificantTrafficChange = "significant_traffic_change",
        BigChange = "big_change",
        MajorRelease = "major_release",
        HighRisk = "high_risk",
        LowRisk = "low_risk",
        NeedsBackfill = "needs_backfill",
        IfNeeded = "if_needed",
        Compatible = "compatible",
    }
}

impl Condition {
    /// Whether a person settles it gate by gate and item by item, rather than once for the release.
    pub fn is_settled_by_gate(self) -> bool {
        matches!(self, Self::IfApplicable | Self::IfNeeded)
    }
}
