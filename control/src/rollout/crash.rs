//! The moments at which a step must survive the end of the process, so that a test can end it there.

use std::sync::OnceLock;

/// Where it may end; beside these, the other side can end it while the call is in flight or before its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    BeforeIntent,
    AfterIntent,
    ReplyUnrecorded,
    RecordedUnannounced,
}

impl CrashPoint {
    pub const ALL: [Self; 4] =
        [Self::BeforeIntent, Self::AfterIntent, Self::ReplyUnrecorded, Self::RecordedUnannounced];

    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeIntent => "before_intent",
            Self::AfterIntent => "after_intent",
            Self::ReplyUnrecorded => "reply_unrecorded",
            Self::RecordedUnannounced => "recorded_unannounced",
        }
    }

    /// Ends the process here if this is where it shall end.
    pub(super) fn reached(self, action: &str) {
        if let Some((point, of)) = ARMED.get()
            && *point == self
            && (of == "*" || of == action)
        {
            tracing::error!(point = self.name(), action, "ending here, as a test asked for");
            std::process::abort();
        }
    }
}

static ARMED: OnceLock<(CrashPoint, String)> = OnceLock::new();

/// From now on the process ends at this point of a step with this action (`*`: of any). Called by builds for tests only.
pub fn arm(point: CrashPoint, action: String) {
    let _ = ARMED.set((point, action));
}
