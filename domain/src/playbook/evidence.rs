//! What the system can see for itself, and what a release must carry.

use super::{
    names::PartId,
    read::{record, words},
};

words! {
    /// Something the system verifies by its own records.
    pub enum Verified {
        ChecksGreen = "checks_green",
        ReviewsDone = "reviews_done",
        VersionSet = "version_set",
        ChangelogPresent = "changelog_present",
        NotesPresent = "notes_present",
        NotesPublished = "notes_published",
        KnownIssuesPresent = "known_issues_present",
        RollbackTargetKnown = "rollback_target_known",
        FlagsConfigured = "flags_configured",
        MigrationsApplied = "migrations_applied",
        StagingDeployed = "staging_deployed",
        ProductionDeployed = "production_deployed",
        StagesComplete = "stages_complete",
        ApprovalsComplete = "approvals_complete",
        SignOffGiven = "sign_off_given",
        MessageSent = "message_sent",
        TagExists = "tag_exists",
        StatusPageUpdated = "status_page_updated",
        ScanClean = "scan_clean",
        ArtifactsSigned = "artifacts_signed",
        ChangeTicketLinked = "change_ticket_linked",
        AuditComplete = "audit_complete",
        FreezeInEffect = "freeze_in_effect",
        WindowSet = "window_set",
        OnCallKnown = "on_call_known",
        BackupTaken = "backup_taken",
        ThresholdsKept = "thresholds_kept",
        HealthGood = "health_good",
        SloWithinBudget = "slo_within_budget",
        NoAlerts = "no_alerts",
        RetrospectiveBooked = "retrospective_booked",
    }
}

words! {
    /// What a person attaches to an item.
    pub enum Proof {
        Link = "link",
        Upload = "upload",
        Note = "note",
    }
}

record! {
    /// Evidence that every release must carry.
    pub struct Evidence {
        pub id: PartId,
        pub title: String,
        /// Seen by the system; otherwise a person attaches it.
        pub verified_by: Option<Verified>,
        pub proof: Option<Proof>,
    }
    check Evidence::sound;
}

impl Evidence {
    fn sound(&self, value: &super::read::Value<'_>, reader: &mut super::read::Reader) {
        if self.verified_by.is_none() && self.proof.is_none() {
            reader.contradiction(
                value,
                "proof",
                "is missing: either the system verifies it or a person attaches something",
            );
        }
    }
}
