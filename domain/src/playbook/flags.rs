//! Feature flags and kill switches.

use super::{
    names::PartId,
    read::{record, words},
    template::Template,
};

words! {
    /// What a flag is for.
    pub enum FlagKind {
        /// Hides what is not finished.
        Release = "release",
        /// Compares two ways.
        Experiment = "experiment",
        /// Turns something off at once.
        KillSwitch = "kill_switch",
        /// Changes a setting.
        Configuration = "configuration",
    }
}

words! {
    /// A rule that flags keep.
    pub enum FlagRule {
        SingleSource = "single_source",
        EffectiveAtOnce = "effective_at_once",
        Audited = "audited",
        RoleBased = "role_based",
        /// Guarded on the server, with a path to fall back to.
        ServerGuardWithFallback = "server_guard_with_fallback",
        FrontEndHook = "front_end_hook",
    }
}

record! {
    /// Where flags are kept.
    pub struct FlagStore {
        pub table: String,
        pub fields: Vec<String>,
    }
}

record! {
    /// How flags are used.
    pub struct Flags {
        pub kinds: Vec<FlagKind>,
        pub rules: Vec<FlagRule>,
        pub store: Option<FlagStore>,
    }
}

words! {
    /// What a kill switch turns off.
    pub enum KillEffect {
        ApiOff = "api_off",
        DatabaseWritesOff = "database_writes_off",
        FeatureOff = "feature_off",
        MaintenanceMode = "maintenance_mode",
    }
}

record! {
    /// Turns something off at once.
    pub struct KillSwitch {
        pub id: PartId,
        pub title: String,
        pub effect: KillEffect,
        /// What it reaches.
        pub reach: String,
        /// What people see meanwhile.
        pub message: Option<Template>,
    }
}
