//! The moments at which a step must survive the end of the process, so that a test can end it there.

use crate::World;
use domain::{
    journal::{Envelope, Fact},
    rollout::Event,
};
use std::sync::{Arc, OnceLock};

/// Where it may end; beside these, the other side can end it while the call is in flight or before its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CrashPoint {
    BeforeIntent,
    AfterIntent,
    ReplyUnrecorded,
    /// What the other side said is in the record, and nobody was told.
    RecordedUnannounced,
    /// Open pages know; the engine does not know yet that the step is off its hands.
    AnnouncedUnmarked,
}

impl CrashPoint {
    pub const ALL: [Self; 5] = [
        Self::BeforeIntent,
        Self::AfterIntent,
        Self::ReplyUnrecorded,
        Self::RecordedUnannounced,
        Self::AnnouncedUnmarked,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeIntent => "before_intent",
            Self::AfterIntent => "after_intent",
            Self::ReplyUnrecorded => "reply_unrecorded",
            Self::RecordedUnannounced => "recorded_unannounced",
            Self::AnnouncedUnmarked => "announced_unmarked",
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

/// Between the commit of `envelopes` and their announcement; `world` is the one they led to.
pub(crate) fn committed(world: &World, envelopes: &[Arc<Envelope>]) {
    if ARMED.get().is_none() {
        return;
    }
    for envelope in envelopes {
        if let Fact::Rollout(Event::StepAccepted { id, step, .. } | Event::StepEnded { id, step, .. }) = &envelope.fact
            && let Some(step) = world.rollout(*id).and_then(|rollout| rollout.step(*step))
        {
            CrashPoint::RecordedUnannounced.reached(step.planned.action.kind().name());
        }
    }
}
